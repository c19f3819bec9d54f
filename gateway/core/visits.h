// SPDX-License-Identifier: Apache-2.0
// Visits: planned, registered, moved, ended, undone; whom a form is about; and timers.
#pragma once

#include <string>
#include <vector>

#include "gateway/core/rows_so_far.h"
#include "gateway/core/site_context.h"

namespace gapura::gateway {

// Thread: core only. visits.cpp: commands; plans.cpp: whom a form is about, plans and lists; visit_timers.cpp: time.
class VisitsPart {
 public:
  explicit VisitsPart(SiteContext& site) : site_(site) {}

  // Runs the due timers of each open visit, in order of their ids: the aide is asked again at asked + T1, T2, T3
  // (PostRules); a held question at hold_until; a metal alarm without disposition at metal_found + prompt and + deviation;
  // a stay that is too long at entered + its limit; a plan without an arrival at the local midnight after expected_until.
  void run_timers(Change& change, const Now& now);
  std::optional<UtcTime> next_due() const;  // of the timers and of the close of day
  void close_day_when_due(Change& change, const Now& now);

  Change run(const PlanVisit&, const Actor&, const Now&);
  Change run(const ImportGuests&, const Actor&, const Now&);
  Change run(const RegisterVisit&, const Actor&, const Now&);
  Change run(const CompleteVisit&, const Actor&, const Now&);
  Change run(const MoveVisit&, const Actor&, const Now&);
  Change run(const CloseVisit&, const Actor&, const Now&);
  Change run(const SetPortrait&, const Actor&, const Now&);
  Change run(const AttestStep&, const Actor&, const Now&);
  Change run(const NoteDeviation&, const Actor&, const Now&);
  Change run(const Undo&, const Actor&, const Now&);
  Change run(const ListAttention&, const Actor&, const Now&);
  Change run(const DecideAttention&, const Actor&, const Now&);

 private:
  // Whom a form is about: a known person, a new one, or one of `ask`, from which the user has to choose.
  struct Who {
    std::optional<KnownPerson> known;
    std::vector<KnownPerson> ask;
    bool by_number = false;  // `ask` has the same number
  };
  Result<Who> who_is(const GuestForm& form, bool arrives);
  Result<KnownPerson> person_meant(const GuestForm& form, bool arrives);
  static Change ask_who(const Who& who);
  // Refuses the number of another guest who has an open visit.
  std::optional<Change> other_open(const GuestForm& form, const GuestId& guest);
  // Returns a refusal when the picture is not this guest's (none: a new guest).
  std::optional<Change> foreign_picture(const std::string& hash, const std::string& portrait_of,
                                        const std::optional<GuestId>& guest);
  std::optional<std::string> why_not_leave(const Visit& visit) const;
  // Whom a line of a list is about. `of_this_list`: an earlier line creates this guest.
  struct RowGuest {
    std::optional<GuestId> known;
    std::string full_name;
    bool of_this_list = false;
  };
  Result<std::optional<RowGuest>> guest_of_row(const GuestRow& row, const RowsSoFar& so_far,
                                               std::vector<RowMistake>& mistakes);
  // The visit that a plan creates or joins.
  struct PlannedAs {
    GuestId guest;
    VisitId visit;
    bool new_guest = false, new_visit = false, here = false;
  };
  PlannedAs place_plan(const std::optional<GuestId>& known, UtcTime from);
  bool is_put_to_another(const PlannedAs& as, const Actor& actor) const;
  void write_plan(Change& change, const GuestForm& form, UtcTime from, UtcTime until, const PlannedAs& as,
                  const Actor& actor, const Now& now);
  UtcTime close_of_day() const;  // the next one
  void close_day(Change& change);

  SiteContext& site_;
};

}  // namespace gapura::gateway
