// SPDX-License-Identifier: Apache-2.0
// A badge on paper: its QR picture and a page to print.
#pragma once

#include <string>

#include "models/result.h"

namespace gapura::gateway {

// Level Q, a quiet zone of four modules, 12 pixels a module, black on white.
Result<std::string> qr_png(const std::string& text);

struct BadgePage {
  std::string site, name, category, valid_until, language;  // category: general | special | staff
};
// A whole HTML document, A6. Loads qr.png beside itself and /print.css; no phone, no identity number.
std::string badge_page(const BadgePage& page);
extern const char* const print_css;

}  // namespace gapura::gateway
