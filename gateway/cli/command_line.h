// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>

namespace gapura::gateway {

// The whole of `gapura`: parses, runs one command, returns the exit code (gateway/cli/terminal.h). Only its .cpp includes
// CLI11.
int run_command_line(int argc, char** argv);
int run_command_line(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace gapura::gateway
