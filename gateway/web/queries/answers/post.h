// SPDX-License-Identifier: Apache-2.0
// The post: the guards' shift, the aides' duty, the leader, hosts, the procedures in force.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/web/queries/answers/visits.h"
#include "models/sop/sop.h"

namespace gapura::gateway::answer {

// What the next guard takes over, counted.
struct ToHandOver {
  std::int64_t visits = 0, badges = 0, deposits = 0, alarms = 0;
  std::vector<std::string> devices_offline;
  GAPURA_FIELDS(visits, badges, deposits, alarms, devices_offline);
};

struct Shift {
  static constexpr const char* schema = "Shift";
  std::optional<std::uint64_t> entry;
  std::vector<Person> guards;
  std::optional<Person> handed_to;
  bool attended = false;
  std::optional<std::string> note;
  std::vector<Person> colleagues;
  ToHandOver to_hand_over;
  GAPURA_FIELDS(entry, guards, handed_to, attended, note, colleagues, to_hand_over);
};

struct Duty {
  static constexpr const char* schema = "Duty";
  std::optional<Person> first, second, offered_to;
  std::vector<Person> aides;
  GAPURA_FIELDS(first, second, offered_to, aides);
};

struct Leader {
  std::optional<std::string> state;
  GAPURA_FIELDS(state);
};

struct Host {
  static constexpr const char* schema = "Host";
  std::string id, name;
  std::optional<std::string> unit;
  bool receives = false, escorts = false;
  GAPURA_FIELDS(id, name, unit, receives, escorts);
};

struct Hosts {
  std::vector<Host> hosts;
  GAPURA_FIELDS(hosts);
};

struct SopStep {
  static constexpr const char* schema = "SopStep";
  std::string id, activity, executor, symbol;
  Evidence evidence = Evidence::attested;
  std::optional<std::string> event;
  std::vector<std::string> inputs;
  std::optional<std::int64_t> time_limit_s;
  std::string output;
  LeftOut<std::vector<StepAnswer>> answers;
  GAPURA_FIELDS(id, activity, executor, symbol, evidence, event, inputs, time_limit_s, output, answers);
};

struct SopGate {
  static constexpr const char* schema = "SopGate";
  std::string area;
  std::vector<std::string> requires_;
  GAPURA_FIELDS(area, requires_);
};

struct Sop {
  static constexpr const char* schema = "Sop";
  std::string id, number, title, unit;
  int revision = 0;
  std::string hash;
  UtcTime effective;
  std::vector<std::string> categories;
  std::vector<SopStep> steps;
  std::vector<SopGate> gates;
  GAPURA_FIELDS(id, number, title, unit, revision, hash, effective, categories, steps, gates);
};

struct Sops {
  std::vector<Sop> sops;
  GAPURA_FIELDS(sops);
};

}  // namespace gapura::gateway::answer
