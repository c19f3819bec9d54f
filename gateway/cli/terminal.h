// SPDX-License-Identifier: Apache-2.0
// Input and output of commands: two streams, exit codes, plain tables. Text from outside is made printable before it
// reaches a terminal.
#pragma once

#include <boost/json/value.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/locale/words.h"
#include "models/base/result.h"

namespace gapura::gateway {

enum ExitCode { done = 0, failed = 1, bad_usage = 2, not_permitted = 3, no_daemon = 4 };

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool json = false;
  Words words = Words();
};

ExitCode exit_code(ErrorKind kind);
// Writes the error to `err` (as JSON where requested) and returns the exit code.
int report(const Terminal& terminal, const Error& error);
// Writes the response as it is where JSON is requested, else the sentence; an error as report() does.
int print_result(const Terminal& terminal, const Result<boost::json::value>& answer, const std::string& sentence);
// Returns the text with control characters as \xNN, so that a guest's name cannot move the cursor or change colours.
std::string printable(std::string_view text);
// Returns columns as wide as their longest cell, separated by two blanks, with every cell printable.
std::string aligned(const std::vector<std::vector<std::string>>& rows);
// Returns labels as the heads of columns: in capitals.
std::vector<std::string> heads(const Terminal& terminal, std::vector<std::string> labels);

}  // namespace gapura::gateway
