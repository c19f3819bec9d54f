// SPDX-License-Identifier: Apache-2.0
// What the journal's leaves say, added up a second time by other code than models/fold.cpp, and the rule of access stated a
// second time. Deliberately plain: this is what the core is measured against.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/site.h"
#include "models/site_event.h"

namespace gapura::simulation {

using Places = std::map<std::string, int>;  // area → people

struct LedgerVisit {
  std::string guest, category, approval = "none", screening = "pending", outcome;
  int party = 1;
  Places where;
  std::optional<UtcTime> accepted_from, screened;
  int deposits = 0;           // in the lockers
  bool hours_permit = false;  // accepted though it is no visiting hour
  bool here = false;          // registered, not only planned
  bool met = false;           // all came out of the residence again
  bool was_in = false;        // somebody is, or was last, in the residence
  bool unaccounted = false, forgiven = false, disputed = false;
  bool closed() const { return !outcome.empty(); }
  int count(const std::string& area) const;
};

struct LedgerBadge {
  std::string visit, state = "issued";
  UtcTime issued, valid_until;
  int uses_allowed = 0, uses = 0;
};

struct LedgerIntent {
  std::string point, visit, badge;
};

struct Ledger {
  explicit Ledger(const SiteConfig& config) : site(config) {}
  // An entry that is out of order with what came before is a violation: its sentence. Empty: none.
  std::string add(const Entry& entry);
  // Why this badge may not pass this point, by what the journal says; words of DenialReason. Empty: it may.
  std::vector<std::string> objections(const AccessPointConfig& point, const std::string& badge, const Now& now) const;
  const AccessPointConfig* find_point(const std::string& id) const;
  const Area* find_area(const AreaId& id) const;

  const SiteConfig& site;
  std::unordered_map<std::string, LedgerVisit> visits;
  std::unordered_map<std::string, LedgerBadge> badges;
  std::map<std::uint64_t, LedgerIntent> intents;               // without an outcome yet
  std::unordered_map<std::string, std::string> open_of_guest;  // guest → open visit
  std::set<std::uint64_t> alarms;                              // nobody acknowledged yet
  std::set<std::string> lockdowns;                             // plans in force
  std::map<std::string, std::string> modes;                    // of portals
  bool stopped = false;                                        // granting_stopped since the last site_opened
  std::uint64_t departures = 0, grants = 0, denials = 0, passages = 0;

 private:
  std::string add_access(const Entry& entry);
  std::string add_visit(const Entry& entry);
  std::string open(const Entry& entry, LedgerVisit& visit);
  void decide(const Entry& entry, LedgerVisit& visit) const;
  void undo(const Entry& entry, LedgerVisit& visit);
  void add_badge(const Entry& entry);
};

}  // namespace gapura::simulation
