// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "models/base/text.h"

namespace gapura::gateway {
ExitCode exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_input:
      return bad_usage;
    case ErrorKind::not_permitted:
    case ErrorKind::too_new:
    case ErrorKind::same_hand:
    case ErrorKind::not_on_duty:
      return not_permitted;
    case ErrorKind::unavailable:
    case ErrorKind::timed_out:
      return no_daemon;
    case ErrorKind::not_found:
    case ErrorKind::conflict:
    case ErrorKind::same_person:
    case ErrorKind::storage:
    case ErrorKind::bug:
      break;
  }
  return failed;
}

int report(const Terminal& terminal, const Error& error) {
  if (terminal.json)
    terminal.err << boost::json::serialize(boost::json::object{{"error", word(error.kind)}, {"detail", error.message}})
                 << '\n';
  else
    terminal.err << "gapura: " << printable(error.message) << '\n';
  return exit_code(error.kind);
}

int print_result(const Terminal& terminal, const Result<boost::json::value>& answer, const std::string& sentence) {
  if (!answer) return report(terminal, answer.error());
  terminal.out << (terminal.json ? boost::json::serialize(*answer) : printable(sentence)) << '\n';
  return done;
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {  // the C1 controls, which some terminals obey
      out += fmt::format("\\u{:04x}", next);
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string>> cells;
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    cells.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.back().push_back(printable(row[i]));
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], count_code_points(cells.back().back()));
    }
  }
  std::string out;
  for (const auto& row : cells) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += row[i] + (i + 1 < row.size() ? std::string(widths[i] - count_code_points(row[i]) + 2, ' ') : "");
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::vector<std::string> heads(const Terminal& terminal, std::vector<std::string> labels) {
  for (auto& label : labels) label = terminal.words.upper(label);
  return labels;
}

}  // namespace gapura::gateway
