// SPDX-License-Identifier: Apache-2.0
// What the journal's leaves say, added up a second time by other code than models/site_state.cpp, and the rule of access
// stated a second time. Deliberately plain: this is what the core is measured against.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/site.h"
#include "models/site_event.h"

namespace gapura::simulation {

struct LedgerVisit {
  std::string guest, approval = "none", screening = "pending", area = "at_post", outcome;
  UtcTime accepted_from;  // of accept_later
  bool met = false;       // was in the residence, and left it or the site
  bool closed() const { return !outcome.empty(); }
};

struct LedgerBadge {
  std::string visit, ended;  // ended: revoked | returned
  UtcTime issued, valid_until;
  int entries = 0;  // taken, from outside
};

struct Ledger {
  explicit Ledger(const SiteConfig& config) : site(config) {}
  // An entry that is out of order with what came before is a violation: its sentence. Empty: none.
  std::string add(const Entry& entry);
  // Why this badge may not pass this point, by what the journal says; words of DenialReason. Empty: it may.
  std::vector<std::string> objections(const AccessPointConfig& point, const std::string& badge, UtcTime now) const;
  const AccessPointConfig* find_point(const std::string& id) const;

  const SiteConfig& site;
  std::unordered_map<std::string, LedgerVisit> visits;
  std::unordered_map<std::string, LedgerBadge> badges;
  std::map<std::uint64_t, Entry> intents;               // without an outcome yet
  std::unordered_map<std::string, std::string> open_of_guest;  // guest → open visit
  bool stopped = false;                                 // granting_stopped since the last site_opened
  std::uint64_t departures = 0, grants = 0, denials = 0, passages = 0;

 private:
  std::string add_access(const Entry& entry);
  std::string add_visit(const Entry& entry);
};

}  // namespace gapura::simulation
