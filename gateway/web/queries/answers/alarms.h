// SPDX-License-Identifier: Apache-2.0
// Alarms, and the report on them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/web/queries/answer.h"
#include "models/record/events.h"

namespace gapura::gateway::answer {

struct Alarm {
  static constexpr const char* schema = "Alarm";
  std::int64_t number = 0;
  std::string kind;
  AlarmPriority priority = AlarmPriority::medium;
  std::string subject;
  bool silent = false, active = false;
  UtcTime raised;
  std::optional<UtcTime> cleared;
  std::optional<std::string> acknowledged_by, handling;
  GAPURA_FIELDS(number, kind, priority, subject, silent, active, raised, cleared, acknowledged_by, handling);
};

struct Alarms {
  std::vector<Alarm> alarms;
  GAPURA_FIELDS(alarms);
};

struct StandingAlarms {
  std::vector<Alarm> alarms;  // the most urgent
  std::int64_t total = 0;
  GAPURA_FIELDS(alarms, total);
};

struct AlarmRate {
  static constexpr const char* schema = "AlarmRate";
  std::int64_t day = 0;
  double per_10_minutes = 0;
  std::int64_t worst_10_minutes = 0;
  GAPURA_FIELDS(day, per_10_minutes, worst_10_minutes);
};

struct Chatter {
  static constexpr const char* schema = "Chatter";
  std::string kind;
  std::optional<std::string> subject;
  std::int64_t times = 0;
  UtcTime last;
  GAPURA_FIELDS(kind, subject, times, last);
};

struct KindCount {
  static constexpr const char* schema = "KindCount";
  std::string kind;
  std::int64_t times = 0;
  GAPURA_FIELDS(kind, times);
};

struct Fix {
  static constexpr const char* schema = "Fix";
  std::string subject;
  std::int64_t times = 0;
  std::vector<KindCount> kinds;
  GAPURA_FIELDS(subject, times, kinds);
};

struct AlarmReport {
  AlarmRate rate;
  std::vector<Chatter> chattering;
  std::vector<Alarm> stale;
  std::vector<Fix> fix;
  GAPURA_FIELDS(rate, chattering, stale, fix);
};

}  // namespace gapura::gateway::answer
