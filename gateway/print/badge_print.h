// SPDX-License-Identifier: Apache-2.0
// A badge on paper: its QR picture and a page to print.
#pragma once

#include <string>

#include "drivers/printer.h"
#include "models/base/result.h"

namespace gapura::gateway {

// Level Q, a quiet zone of four modules, 12 pixels a module, black on white.
Result<std::string> qr_png(const std::string& text);

// A badge on a receipt printer's paper, or as a document: site, category, QR, number, end of validity. Nothing personal, so
// that a roll of paper names no person.
struct BadgePaper {
  std::string site, code, token, category, language, valid_until;  // category: general | special | staff
};
// For a printer with 8 dots a millimetre. Modules of 1.4 mm (384 dots) or 1.5 mm (576 dots), quiet zone of four. Empty: the
// text cannot be encoded.
drivers::Raster badge_raster(const BadgePaper& paper, int dots);
// The same on A6, as PDF.
std::string badge_pdf(const BadgePaper& paper);

struct BadgePage {
  std::string site, name, category, valid_until, language;  // category: general | special | staff
};
// A whole HTML document, A6. Loads qr.png beside itself and /print.css; no phone, no identity number.
std::string badge_page(const BadgePage& page);
extern const char* const print_css;

}  // namespace gapura::gateway
