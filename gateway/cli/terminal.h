// SPDX-License-Identifier: Apache-2.0
// How commands talk to a shell: two streams, exit codes, plain tables. Nothing that came from outside reaches a terminal
// raw.
#pragma once

#include <boost/json/value.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "models/result.h"

namespace gapura::gateway {

enum ExitCode { done = 0, failed = 1, bad_usage = 2, not_permitted = 3, no_daemon = 4 };

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool json = false;
};

ExitCode exit_code(ErrorKind kind);
// Says it on `err` (as JSON where asked) and returns the exit code.
int report(const Terminal& terminal, const Error& error);
// The answer as it is where JSON is asked for, else the sentence; an error as report() does.
int tell(const Terminal& terminal, const Result<boost::json::value>& answer, const std::string& sentence);
// Control characters as \xNN, so that a guest's name cannot move the cursor or recolour the screen.
std::string printable(std::string_view text);
// Columns as wide as their longest cell, two blanks between, every cell printable.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

}  // namespace gapura::gateway
