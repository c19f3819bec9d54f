// SPDX-License-Identifier: Apache-2.0
// A scripted day: guests who come to the post, and the guard, aide and admin who receive them. People use the daemon's
// HTTPS API, and their movements act on the simulated devices; nothing else is used. The file's format is in the README.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "models/base/result.h"
#include "simulated/devices/post.h"

namespace gapura::simulated {

using StepValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;

struct Step {
  std::string act;  // "register", "show", "expect", …
  std::map<std::string, StepValue> values;
  int line = 0;

  std::string text(const std::string& key, const std::string& otherwise = {}) const;
  std::int64_t number(const std::string& key, std::int64_t otherwise) const;
  double seconds(const std::string& key, double otherwise) const;
  bool flag(const std::string& key, bool otherwise) const;
  std::vector<std::string> texts(const std::string& key) const;
  bool has(const std::string& key) const { return values.contains(key); }
};

struct Episode {
  std::string title;
  std::vector<Step> steps;
};

struct Scenario {
  bool loop = false;
  double pause_s = 30;  // between two rounds
  std::vector<Episode> episodes;
};

// bad_input with every mistake in the file, one "file:line: …" per line.
Result<Scenario> load_scenario(const std::string& file);

struct PlayerSettings {
  std::string api;               // https://127.0.0.1:8443
  std::string ca_file;           // verifies it
  std::string credentials_file;  // TOML or JSON: guard, aide, admin, each with name and password, or token
  bool once = false;             // one round; the first unexpected result ends it
  std::function<void(const std::string&)> print_line;  // one line per step
};

// Plays until the end, or until stopped (which is no error). With `once` the first failure is returned; otherwise it is
// printed, the episode's visitors are cleared away and the next episode starts.
Status play(const Scenario& scenario, Post& post, const PlayerSettings& settings, const std::stop_token& stop);

}  // namespace gapura::simulated
