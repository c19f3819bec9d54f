// SPDX-License-Identifier: Apache-2.0
// The sentences of config/locale in one language, for paper and the command line. What does not fit id.json does not
// compile: a key or a place that it lacks, a place that is not filled, or one that counts filled with a text.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace gapura::gateway {

// The sentences of a language by their keys, in the order of these. The first language is Bahasa Indonesia, which has them
// all.
struct Catalogue {
  std::string_view tag;
  std::span<const std::pair<std::string_view, std::string_view>> sentences;
};
extern const std::span<const Catalogue> catalogues;  // made from config/locale by main.cpp
std::vector<std::string> languages();                // their tags

// What a sentence of id.json takes: the name of each place with a blank after it, and '#' before it where the place counts.
struct SentenceRow {
  std::string_view key, places;
};
inline constexpr SentenceRow sentence_rows[] = {
#include <gapura_sentences.inc>
};

// A sentence that takes values of these types, and the names of the places for them, in their order.
template <class... Value>
class Sentence {
 public:
  template <class... Name>
  consteval Sentence(const char* key, Name... names) : key_(key), names_{names...} {
    static_assert(sizeof...(Name) == sizeof...(Value), "a sentence takes one value for each place");
    const std::string_view places = places_of(key);
    (check(places, names, std::is_integral_v<Value>), ...);
    std::size_t count = 0;
    for (const char c : places) count += c == ' ';
    if (count != sizeof...(Value)) throw "a place of this sentence in config/locale/id.json is not filled";
  }
  std::string_view key() const { return key_; }
  const auto& names() const { return names_; }

 private:
  static constexpr std::string_view places_of(std::string_view key) {
    std::size_t low = 0, high = std::size(sentence_rows);
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      (sentence_rows[middle].key < key ? low : high) = sentence_rows[middle].key < key ? middle + 1 : middle;
    }
    if (low == std::size(sentence_rows) || sentence_rows[low].key != key)
      throw "config/locale/id.json has no sentence with this key";
    return sentence_rows[low].places;
  }
  static constexpr void check(std::string_view places, std::string_view name, bool counts) {
    while (!places.empty()) {
      const std::string_view place = places.substr(0, places.find(' '));
      places.remove_prefix(place.size() + 1);
      const bool is_count = place[0] == '#';
      if (place.substr(is_count ? 1 : 0) != name) continue;
      if (is_count && !counts) throw "this place counts: it takes a number";
      return;
    }
    throw "this sentence of config/locale/id.json has no place with this name";
  }

  std::string_view key_;
  std::array<const char*, sizeof...(Value)> names_;
};

// One language. Cheap to copy; every function may be called on any thread.
class Words {
 public:
  explicit Words(std::string_view tag = "id");  // Bahasa Indonesia where there is no catalogue for the tag

  std::string_view tag() const { return own_->tag; }
  // words("paper.return_badge"), words({"badge.valid_until", "time"}, until). What this language lacks is said in Bahasa
  // Indonesia.
  template <class... Value>
  std::string operator()(std::type_identity_t<Sentence<Value...>> sentence, const Value&... values) const {
    const std::array<Place, sizeof...(Value)> places{place(values)...};
    return filled(sentence.key(), sentence.names(), places);
  }
  // The same, then " / " and the second language, for papers that others read too. A label begins there with a small
  // letter.
  template <class... Value>
  std::string both(std::type_identity_t<Sentence<Value...>> sentence, const Value&... values) const {
    return with_second((*this)(sentence, values...), second()(sentence, values...));
  }
  // English, or Bahasa Indonesia where this is English.
  Words second() const { return Words(tag() == "en" ? "id" : "en"); }

  // The sentence of a code that comes from elsewhere, by its key's beginning ("state."). An unknown code is returned as it
  // is: it may be of a newer version.
  std::string coded(std::string_view beginning, const std::string& code) const;
  std::string number(std::int64_t value) const;      // 1.234, or 1,234
  std::string upper(const std::string& text) const;  // in capitals

 private:
  using Place = std::variant<std::string, std::int64_t>;
  template <class Value>
  static Place place(const Value& value) {
    if constexpr (std::is_integral_v<Value>)
      return static_cast<std::int64_t>(value);
    else
      return std::string(value);
  }
  std::string filled(std::string_view key, std::span<const char* const> names, std::span<const Place> places) const;
  static std::string with_second(const std::string& first, std::string second);

  const Catalogue* own_;
};

// "2026-01-31T08:15:02.123+07:00" → "31.01.2026 08:15", in every language; any other text is returned as it is.
std::string short_time(const std::string& rfc3339);

}  // namespace gapura::gateway
