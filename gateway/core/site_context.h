// SPDX-License-Identifier: Apache-2.0
// The site, its state, and queries on both, shared by the parts of the gate.
#pragma once

#include <optional>
#include <string>

#include "gateway/contract/change.h"
#include "gateway/contract/clock.h"
#include "gateway/contract/lookup.h"
#include "models/record/site_state.h"
#include "models/site/schedule.h"

namespace gapura::gateway {

// Thread: core only. Owned by the Gate; the parts keep a reference.
struct SiteContext {
  const SiteConfig config;
  SiteState state;  // changed by Gate::commit() only
  RegistryLookup& registry;
  PersonalDataLookup* const personal_data;  // null where commands on personal data are not supported
  Randomness randomness;
  const UtcTime started;        // closes of day before this are not made up for
  Now latest;                   // of the last step
  std::string storage_problem;  // not empty: nothing is granted

  bool granting() const { return storage_problem.empty(); }

  // ---- Look-ups. Null: there is none.
  const AccessPointConfig* find_point(const ReaderId& reader) const;
  const AccessPointConfig* find_point(const AccessPointId& id) const { return gapura::find_point(config, id); }
  const Area* find_area(const AreaId& id) const;
  const Visit* find_open_visit(const VisitId& id) const;

  HoursVerdict hours_for(const std::string& category, bool invited, const Now& now) const;
  // Returns the first instant after `after` at which the site's clock shows `minutes`.
  UtcTime next_at(Minutes minutes, UtcTime after) const;
  std::string random_id(const char* prefix) const;  // prefix and sixteen hexadecimal digits
  std::string random_bytes(std::size_t count) const;

  // ---- Alarms: at most one per kind and subject.
  // An active alarm is not entered again. One whose cause ended before it was acknowledged is raised again as the same
  // alarm.
  void raise(Change& change, AlarmKind kind, const std::string& subject, const VisitId& visit = {},
             bool silent = false) const;
  void clear(Change& change, AlarmKind kind, const std::string& subject, bool silent = false) const;
  const Alarm* find_alarm(AlarmKind kind, const std::string& subject, bool active, bool silent = false) const;

  // ---- The aides' roster
  std::string second_aide() const;                               // user id; empty: none
  bool is_put_to(const UserId& aide, const Visit& visit) const;  // whether the aide may decide it
};

}  // namespace gapura::gateway
