// SPDX-License-Identifier: Apache-2.0
// Personal data: periods and destructions, legal holds, the data-subject desk, the breach list.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/web/queries/answer.h"
#include "models/record/events.h"
#include "models/record/retention.h"

namespace gapura::gateway::answer {

// A rule that is agreed by one admin, or by none yet.
struct NextRule {
  static constexpr const char* schema = "NextRule";
  int days = 0;
  RetentionAction action{};
  std::optional<std::string> agreed_by;
  GAPURA_FIELDS(days, action, agreed_by);
};

struct RetentionClass {
  static constexpr const char* schema = "RetentionClass";
  gapura::RetentionClass class_{};
  std::string jra;
  int days = 0;
  RetentionAction action{};
  std::optional<UtcTime> before;
  std::int64_t due = 0, held = 0;
  std::optional<UtcTime> oldest;
  std::optional<NextRule> next;
  GAPURA_FIELDS(class_, jra, days, action, before, due, held, oldest, next);
};

struct KnownBackup {
  static constexpr const char* schema = "KnownBackup";
  std::string name;
  UtcTime made;
  std::int64_t entries = 0;
  GAPURA_FIELDS(name, made, entries);
};

struct ErasedClass {
  static constexpr const char* schema = "ErasedClass";
  std::string class_, jra;
  int days = 0;
  UtcTime before;
  std::int64_t visits = 0, persons = 0, notes = 0, deposits = 0, pictures = 0, clips = 0;
  GAPURA_FIELDS(class_, jra, days, before, visits, persons, notes, deposits, pictures, clips);
};

struct ErasureRun {
  static constexpr const char* schema = "ErasureRun";
  std::string id;
  std::optional<std::string> guest;
  std::string approved_by;
  UtcTime approved;
  std::optional<UtcTime> finished;
  std::vector<ErasedClass> classes;
  GAPURA_FIELDS(id, guest, approved_by, approved, finished, classes);
};

struct ErasureRuns {
  std::vector<ErasureRun> runs;
  GAPURA_FIELDS(runs);
};

struct Retention {
  std::vector<RetentionClass> classes;
  std::int64_t open_visits = 0, anonymised = 0;
  std::vector<KnownBackup> backups;
  std::optional<ErasureRun> run;  // under way
  GAPURA_FIELDS(classes, open_visits, anonymised, backups, run);
};

struct LegalHold {
  static constexpr const char* schema = "LegalHold";
  std::string id;
  std::optional<std::string> guest, visit;
  std::string made_by;
  UtcTime made;
  std::string reason;
  GAPURA_FIELDS(id, guest, visit, made_by, made, reason);
};

struct LegalHolds {
  std::vector<LegalHold> holds;
  GAPURA_FIELDS(holds);
};

struct Subject {
  static constexpr const char* schema = "Subject";
  std::string guest, name, phone;
  std::int64_t visits = 0;
  std::optional<UtcTime> last;
  bool restricted = false;
  std::optional<UtcTime> erased;
  bool held = false;
  GAPURA_FIELDS(guest, name, phone, visits, last, restricted, erased, held);
};

struct Subjects {
  std::vector<Subject> people;
  bool more = false;
  GAPURA_FIELDS(people, more);
};

struct Case {
  static constexpr const char* schema = "Case";
  std::string id, guest;
  CaseKind kind{};
  CaseState state{};
  std::string requester, purpose, opened_by;
  UtcTime opened, due;
  std::optional<std::int64_t> minutes_left;
  std::optional<std::string> closed_by;
  std::optional<UtcTime> closed;
  std::string ground;
  GAPURA_FIELDS(id, guest, kind, state, requester, purpose, opened_by, opened, due, minutes_left, closed_by, closed,
                ground);
};

struct Cases {
  std::vector<Case> cases;
  GAPURA_FIELDS(cases);
};

GAPURA_ENUM(Reached, touched, visible);

struct BreachPerson {
  static constexpr const char* schema = "BreachPerson";
  std::string guest, name, phone;
  std::vector<std::string> fields_;
  std::int64_t visits = 0;
  UtcTime first, last;
  Reached how{};
  GAPURA_FIELDS(guest, name, phone, fields_, visits, first, last, how);
};

struct Breach {
  std::vector<BreachPerson> people;
  std::int64_t entries = 0;
  std::optional<UtcTime> from, to;
  GAPURA_FIELDS(people, entries, from, to);
};

}  // namespace gapura::gateway::answer
