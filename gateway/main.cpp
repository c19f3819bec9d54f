// SPDX-License-Identifier: Apache-2.0
// gapura: the daemon and its command line. Its commands are listed in gateway/cli/command_line.cpp.
#include "gateway/cli/command_line.h"

int main(int argc, char** argv) { return gapura::gateway::run_command_line(argc, argv); }
