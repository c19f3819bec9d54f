// SPDX-License-Identifier: Apache-2.0
// Runs the command line in this process, from a line of text.
#pragma once

#include <boost/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "fake_daemon.h"
#include "gateway/cli/command_line.h"
#include "support/temporary_folder.h"

namespace gapura::tests {

struct Run {
  int code;
  std::string out, err;
};

inline Run run(std::vector<std::string> words) {
  words.insert(words.begin(), "gapura");
  std::vector<const char*> all;
  for (const auto& word : words) all.push_back(word.c_str());
  std::ostringstream out, err;
  const int code = gateway::run_command_line(static_cast<int>(all.size()), all.data(), out, err);
  return {code, out.str(), err.str()};
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Commands for the daemon of one folder.
struct Shell {
  TemporaryFolder folder;
  FakeDaemon daemon{folder.path()};

  Run run(std::vector<std::string> words) const {
    words.insert(words.end(), {"--data", folder.path()});
    return tests::run(std::move(words));
  }
  boost::json::value last_body() { return boost::json::parse(daemon.requests().back().body); }
};

}  // namespace gapura::tests
