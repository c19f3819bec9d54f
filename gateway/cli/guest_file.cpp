// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/guest_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

namespace gapura::gateway {
namespace {

struct Row {
  std::size_t line = 0;
  std::vector<std::string> cells;
  bool broken = false;  // a quote that never closes, or text after one
};

constexpr std::array<const char*, 8> columns{"name", "phone",    "institution", "purpose",
                                             "whom", "category", "from",        "until"};
constexpr std::array<const char*, 2> optional_columns{"phone", "institution"};
constexpr std::size_t longest_cell = 200;

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// One pass over the bytes; a quoted cell may hold separators and line breaks.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
    const std::string_view head = text_.substr(0, text_.find('\n'));
    separator_ = std::count(head.begin(), head.end(), ';') > std::count(head.begin(), head.end(), ',') ? ';' : ',';
  }

  std::vector<Row> rows() {
    std::vector<Row> all;
    while (at_ < text_.size()) {
      Row row = next();
      const bool empty = std::all_of(row.cells.begin(), row.cells.end(), [](const auto& cell) { return cell.empty(); });
      if (!empty || row.broken) all.push_back(std::move(row));
    }
    return all;
  }

 private:
  Row next() {
    Row row;
    row.line = line_;
    for (;;) {
      row.cells.push_back(trimmed(cell(row.broken)));
      if (at_ < text_.size() && text_[at_] == separator_) {
        ++at_;
        continue;
      }
      if (at_ < text_.size() && text_[at_] == '\r') ++at_;
      if (at_ < text_.size() && text_[at_] == '\n') take();
      return row;
    }
  }

  std::string cell(bool& broken) {
    std::string out;
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    if (quoted) {
      ++at_;
      for (;;) {
        if (at_ >= text_.size()) {
          broken = true;
          return out;
        }
        const char c = take();
        if (c != '"') {
          out += c;
        } else if (at_ < text_.size() && text_[at_] == '"') {
          out += take();
        } else {
          break;
        }
      }
    }
    while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' && !at_line_end()) {
      broken = broken || quoted;
      out += take();
    }
    return out;
  }

  bool at_line_end() const { return text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n'; }
  char take() {
    if (text_[at_] == '\n') ++line_;
    return text_[at_++];
  }

  std::string_view text_;
  char separator_ = ',';
  std::size_t at_ = 0, line_ = 1;
};

bool is_telephone(const std::string& text) {
  return text.size() > 1 && text.find_first_not_of("0123456789 ()-.", text.front() == '+' ? 1 : 0) == std::string::npos;
}

std::string mistake_of(const std::string& column, const std::string& cell, bool optional) {
  if (cell.empty()) return optional ? "" : column + " is empty";
  if (cell.size() > longest_cell) return column + " is longer than 200 bytes";
  if (std::any_of(cell.begin(), cell.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return column + " holds a control character or a line break";
  const bool formula = cell.find_first_of("=+-@") == 0;
  if (formula && !(column == "phone" && is_telephone(cell)))
    return column + " begins like a formula (" + cell.front() + "); write the text itself";
  return "";
}

// "2026-01-31 08:00" at the site, or RFC 3339. Empty when it is neither.
std::string time_of(const std::string& cell, const std::string& offset) {
  static constexpr std::string_view pattern = "0000-00-00T00:00";
  std::string text = cell;
  if (text.size() < pattern.size()) return "";
  if (text[10] == ' ') text[10] = 'T';
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool digit = std::isdigit(static_cast<unsigned char>(text[i])) != 0;
    if (pattern[i] == '0' ? !digit : text[i] != pattern[i]) return "";
  }
  const std::string month = text.substr(5, 2), day = text.substr(8, 2);
  if (month < "01" || month > "12" || day < "01" || day > "31" || text.substr(11, 2) > "23" || text.substr(14, 2) > "59")
    return "";
  return text.size() == pattern.size() ? text + ":00" + offset : text;  // the daemon judges the rest of the longer form
}

std::string category_of(const std::string& cell) {
  const std::string word = lower(cell);
  if (word == "umum" || word == "general") return "general";
  if (word == "khusus" || word == "special") return "special";
  return "";
}

// Everything that is wrong with a line, so that it is mended once.
std::string read_line(const std::map<std::string, std::string>& cells, const std::string& offset, PlannedGuest& guest) {
  std::string why;
  const auto say = [&](const std::string& mistake) {
    if (!mistake.empty()) why += (why.empty() ? "" : "; ") + mistake;
  };
  const auto cell = [&](const char* column) {
    const auto found = cells.find(column);
    return found == cells.end() ? std::string() : found->second;
  };
  for (const char* column : columns) {
    const bool optional = std::any_of(optional_columns.begin(), optional_columns.end(),
                                      [&](const char* o) { return std::string(o) == column; });
    say(mistake_of(column, cell(column), optional));
  }
  guest.name = cell("name");
  guest.phone = cell("phone");
  guest.institution = cell("institution");
  guest.purpose = cell("purpose");
  guest.whom = cell("whom");
  guest.category = category_of(cell("category"));
  guest.from = time_of(cell("from"), offset);
  guest.until = time_of(cell("until"), offset);
  if (guest.category.empty() && !cell("category").empty()) say("category: expected umum or khusus");
  if (guest.from.empty() && !cell("from").empty()) say("from: expected a time like 2026-01-31 08:00");
  if (guest.until.empty() && !cell("until").empty()) say("until: expected a time like 2026-01-31 08:00");
  const bool same_form = guest.from.size() == guest.until.size();
  if (!guest.from.empty() && same_form && guest.until <= guest.from) say("until is not after from");
  return why;
}

// The header's mistakes; empty when it names every column that must be there.
std::string header_mistake(const std::vector<std::string>& header) {
  for (const std::string& name : header) {
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) return "unknown column \"" + name + "\"";
    if (std::count(header.begin(), header.end(), name) > 1) return "column \"" + name + "\" stands there twice";
  }
  for (const std::string column : columns) {
    const bool optional = std::find(optional_columns.begin(), optional_columns.end(), column) != optional_columns.end();
    if (!optional && std::find(header.begin(), header.end(), column) == header.end())
      return "column \"" + column + "\" is missing";
  }
  return "";
}

}  // namespace

GuestFile read_guest_file(std::string_view text, const std::string& offset) {
  GuestFile file;
  const std::vector<Row> rows = CsvReader(text).rows();
  if (rows.empty()) {
    file.bad.push_back({1, "the file is empty"});
    return file;
  }
  std::vector<std::string> header = rows.front().cells;
  std::transform(header.begin(), header.end(), header.begin(), lower);
  if (const std::string why = header_mistake(header); !why.empty()) {
    file.bad.push_back({rows.front().line, why});
    return file;
  }
  for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
    PlannedGuest guest;
    guest.line = row->line;
    std::string why;
    if (row->broken) {
      why = "a quotation mark is not closed, or text follows it";
    } else if (row->cells.size() != header.size()) {
      why = std::to_string(row->cells.size()) + " cells, expected " + std::to_string(header.size());
    } else {
      std::map<std::string, std::string> cells;
      for (std::size_t i = 0; i < header.size(); ++i) cells[header[i]] = row->cells[i];
      why = read_line(cells, offset, guest);
    }
    if (why.empty())
      file.guests.push_back(std::move(guest));
    else
      file.bad.push_back({row->line, std::move(why)});
  }
  return file;
}

}  // namespace gapura::gateway
