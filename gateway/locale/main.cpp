// SPDX-License-Identifier: Apache-2.0
// compile_catalogues FOLDER FILE…: reads the catalogues (config/locale/*.json) and writes FOLDER/catalogues.cpp, their
// sentences, and FOLDER/gapura_sentences.inc, what each sentence of id.json takes. Run by the build, which it ends with a
// sentence for each mistake: so the program that carries them has none to report. gateway/console/locale.mjs holds the
// console's to the same rules.
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

using Places = std::map<std::string, bool>;  // by name: does it count?
using Sentences = std::map<std::string, std::string>;
constexpr const char* first_tag = "id";

std::string text_of_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Sentences read_catalogue(const fs::path& file) {
  boost::system::error_code code;
  const auto parsed = boost::json::parse(text_of_file(file), code);
  if (code) throw std::runtime_error("cannot be read as JSON: " + code.message());
  if (!parsed.is_object()) throw std::runtime_error("is not one object");
  Sentences sentences;
  for (const auto& [key, text] : parsed.get_object()) {
    if (!text.is_string()) throw std::runtime_error('"' + std::string(key) + "\" is no text");
    sentences[key] = text.get_string();
  }
  return sentences;
}

// Throws where ICU cannot read the sentence.
Places places_of(const std::string& key, const std::string& sentence) {
  const auto text = icu::UnicodeString::fromUTF8(sentence);
  UErrorCode status = U_ZERO_ERROR;
  UParseError where{};
  const icu::MessageFormat format(text, icu::Locale::getRoot(), where, status);
  const icu::MessagePattern pattern(text, &where, status);
  if (U_FAILURE(status))
    throw std::runtime_error('"' + key + "\" is no ICU message (" + u_errorName(status) + "): " + sentence);
  Places places;
  const auto part_text = [&](std::int32_t part) {
    std::string utf8;
    return pattern.getSubstring(pattern.getPart(part)).toUTF8String(utf8);
  };
  for (std::int32_t i = 0; i < pattern.countParts(); ++i) {
    const auto& part = pattern.getPart(i);
    if (part.getType() != UMSGPAT_PART_TYPE_ARG_START) continue;
    const auto kind = part.getArgType();
    places[part_text(i + 1)] |=
        UMSGPAT_ARG_TYPE_HAS_PLURAL_STYLE(kind) || (kind == UMSGPAT_ARG_TYPE_SIMPLE && part_text(i + 2) == "number");
  }
  return places;
}

// Throws at what the first catalogue does not have; `places` are the first's.
void check_catalogue(const Sentences& sentences, const std::map<std::string, Places>& known) {
  if (!sentences.contains("language.name"))
    throw std::runtime_error("\"language.name\" is missing: the language's name in itself");
  for (const auto& [key, text] : sentences) {
    const auto first = known.find(key);
    if (first == known.end()) throw std::runtime_error("nothing says \"" + key + "\"; id.json has all that is said");
    for (const auto& [name, counts] : places_of(key, text)) {
      const auto place = first->second.find(name);
      if (place == first->second.end())
        throw std::runtime_error('"' + key + "\" has a place for " + name + ", which id.json does not fill");
      if (counts && !place->second)
        throw std::runtime_error('"' + key + "\" counts " + name + ", which is a text in id.json");
    }
  }
}

std::string literal(const std::string& text) { return boost::json::serialize(boost::json::string(text)); }

void write_catalogues(const fs::path& file, const std::vector<std::pair<std::string, Sentences>>& all) {
  std::ofstream out(file, std::ios::binary);
  out << "// Made by compile_catalogues from config/locale.\n#include \"gateway/locale/words.h\"\n"
         "namespace gapura::gateway {\nnamespace {\nusing Row = std::pair<std::string_view, std::string_view>;\n";
  for (std::size_t i = 0; i < all.size(); ++i) {
    out << "constexpr Row sentences_" << i << "[] = {\n";
    for (const auto& [key, text] : all[i].second) out << "  {" << literal(key) << ", " << literal(text) << "},\n";
    out << "};\n";
  }
  out << "constexpr Catalogue list[] = {\n";
  for (std::size_t i = 0; i < all.size(); ++i) out << "  {" << literal(all[i].first) << ", sentences_" << i << "},\n";
  out << "};\n}  // namespace\nconst std::span<const Catalogue> catalogues{list};\n}  // namespace gapura::gateway\n";
  if (!out.flush()) throw std::runtime_error(file.string() + " cannot be written");
}

// Leaves the file as it is where it says the same, so that what includes it is not compiled again for another wording.
void write_rows(const fs::path& file, const std::map<std::string, Places>& known) {
  std::string rows;
  for (const auto& [key, places] : known) {
    std::string names;
    for (const auto& [name, counts] : places) names += (counts ? "#" : "") + name + ' ';
    rows += '{' + literal(key) + ", " + literal(names) + "},\n";
  }
  if (text_of_file(file) != rows) std::ofstream(file, std::ios::binary) << rows;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::cerr << "usage: compile_catalogues FOLDER FILE…\n", 2;
  std::vector<fs::path> files(argv + 2, argv + argc);
  std::ranges::sort(files, {}, [](const fs::path& file) { return std::pair(file.stem() != first_tag, file.stem()); });
  fs::path reading = files.front();
  try {
    if (reading.stem() != first_tag) throw std::runtime_error("id.json is missing, which has all sentences");
    std::vector<std::pair<std::string, Sentences>> all;
    std::map<std::string, Places> known;
    for (const auto& file : files) {
      reading = file;
      all.emplace_back(file.stem().string(), read_catalogue(file));
      if (known.empty())
        for (const auto& [key, text] : all.front().second) known[key] = places_of(key, text);
      check_catalogue(all.back().second, known);
    }
    write_catalogues(fs::path(argv[1]) / "catalogues.cpp", all);
    write_rows(fs::path(argv[1]) / "gapura_sentences.inc", known);
  } catch (const std::exception& error) {
    std::cerr << reading.string() << ": " << error.what() << '\n';
    return 1;
  }
  return 0;
}
