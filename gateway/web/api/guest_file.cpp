// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/guest_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "gateway/web/http/shape.h"
#include "models/base/text.h"
#include "models/visit/identity.h"

namespace gapura::gateway {
namespace {

struct CsvRow {
  std::size_t line = 0;
  std::vector<std::string> cells;
  bool broken = false;  // a quote that never closes, or text after one
};

struct Column {
  const char *name, *in_indonesian;
  bool optional = false;
};
constexpr std::array<Column, 9> guest_columns{{{"name", "nama"},
                                               {"phone", "telepon", true},
                                               {"institution", "instansi", true},
                                               {"purpose", "keperluan"},
                                               {"whom", "tujuan"},
                                               {"category", "kategori"},
                                               {"from", "dari"},
                                               {"until", "sampai"},
                                               {"person", "orang", true}}};
constexpr std::size_t longest_cell = 200;

// Without blanks, no-break spaces and direction marks at either end, which are invisible in a cell.
std::string without_edges(std::string_view text) {
  static constexpr std::string_view unseen[] = {" ",
                                                "\xc2\xa0",
                                                "\xe2\x80\x8b",
                                                "\xe2\x80\x8e",
                                                "\xe2\x80\x8f",
                                                "\xe2\x80\xaa",
                                                "\xe2\x80\xab",
                                                "\xe2\x80\xac",
                                                "\xe2\x80\xaf",
                                                "\xef\xbb\xbf"};
  const auto strip = [&](auto at_end, auto remove) {
    for (bool again = true; again;) {
      again = false;
      for (const auto one : unseen)
        if (at_end(one)) {
          remove(one.size());
          again = true;
        }
    }
  };
  strip([&](auto one) { return text.starts_with(one); }, [&](auto size) { text.remove_prefix(size); });
  strip([&](auto one) { return text.ends_with(one); }, [&](auto size) { text.remove_suffix(size); });
  return std::string(text);
}

// One pass over the bytes; a quoted cell may hold separators and line breaks.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
    std::string_view head = text_.substr(0, text_.find('\n'));
    if (head.starts_with("sep=")) {
      text_.remove_prefix(std::min(text_.size(), head.size() + 1));
      ++line_;
      head = text_.substr(0, text_.find('\n'));
    }
    for (const char other : {';', '\t'})
      if (std::count(head.begin(), head.end(), other) > std::count(head.begin(), head.end(), separator_))
        separator_ = other;
  }

  std::vector<CsvRow> rows() {
    std::vector<CsvRow> all;
    while (at_ < text_.size()) {
      CsvRow row = next();
      const bool empty = std::all_of(row.cells.begin(), row.cells.end(), [](const auto& cell) { return cell.empty(); });
      if (!empty || row.broken) all.push_back(std::move(row));
    }
    return all;
  }

 private:
  CsvRow next() {
    CsvRow row;
    row.line = line_;
    for (;;) {
      row.cells.push_back(without_edges(cell(row.broken)));
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

// A workbook (.xlsx is a ZIP file), or UTF-16.
bool is_no_table(std::string_view text) {
  return text.starts_with("PK\x03\x04") || text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff") ||
         text.find('\0') != std::string_view::npos;
}

bool is_telephone(const std::string& text) {
  return text.size() > 1 && text.find_first_not_of("0123456789 ()-.", text.front() == '+' ? 1 : 0) == std::string::npos;
}

// What a spreadsheet and an editor do to any cell.
std::optional<RowMistake> mistake_of(const Column& column, const std::string& cell) {
  const auto is = [&](RowFault what, std::string about = "") { return RowMistake{0, column.name, what, std::move(about)}; };
  if (cell.empty()) return column.optional ? std::nullopt : std::optional(is(RowFault::empty));
  if (cell.size() > longest_cell) return is(RowFault::too_long, std::to_string(longest_cell));
  if (!is_utf8(cell)) return is(RowFault::not_text);
  if (std::any_of(cell.begin(), cell.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return is(RowFault::control_character);
  const bool phone = std::string_view(column.name) == "phone";
  if (phone && cell == "-") return std::nullopt;
  if (cell.find_first_of("=+-@") == 0 && !(phone && is_telephone(cell))) return is(RowFault::formula, cell.substr(0, 1));
  return std::nullopt;
}

std::optional<RowMistake> mistake_of_phone(const std::string& cell) {
  switch (read_phone(cell).fault) {
    case PhoneFault::exponent:
      return RowMistake{0, "phone", RowFault::exponent, cell};
    case PhoneFault::two_numbers:
      return RowMistake{0, "phone", RowFault::two_numbers, cell};
    case PhoneFault::not_a_number:
      return RowMistake{0, "phone", RowFault::not_a_number, cell};
    case PhoneFault::none:
      break;
  }
  return std::nullopt;
}

// "2/1/2026 9.05", as a spreadsheet set to Indonesian writes it, as "2026-01-02T09:05". With a colon the order of day and
// month could be another country's: that is not read.
std::string from_indonesian(const std::string& cell) {
  std::array<int, 5> parts{};
  static constexpr std::string_view separators = "// .";
  std::size_t at = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::size_t digits = 0;
    for (; at < cell.size() && std::isdigit(static_cast<unsigned char>(cell[at])) && digits < 4; ++at, ++digits)
      parts[i] = parts[i] * 10 + (cell[at] - '0');
    if (digits == 0 || (i == 2) != (digits == 4) || (i == 4 && digits != 2)) return "";
    if (i < separators.size() && (at >= cell.size() || cell[at++] != separators[i])) return "";
  }
  if (at != cell.size()) return "";
  std::array<char, 32> text{};
  snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d", parts[2], parts[1], parts[0], parts[3], parts[4]);
  return text.data();
}

// At the site, or RFC 3339.
std::optional<UtcTime> instant_of(const std::string& cell, std::chrono::minutes offset) {
  std::string text = cell.find('/') == std::string::npos ? cell : from_indonesian(cell);
  if (text.size() < 16) return std::nullopt;
  if (text[10] == ' ') text[10] = 'T';
  if (text.size() > 16) return parse_time(text);
  const auto local = parse_time(text + "Z");
  if (!local) return std::nullopt;
  return *local - offset;
}

std::string category_of(const std::string& cell) {
  const std::string word = lower_case(cell);
  if (word == "umum" || word == "general") return "general";
  if (word == "khusus" || word == "special") return "special";
  return "";
}

std::string person_of(const std::string& cell) {
  const std::string word = lower_case(cell);
  return word == "baru" || word == "new" ? "new" : cell;
}

using Cells = std::map<std::string, std::string, std::less<>>;

// Everything that is wrong with a line, so that it is mended once.
std::vector<RowMistake> read_line(const Cells& cells, std::chrono::minutes offset, GuestRow& guest) {
  std::vector<RowMistake> bad;
  const auto cell = [&](std::string_view column) {
    const auto found = cells.find(column);
    return found == cells.end() ? std::string() : found->second;
  };
  const auto say = [&](std::optional<RowMistake> mistake) {
    if (mistake) bad.push_back(std::move(*mistake));
    return mistake.has_value();
  };
  const auto read_time = [&](const char* column, UtcTime& time) {
    const auto read = instant_of(cell(column), offset);
    if (read) time = *read;
    if (!read && !cell(column).empty()) bad.push_back({0, column, RowFault::bad_time, cell(column)});
    return read.has_value();
  };
  bool phone_is_whole = true;
  for (const Column& column : guest_columns)
    if (say(mistake_of(column, cell(column.name))) && std::string_view(column.name) == "phone") phone_is_whole = false;
  if (phone_is_whole) say(mistake_of_phone(cell("phone")));
  GuestForm& form = guest.form;
  form.name = cell("name");
  form.phone = cell("phone") == "-" ? "" : cell("phone");
  form.institution = cell("institution");
  form.purpose = cell("purpose");
  form.whom = cell("whom");
  form.category = category_of(cell("category"));
  form.person = person_of(cell("person"));
  if (form.category.empty() && !cell("category").empty()) bad.push_back({0, "category", RowFault::bad_category});
  read_time("from", guest.from);
  read_time("until", guest.until);
  for (RowMistake& mistake : bad) mistake.line = guest.line;
  return bad;
}

// The columns' own names, or what is wrong with them.
std::optional<RowMistake> read_header(std::size_t line, std::vector<std::string>& header) {
  const auto is = [&](RowFault what, std::string about) { return RowMistake{line, "", what, std::move(about)}; };
  while (!header.empty() && header.back().empty()) header.pop_back();
  for (std::string& name : header) {
    name = lower_case(name);
    const auto known = std::find_if(guest_columns.begin(), guest_columns.end(),
                                    [&](const Column& c) { return name == c.name || name == c.in_indonesian; });
    if (known == guest_columns.end()) return is(RowFault::unknown_column, is_utf8(name) ? name.substr(0, 40) : "?");
    name = known->name;
  }
  for (const std::string& name : header)
    if (std::count(header.begin(), header.end(), name) > 1) return is(RowFault::column_twice, name);
  for (const Column& column : guest_columns)
    if (!column.optional && std::find(header.begin(), header.end(), column.name) == header.end())
      return is(RowFault::column_missing, column.name);
  return std::nullopt;
}

}  // namespace

GuestFile read_guest_file(std::string_view text, std::chrono::minutes offset) {
  GuestFile file;
  const auto fail_whole = [&](RowMistake mistake) {
    file.bad.push_back(std::move(mistake));
    return file;
  };
  if (is_no_table(text)) return fail_whole({1, "", RowFault::not_a_table});
  const std::vector<CsvRow> rows = CsvReader(text).rows();
  if (rows.empty()) return fail_whole({1, "", RowFault::no_rows});
  std::vector<std::string> header = rows.front().cells;
  if (auto mistake = read_header(rows.front().line, header)) return fail_whole(std::move(*mistake));
  if (rows.size() == 1) return fail_whole({rows.front().line, "", RowFault::no_rows});
  for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
    std::vector<std::string> filled = row->cells;
    while (filled.size() > header.size() && filled.back().empty()) filled.pop_back();
    GuestRow guest;
    guest.line = row->line;
    std::vector<RowMistake> bad;
    if (row->broken) {
      bad.push_back({row->line, "", RowFault::open_quote});
    } else if (filled.size() != header.size()) {
      bad.push_back(
          {row->line, "", RowFault::cell_count, std::to_string(filled.size()) + " / " + std::to_string(header.size())});
    } else {
      Cells cells;
      for (std::size_t i = 0; i < header.size(); ++i) cells[header[i]] = filled[i];
      bad = read_line(cells, offset, guest);
    }
    if (bad.empty()) file.guests.push_back(std::move(guest));
    std::move(bad.begin(), bad.end(), std::back_inserter(file.bad));
  }
  return file;
}

}  // namespace gapura::gateway
