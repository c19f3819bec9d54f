// SPDX-License-Identifier: Apache-2.0
// A list of expected guests as a spreadsheet saves it: CSV (RFC 4180), comma or semicolon, with or without a BOM.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gapura::gateway {

struct PlannedGuest {
  std::size_t line = 0;                                                        // in the file, from 1
  std::string name, phone, institution, purpose, whom, category, from, until;  // times: RFC 3339
};

struct BadLine {
  std::size_t line = 0;
  std::string why;
};

struct GuestFile {
  std::vector<PlannedGuest> guests;
  std::vector<BadLine> bad;  // every one, in the order of the file
};

// The first line names the columns: name, phone, institution, purpose, whom, category, from, until, in any order; phone and
// institution may be missing. Times are "2026-01-31 08:00" at the site, whose offset ("+07:00") is added, or RFC 3339.
// Categories: general | umum | special | khusus. A cell that a spreadsheet would calculate (= + - @) is a mistake, but a
// telephone number may begin with +.
GuestFile read_guest_file(std::string_view text, const std::string& offset);

}  // namespace gapura::gateway
