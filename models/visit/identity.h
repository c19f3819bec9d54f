// SPDX-License-Identifier: Apache-2.0
// How telephone numbers and names are compared to find out whether two forms are about one person. The text as written is
// stored for display; comparisons use the form that these functions return.
#pragma once

#include <string>
#include <string_view>

#include "models/base/words.h"

namespace gapura {

// Why a text is not taken as one telephone number.
//   exponent      a spreadsheet's "6,28E+12": the digits are lost
//   two_numbers   "0812… / 0813…", or two in a row
//   not_a_number  letters, fewer than three digits, or more than fifteen
GAPURA_ENUM(PhoneFault, none, exponent, two_numbers, not_a_number);

struct Phone {
  std::string form;  // empty with a fault, and for an empty text or a dash
  PhoneFault fault = PhoneFault::none;
};

// `form` is the number in E.164 ("+6281234529000"), with ";ext=12" for an extension, read as in Indonesia: 0, 62, 0062, +62
// (0) and a leading zero that a spreadsheet dropped give the same form. Numbers of other countries begin with + or 00. A
// local number without its area code, and a short one, keep their digits. Blanks, dashes, dots, brackets, no-break spaces,
// direction marks and full-width digits are ignored.
Phone read_phone(std::string_view written);

// Returns the name in lower case (ASCII), with one blank between words, without direction marks and other invisible
// characters.
std::string name_form(std::string_view written);

}  // namespace gapura
