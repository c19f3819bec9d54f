// SPDX-License-Identifier: Apache-2.0
// The journal's leaves, folded by other code than models/record/fold.cpp, and the rules of access, stated independently.
// Deliberately simple: the core is checked against this.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/record/site_event.h"
#include "models/site/site.h"

namespace gapura::simulation {

using Places = std::map<std::string, int>;  // area → people

struct LedgerVisit {
  std::string sop;  // in force at the arrival; empty: none
  std::string guest, category, approval = "none", screening = "pending", escort = "none", outcome;
  int party = 1;
  Places where;
  std::optional<UtcTime> accepted_from, screened, seen;  // seen: by last evidence of where they are
  int deposits = 0;                                      // in the lockers
  bool hours_permit = false;                             // accepted outside visiting hours
  bool here = false;                                     // registered, not only planned
  bool met = false;                                      // all have come out of the inner rooms again
  bool was_in = false;                                   // a person of the party is, or was last, in them
  bool unaccounted = false, forgiven = false, exempt = false, disputed = false;
  std::set<std::string> attested;  // steps of the procedure that were attested
  std::string permitted_by;        // the aide who permitted more of the party than the procedure; empty: none
  std::string badge;               // the last one issued, unless it is a card and back in the box
  bool at_post = false;            // registered, and has passed no point since
  bool closed() const { return !outcome.empty(); }
  int count(const std::string& area) const;
  int inside() const;  // beyond the waiting room
};

struct LedgerBadge {
  std::string visit, kind = "paper", state = "issued";
  UtcTime issued, valid_until;
  int uses_allowed = 0, uses = 0;
  bool duress = false, forgiven = false;
  std::string area = "outside", passed_into;  // area: of staff
  std::optional<UtcTime> passed;
  bool is_staff() const { return kind == "staff"; }
};

struct LedgerIntent {
  std::string point, visit, badge, partner;
  int people() const { return partner.empty() ? 1 : 2; }
};

// A host who went first into an ordered area, and who followed.
struct LedgerGroup {
  BootTime last;
  int followers = 0;
};

// What a guard may still undo.
struct LedgerUndoable {
  UtcTime at;
  std::string visit;
};

struct LedgerRefusal {
  std::string badge;
  BootTime at;
};

struct Ledger {
  explicit Ledger(const SiteConfig& config) : site(config) {}
  // Adds an entry. Returns a sentence when it contradicts what came before, which is a violation; empty: none.
  std::string add(const Entry& entry);
  // Returns why this badge may not pass this point, according to the journal, as words of DenialReason. Empty: it may.
  std::vector<std::string> objections(const AccessPointConfig& point, const std::string& badge, const Now& now) const;
  // Returns why this badge cannot be the second person's of a grant here; empty: it can.
  std::vector<std::string> objections_to_partner(const AccessPointConfig& point, const std::string& first,
                                                 const std::string& partner, const Now& now) const;
  int people_in(const std::string& area) const;
  const Sop* find_procedure(const LedgerVisit& visit) const;
  // Returns the steps that the visit's procedure requires here and that are not done.
  std::vector<std::string> missing_steps(const AccessPointConfig& point, const LedgerVisit& visit) const;
  // Whether this person of the visit would be one more than the procedure allows at once. `permitted`: by the aide.
  bool is_over_limit(const AccessPointConfig& point, const std::string& badge, bool permitted) const;
  // Returns the visit whose passage through a detector it must have been; empty: there are several, or none.
  std::string only_visit_to_screen() const;
  bool has_visit_at_post() const;
  const AccessPointConfig* find_point(const std::string& id) const;
  const Area* find_area(const AreaId& id) const;

  const SiteConfig& site;
  std::unordered_map<std::string, LedgerVisit> visits;
  std::unordered_map<std::string, LedgerBadge> badges;
  std::map<std::uint64_t, LedgerIntent> intents;               // without an outcome yet
  std::unordered_map<std::string, std::string> open_of_guest;  // guest → open visit
  std::set<std::uint64_t> alarms;                              // not yet acknowledged
  std::set<std::string> lockdowns;                             // plans in force
  std::map<std::string, std::string> modes;                    // of portals
  std::map<std::string, std::uint64_t> mode_entries;           // that set them
  std::map<std::string, LedgerGroup> groups;                   // of ordered areas, since the last start
  std::map<std::string, LedgerRefusal> alone;                  // the last refusal at a point for want of a second person
  std::map<std::uint64_t, std::string> standing;               // active alarms: kind, place, silent
  std::optional<UtcTime> passback_reset;
  std::map<std::uint64_t, LedgerUndoable> undoable;
  std::set<std::string> guards;                 // on duty
  std::string handed_to;                        // the guard who is offered the post and has not accepted
  std::optional<std::set<std::string>> muster;  // a roll call under way, and who is safe
  bool stopped = false;                         // granting_stopped since the last site_opened
  std::uint64_t departures = 0, grants = 0, denials = 0, passages = 0;

 private:
  std::string add_access(const Entry& entry);
  void pass(const Entry& entry, const std::string& badge, const AccessPointConfig& point, bool seen);
  std::string add_post(const Entry& entry);
  std::string hand_over(const Entry& entry) const;
  void object_to_place(std::vector<std::string>& against, const AccessPointConfig& point, const LedgerBadge& badge,
                       const LedgerVisit* visit, const Now& now) const;
  void object_to_room(std::vector<std::string>& against, const AccessPointConfig& point, const LedgerBadge& badge,
                      const LedgerVisit* visit, const Now& now) const;
  void object_to_visit(std::vector<std::string>& against, const AccessPointConfig& point, const LedgerVisit& visit,
                       const Now& now) const;
  void object_to_procedure(std::vector<std::string>& against, const AccessPointConfig& point, const std::string& badge,
                           const LedgerVisit& visit) const;
  std::string add_visit(const Entry& entry);
  std::string open(const Entry& entry, LedgerVisit& visit);
  void decide(const Entry& entry, LedgerVisit& visit) const;
  void undo(const Entry& entry, LedgerVisit& visit);
  void add_badge(const Entry& entry);
};

}  // namespace gapura::simulation
