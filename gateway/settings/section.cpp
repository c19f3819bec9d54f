// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/section.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "models/base/text.h"

namespace gapura::gateway {
namespace {

Place place_of(const toml::source_region& source) {
  if (!source.begin) return {};
  return {static_cast<int>(source.begin.line), static_cast<int>(source.begin.column)};
}

std::string listed(std::initializer_list<const char*> allowed) {
  std::vector<std::string> words;
  for (const char* word : allowed) words.push_back(in_quotes(word));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string one_of_text(std::initializer_list<const char*> allowed) { return "one of " + listed(allowed); }

}  // namespace

Section::Section(Reading& reading, const toml::table* table, std::string path, std::string schema, Place place)
    : reading_(&reading), table_(table), path_(std::move(path)), schema_(std::move(schema)), place_(place) {}

std::string Section::key_path(const char* key) const { return path_.empty() ? key : path_ + "." + key; }

std::string Section::schema_path(const char* key) const { return schema_.empty() ? key : schema_ + "." + key; }

const toml::node* Section::find(const char* key, const std::string& default_text) {
  asked_.insert(key);
  reading_->known_keys.emplace(schema_path(key), default_text);
  return table_ == nullptr ? nullptr : table_->get(key);
}

const toml::node* Section::require(const char* key, const char* expected) {
  const toml::node* node = find(key);
  if (node == nullptr) mistake(key, fmt::format("missing; expected {}", expected));
  return node;
}

bool Section::has(const char* key) const { return table_ != nullptr && table_->contains(key); }

std::vector<std::string> Section::keys() const {
  std::vector<std::string> names;
  if (table_ == nullptr) return names;
  for (const auto& [key, node] : *table_) names.emplace_back(key.str());
  return names;
}

Place Section::where(const char* key) const {
  const toml::node* node = table_ == nullptr ? nullptr : table_->get(key);
  return node == nullptr ? place_ : place_of(node->source());
}

Place Section::where_item(const char* key, std::size_t index) const {
  const toml::array* array = table_ == nullptr ? nullptr : table_->get_as<toml::array>(key);
  const toml::node* node = array == nullptr ? nullptr : array->get(index);
  return node == nullptr ? where(key) : place_of(node->source());
}

void Section::mistake(const char* key, const std::string& message) {
  reading_->mistake(where(key), key_path(key), message);
}

void Section::wrong(const char* key, const std::string& expected) {
  const toml::node* node = table_ == nullptr ? nullptr : table_->get(key);
  mistake(key, fmt::format("expected {}, found {}", expected, node == nullptr ? "nothing" : shown(*node)));
}

void Section::wrong_item(const char* key, std::size_t index, const std::string& expected) {
  const toml::array* array = table_ == nullptr ? nullptr : table_->get_as<toml::array>(key);
  const toml::node* node = array == nullptr ? nullptr : array->get(index);
  if (node == nullptr) return wrong(key, expected);
  reading_->mistake(place_of(node->source()), fmt::format("{}[{}]", key_path(key), index),
                    fmt::format("expected {}, found {}", expected, shown(*node)));
}

std::string Section::text(const char* key, const std::string& fallback) {
  const toml::node* node = find(key, fallback);
  if (node == nullptr) return fallback;
  const auto value = node->value_exact<std::string>();
  if (!value) wrong(key, "a text in quotes");
  return value.value_or(fallback);
}

std::string Section::required_text(const char* key) {
  const toml::node* node = require(key, "a text");
  if (node == nullptr) return "";
  const auto value = node->value_exact<std::string>();
  if (!value || value->empty()) wrong(key, "a text in quotes, not empty");
  return value.value_or("");
}

std::string Section::required_id(const char* key, bool dots) {
  const toml::node* node = require(key, "an id");
  if (node == nullptr) return "";
  const auto value = node->value_exact<std::string>();
  if (value && is_id(*value, dots)) return *value;
  wrong(key, fmt::format("an id of 1 to 64 lower-case letters, digits, \"_\", \"-\"{}", dots ? ", \".\"" : ""));
  return "";
}

bool Section::one_of(const std::string& value, std::initializer_list<const char*> allowed) const {
  return std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

std::string Section::choice(const char* key, std::initializer_list<const char*> allowed, const std::string& fallback) {
  const toml::node* node = find(key, fallback);
  if (node == nullptr) return fallback;
  const auto value = node->value_exact<std::string>();
  if (value && one_of(*value, allowed)) return *value;
  wrong(key, one_of_text(allowed));
  return fallback;
}

std::string Section::required_choice(const char* key, std::initializer_list<const char*> allowed) {
  const std::string expected = one_of_text(allowed);
  const toml::node* node = require(key, expected.c_str());
  if (node == nullptr) return "";
  const auto value = node->value_exact<std::string>();
  if (value && one_of(*value, allowed)) return *value;
  wrong(key, expected);
  return "";
}

std::vector<std::string> Section::texts(const char* key) {
  std::vector<std::string> values;
  const toml::node* node = find(key);
  if (node == nullptr) return values;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    wrong(key, "a list of texts such as [\"a\", \"b\"]");
    return values;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    const auto value = (*array)[i].value_exact<std::string>();
    if (!value) wrong_item(key, i, "a text in quotes");
    values.push_back(value.value_or(""));  // keeps indexes equal to those in the file
  }
  return values;
}

std::vector<std::string> Section::required_texts(const char* key) {
  if (require(key, "a list of texts such as [\"a\", \"b\"]") == nullptr) return {};
  std::vector<std::string> values = texts(key);
  const toml::array* array = table_->get_as<toml::array>(key);
  if (array != nullptr && array->empty()) wrong(key, "a list that is not empty");
  return values;
}

std::vector<std::string> Section::choices(const char* key, std::initializer_list<const char*> allowed) {
  std::vector<std::string> values = texts(key);
  const toml::array* array = table_ == nullptr ? nullptr : table_->get_as<toml::array>(key);
  if (array == nullptr) return values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(*array)[i].is_string()) continue;  // already recorded
    if (!one_of(values[i], allowed)) wrong_item(key, i, one_of_text(allowed));
    if (std::count(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(i), values[i]) > 0)
      wrong_item(key, i, "every word once");
  }
  return values;
}

std::vector<std::string> Section::required_choices(const char* key, std::initializer_list<const char*> allowed) {
  if (has(key)) return choices(key, allowed);
  find(key);
  mistake(key, fmt::format("missing; expected a list with any of {}", listed(allowed)));
  return {};
}

bool Section::flag(const char* key, bool fallback) {
  const toml::node* node = find(key, fallback ? "true" : "false");
  if (node == nullptr) return fallback;
  const auto value = node->value_exact<bool>();
  if (!value) wrong(key, "true or false");
  return value.value_or(fallback);
}

std::optional<std::chrono::year_month_day> Section::date(const char* key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto value = node->value_exact<toml::date>())
    return std::chrono::year_month_day{std::chrono::year(value->year), std::chrono::month(value->month),
                                       std::chrono::day(value->day)};
  wrong(key, "a date such as 2026-01-31, without quotes");
  return std::nullopt;
}

std::optional<std::chrono::year_month_day> Section::required_date(const char* key) {
  if (has(key)) return date(key);
  require(key, "a date such as 2026-01-31");
  return std::nullopt;
}

int Section::integer(const char* key, int fallback, int low, int high) {
  const toml::node* node = find(key, std::to_string(fallback));
  if (node == nullptr) return fallback;
  const auto value = node->value_exact<std::int64_t>();
  if (value && *value >= low && *value <= high) return static_cast<int>(*value);
  wrong(key, fmt::format("a whole number from {} to {}", low, high));
  return fallback;
}

int Section::required_integer(const char* key, int low, int high) {
  if (has(key)) {
    const int value = integer(key, low, low, high);
    return value;
  }
  require(key, fmt::format("a whole number from {} to {}", low, high).c_str());
  return low;
}

Millis Section::millis(const char* key, Millis fallback, int low, int high) {
  return Millis(integer(key, static_cast<int>(fallback.count()), low, high));
}

Millis Section::seconds(const char* key, Millis fallback, int low, int high) {
  using std::chrono::seconds;
  return seconds(integer(key, static_cast<int>(std::chrono::floor<seconds>(fallback).count()), low, high));
}

Millis Section::minutes(const char* key, Millis fallback, int low, int high) {
  using std::chrono::minutes;
  return minutes(integer(key, static_cast<int>(std::chrono::floor<minutes>(fallback).count()), low, high));
}

double Section::number(const char* key, double fallback, double low, double high) {
  const toml::node* node = find(key, fmt::format("{}", fallback));
  if (node == nullptr) return fallback;
  const auto value = node->value<double>();  // a whole number is a number too
  if (node->is_number() && value && std::isfinite(*value) && *value >= low && *value <= high) return *value;
  wrong(key, fmt::format("a number from {} to {}", low, high));
  return fallback;
}

std::optional<std::vector<double>> Section::numbers(const char* key, std::size_t count) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const toml::array* array = node->as_array();
  std::vector<double> values;
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i)
    if ((*array)[i].is_number()) values.push_back((*array)[i].value<double>().value_or(NAN));
  const bool fits = array != nullptr && array->size() == count && values.size() == count;
  if (fits) return values;
  wrong(key, fmt::format("a list of {} numbers", count));
  return std::nullopt;
}

Section Section::table(const char* key) {
  const toml::node* node = find(key);
  if (node == nullptr) return {*reading_, nullptr, key_path(key), schema_path(key), {}};
  if (!node->is_table()) wrong(key, fmt::format("a table: [{}]", key));
  return {*reading_, node->as_table(), key_path(key), schema_path(key), place_of(node->source())};
}

std::vector<Section> Section::tables(const char* key) {
  std::vector<Section> sections;
  const toml::node* node = find(key);
  if (node == nullptr) return sections;
  if (!node->is_array_of_tables()) {
    wrong(key, fmt::format("tables, each headed [[{}]]", key));
    return sections;
  }
  const toml::array& array = *node->as_array();
  for (std::size_t i = 0; i < array.size(); ++i)
    sections.emplace_back(*reading_, array[i].as_table(), fmt::format("{}[{}]", key_path(key), i), schema_path(key),
                          place_of(array[i].source()));
  return sections;
}

void Section::finish() {
  if (table_ == nullptr) return;
  const std::vector<std::string> known(asked_.begin(), asked_.end());
  for (const auto& [key, node] : *table_) {
    const std::string name(key.str());
    if (asked_.count(name) > 0) continue;
    const std::string guess = closest(name, known);
    const std::string hint = guess.empty() ? "" : fmt::format("; did you mean {}?", in_quotes(guess));
    const std::string readable = is_id(lower_case(name), true) ? name : in_quotes(name);
    reading_->mistake(place_of(key.source()), key_path(readable.c_str()), "unknown key" + hint);
  }
}

}  // namespace gapura::gateway
