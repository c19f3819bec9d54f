// SPDX-License-Identifier: Apache-2.0
// What the parts of the gate share: the site, its state, and the small questions about both.
#pragma once

#include <optional>
#include <string>

#include "gateway/clock.h"
#include "gateway/contract/change.h"
#include "gateway/contract/lookup.h"
#include "models/schedule.h"
#include "models/site_state.h"

namespace gapura::gateway {

// Thread: core only. Owned by the Gate; the parts keep a reference.
struct SiteContext {
  const SiteConfig config;
  SiteState state;  // changes by Gate::commit() alone
  RegistryLookup& registry;
  PersonalDataLookup* const personal_data;  // null where nothing is to be done about it
  Randomness randomness;
  const UtcTime started;        // no earlier close of day is made up for
  Now latest;                   // of the last step
  std::string storage_problem;  // not empty: nothing is granted

  bool granting() const { return storage_problem.empty(); }

  // ---- Looking up. Null: there is none.
  const AccessPointConfig* find_point(const ReaderId& reader) const;
  const AccessPointConfig* find_point(const AccessPointId& id) const { return gapura::find_point(config, id); }
  const Area* find_area(const AreaId& id) const;
  const Visit* find_open_visit(const VisitId& id) const;

  HoursVerdict hours_for(const std::string& category, bool invited, const Now& now) const;
  // The first instant after `after` at which the site's clock shows `minutes`.
  UtcTime next_at(Minutes minutes, UtcTime after) const;
  std::string random_id(const char* prefix) const;  // prefix and sixteen hexadecimal digits
  std::string random_bytes(std::size_t count) const;

  // ---- Alarms: one kind and subject stands once.
  // Not entered again while it stands. One that went by itself, unacknowledged, comes back as the same alarm.
  void raise(Change& change, AlarmKind kind, const std::string& subject, const VisitId& visit = {},
             bool silent = false) const;
  void clear(Change& change, AlarmKind kind, const std::string& subject, bool silent = false) const;
  const Alarm* find_alarm(AlarmKind kind, const std::string& subject, bool active, bool silent = false) const;

  // ---- The aides' roster
  std::string second_aide() const;                               // user id; empty: none
  bool is_put_to(const UserId& aide, const Visit& visit) const;  // may they decide it?
};

}  // namespace gapura::gateway
