// SPDX-License-Identifier: Apache-2.0
// One table of a TOML file, read key by key. Every call records the key as known, and every wrong value as a mistake with
// its place, so a setting is added with one line. Only gateway/settings includes this.
#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/settings/settings.h"

namespace gapura::gateway {

struct Place {
  int line = 1, column = 1;
};

// The results of reading a file. Outlives its sections.
struct Reading {
  std::string file;
  std::vector<Mistake> mistakes;
  std::vector<Mistake> warnings;
  std::map<std::string, std::string> known_keys;  // "portal.pulse_ms" -> default as text

  void mistake(Place place, std::string key, std::string message);
  void sort();  // of mistakes and warnings: first those of the file, in its order, then those of the files that it names
};
// Reads the file of `reading`; `bytes`, if not null, gets its content. Returns none after recording why.
std::optional<toml::table> read_toml(Reading& reading, std::string* bytes = nullptr);

// Calls return the fallback (or an empty value) after recording a mistake, so that reading continues.
class Section {
 public:
  // `path` as people write it ("portal[2]"), `schema` without indexes ("portal"). `table` may be null: then everything is
  // absent.
  Section(Reading& reading, const toml::table* table, std::string path, std::string schema, Place place);

  std::string text(const char* key, const std::string& fallback = "");
  std::string required_text(const char* key);
  // Lower-case letters, digits, '_' and '-', and '.' if `dots`. The id appears in file names, URLs and journal entries.
  std::string required_id(const char* key, bool dots = true);
  std::string choice(const char* key, std::initializer_list<const char*> allowed, const std::string& fallback);
  std::string required_choice(const char* key, std::initializer_list<const char*> allowed);
  std::vector<std::string> texts(const char* key);
  std::vector<std::string> required_texts(const char* key);
  std::vector<std::string> choices(const char* key, std::initializer_list<const char*> allowed);
  std::vector<std::string> required_choices(const char* key, std::initializer_list<const char*> allowed);
  bool flag(const char* key, bool fallback = false);
  std::optional<std::chrono::year_month_day> date(const char* key);
  std::optional<std::chrono::year_month_day> required_date(const char* key);
  int integer(const char* key, int fallback, int low, int high);
  int required_integer(const char* key, int low, int high);
  Millis millis(const char* key, Millis fallback, int low, int high);
  Millis seconds(const char* key, Millis fallback, int low, int high);  // keys that end in _s
  Millis minutes(const char* key, Millis fallback, int low, int high);  // keys that end in _min or _minutes
  double number(const char* key, double fallback, double low, double high);
  std::optional<std::vector<double>> numbers(const char* key, std::size_t count);

  Section table(const char* key);                // an absent table is empty: every required key is missing
  std::vector<Section> tables(const char* key);  // [[key]]

  bool has(const char* key) const;
  void allow(const char* key) { find(key); }  // for a key that is allowed but not read
  std::vector<std::string> keys() const;      // of a table with free keys; read each of them
  Place where(const char* key) const;         // of its value, or of the section where it is absent
  // The same of one value of an array.
  Place where_item(const char* key, std::size_t index) const;
  // Records "expected <expected>, found <value>" at the key; "…, found nothing" where the key is absent.
  void wrong(const char* key, const std::string& expected);
  // The same for one value of an array.
  void wrong_item(const char* key, std::size_t index, const std::string& expected);
  void mistake(const char* key, const std::string& message);
  void finish();  // records every key that was not read as a mistake

  const std::string& path() const { return path_; }
  const std::string& kind() const { return schema_; }  // "portal" of "portal[2]"

 private:
  const toml::node* find(const char* key, const std::string& default_text = "");
  const toml::node* require(const char* key, const char* expected);
  bool one_of(const std::string& value, std::initializer_list<const char*> allowed) const;
  std::string key_path(const char* key) const;
  std::string schema_path(const char* key) const;

  Reading* reading_;
  const toml::table* table_;
  std::string path_, schema_;
  Place place_;
  std::set<std::string> asked_;
};

// Returns a value in a form that is safe in a message: quoted, shortened, without control characters.
std::string shown(const toml::node& node);
std::string in_quotes(std::string_view text);
bool is_host(const std::string& text);  // looks like an address or a host name
// Returns the candidate that `word` probably means: at most two edits away (one for short words). Empty: none.
std::string closest(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace gapura::gateway
