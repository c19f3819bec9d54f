// SPDX-License-Identifier: Apache-2.0
#include "models/base/invariant.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace gapura {
namespace {

void print_broken(const BrokenInvariant& broken) {
  std::fprintf(stderr, "broken invariant: %s (%s:%d)\n", broken.relied_on, broken.file, broken.line);
}

std::atomic<InvariantHandler> current_handler{&print_broken};

// The compiler's path without what is before the library's folder.
const char* below_source(const char* file) {
  const std::string_view path(file);
  std::size_t from = 0;
  for (const std::string_view folder : {"/models/", "/drivers/", "/gateway/"})
    if (const auto at = path.rfind(folder); at != std::string_view::npos && at + 1 > from) from = at + 1;
  return file + from;
}

}  // namespace

InvariantHandler set_invariant_handler(InvariantHandler handler) {
  return current_handler.exchange(handler ? handler : &print_broken);
}

void break_invariant(const char* file, int line, const char* relied_on) {
  current_handler.load()({below_source(file), line, relied_on});
  std::abort();
}

}  // namespace gapura
