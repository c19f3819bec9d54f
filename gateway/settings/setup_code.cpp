// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/setup_code.h"

#include <sodium.h>

#include <filesystem>

#include "gateway/settings/private_file.h"
#include "models/base/sha256.h"

namespace gapura::gateway {
namespace {

constexpr char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // without I, L, O, U, which are misread
constexpr int characters = 12;
constexpr std::size_t shown_size = 14;  // with two hyphens

std::string path_in(const std::string& folder) { return folder + "/setup-code.sha256"; }

}  // namespace

std::string make_setup_code() {
  if (sodium_init() < 0) return "";  // no randomness: an empty code matches nothing
  std::string code;
  for (int i = 0; i < characters; ++i) {
    if (i > 0 && i % 4 == 0) code += '-';
    code += alphabet[randombytes_uniform(32)];
  }
  return code;
}

std::string normalise_setup_code(std::string_view typed) {
  std::string code;
  for (char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    if (code.size() % 5 == 4) code += '-';
    code += c;
  }
  return code;
}

Status store_setup_code(const std::string& folder, const std::string& code) {
  const std::string normalised = normalise_setup_code(code);
  if (normalised.size() != shown_size) return fail(ErrorKind::bug, "a setup code has twelve characters");
  return write_file(path_in(folder), sha256_hex(normalised) + "\n", 0400);
}

bool has_setup_code(const std::string& folder) {
  std::error_code error;
  return std::filesystem::is_regular_file(path_in(folder), error);
}

bool setup_code_matches(const std::string& folder, std::string_view typed) {
  const auto kept = read_small_file(path_in(folder));
  const std::string normalised = normalise_setup_code(typed.substr(0, 64));
  const std::string hash = sha256_hex(normalised);
  if (!kept || kept->size() != hash.size() + 1 || normalised.size() != shown_size) return false;
  return sodium_memcmp(kept->data(), hash.data(), hash.size()) == 0;
}

Status forget_setup_code(const std::string& folder) {
  std::error_code error;
  std::filesystem::remove(path_in(folder), error);
  if (error) return fail(ErrorKind::storage, "cannot remove " + path_in(folder) + ": " + error.message());
  return {};
}

}  // namespace gapura::gateway
