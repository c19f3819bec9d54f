// SPDX-License-Identifier: Apache-2.0
// Reads a file into a table, and holds what every reading collects.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <tuple>

#include "gateway/settings/section.h"

namespace gapura::gateway {
namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t largest_file = 1u << 20;  // a site has kilobytes; a larger file is another kind of file

std::optional<std::string> read_whole(Reading& reading) {
  std::error_code error;
  const fs::path path(reading.file);
  if (!fs::is_regular_file(path, error)) {
    reading.mistake({}, "", error ? "cannot be read: " + error.message() : "is no file");
    return std::nullopt;
  }
  if (fs::file_size(path, error) > largest_file) {
    reading.mistake({}, "", "is larger than 1 MiB; a configuration is not");
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) {
    reading.mistake({}, "", "cannot be read; look at its owner and permissions");
    return std::nullopt;
  }
  return text.str();
}

// toml++ stops at the first syntax error, so this mistake is reported alone.
std::optional<toml::table> parse(Reading& reading, const std::string& text) {
  try {
    return toml::parse(text, reading.file);
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    reading.mistake({static_cast<int>(begin.line), static_cast<int>(begin.column)}, "", std::string(error.description()));
    return std::nullopt;
  }
}

}  // namespace

void Reading::mistake(Place place, std::string key, std::string message) {
  mistakes.push_back({file, place.line, place.column, std::move(key), std::move(message)});
}

void Reading::sort() {
  const auto place = [this](const Mistake& m) {
    return std::tuple<bool, const std::string&, int, int>(m.file != file, m.file, m.line, m.column);
  };
  for (std::vector<Mistake>* list : {&mistakes, &warnings})
    std::stable_sort(list->begin(), list->end(), [&](const Mistake& a, const Mistake& b) { return place(a) < place(b); });
}

std::optional<toml::table> read_toml(Reading& reading, std::string* bytes) {
  const auto text = read_whole(reading);
  if (!text) return std::nullopt;
  if (bytes != nullptr) *bytes = *text;
  return parse(reading, *text);
}

}  // namespace gapura::gateway
