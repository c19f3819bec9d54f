// SPDX-License-Identifier: Apache-2.0
// The mistakes in a line of a list of guests, with their sentences in both languages.
#pragma once

#include <cstddef>
#include <string>

#include "models/base/words.h"

namespace gapura {

GAPURA_ENUM(RowFault,  // about the file
            not_a_table, no_rows, too_many_rows, unknown_column, column_twice, column_missing,
            // about a line or a cell
            cell_count, open_quote, not_text, control_character, empty, too_long, formula, exponent, two_numbers,
            not_a_number, bad_category, bad_time, until_before_from, passed,
            // about the person
            same_person, same_name, already_expected, unknown_person, refused);

}  // namespace gapura

namespace gapura::gateway {

struct RowMistake {
  std::size_t line = 0;  // in the file, from 1
  std::string column;    // of the file; empty: the line as a whole
  RowFault what = RowFault::refused;
  std::string about = {};   // what the sentence names: a cell's text, a name, a number of cells
  std::string person = {};  // same_person, same_name, already_expected: the ids of the known people
};

// The mistake and what to do, with `about` filled in.
std::string sentence(const RowMistake& mistake);     // English, as the API says it
std::string sentence_id(const RowMistake& mistake);  // Bahasa Indonesia, as the command line says it

}  // namespace gapura::gateway
