// SPDX-License-Identifier: Apache-2.0
// A list of expected guests as a spreadsheet saves it: CSV (RFC 4180) in UTF-8, with or without a BOM.
#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "gateway/contract/command.h"

namespace gapura::gateway {

struct GuestFile {
  std::vector<GuestRow> guests;
  std::vector<RowMistake> bad;  // every one, in the order of the file
};

// The separator is the one that the first line has most of: comma, semicolon or tab; "sep=;" before it is passed over. The
// first line names the columns, in any order: name, phone, institution, purpose, whom, category, from, until, person, or
// nama, telepon, instansi, keperluan, tujuan, kategori, dari, sampai, orang; phone, institution and person may be missing.
// Columns without a name that are empty to the end do not count. Times are "2026-01-31 08:00" or "31/01/2026 08.00" at the
// site, whose offset is given, or RFC 3339. Categories: general | umum | special | khusus. A cell that a spreadsheet would
// calculate (= + - @) is a mistake, but a telephone number may begin with +. `person`: an id, "new" or "baru".
GuestFile read_guest_file(std::string_view text, std::chrono::minutes offset);

}  // namespace gapura::gateway
