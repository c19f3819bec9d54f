// SPDX-License-Identifier: Apache-2.0
// Finds whom a form is about, and plans visits: one by one, and as a list that is stored as a whole or not at all.
#include <algorithm>

#include "gateway/core/change_tools.h"
#include "gateway/core/visits.h"
#include "models/visit/identity.h"

namespace gapura::gateway {
namespace {

constexpr const char* new_person = "new";  // GuestForm::person
constexpr std::size_t most_rows = 2000;

std::string ids_of(const std::vector<KnownPerson>& people) {
  std::string ids;
  for (const auto& one : people) ids += (ids.empty() ? "" : ", ") + one.guest.str();
  return ids;
}

}  // namespace

// The same number and name are one person. The same number with another name may be a relative or the same person spelt
// differently, and an expected guest without a number may be the one who arrives: the caller is asked. Otherwise a name
// alone proves nothing: two guests of one name are two people.
Result<VisitsPart::Who> VisitsPart::who_is(const GuestForm& form, bool arrives) {
  Who who;
  if (!form.person.empty() && form.person != new_person) {
    who.known = TRY(person_meant(form, arrives));
    return who;
  }
  const bool has_phone = !read_phone(form.phone).form.empty();
  if (!form.phone.empty()) {
    auto people = TRY(site_.registry.find_people(form.phone, form.name));
    if (!people.empty() && people.front().same_name) {
      who.known = std::move(people.front());
      return who;
    }
    if (has_phone && !people.empty() && form.person != new_person) {
      who.by_number = true;
      who.ask = std::move(people);
      return who;
    }
  }
  if (form.person == new_person) return who;
  auto namesakes = TRY(site_.registry.find_namesakes(form.name));
  for (auto& one : namesakes) {
    const bool expected = one.state == VisitState::planned || (arrives && one.state == VisitState::arrived);
    if ((!has_phone || !one.has_phone) && expected == arrives) who.ask.push_back(std::move(one));
  }
  return who;
}

// Returns the person of `form.person`: one of those that the form's number or name lead to, or, for an arrival, the one of
// an open visit. No other id is accepted, because the journal shows ids to accounts that may not read the person. Errors:
// not_found, and the registry's.
Result<KnownPerson> VisitsPart::person_meant(const GuestForm& form, bool arrives) {
  auto person = TRY(site_.registry.find_person(form.person));
  if (arrives && person && person->visit == VisitId(form.person)) return std::move(*person);
  auto could = TRY(site_.registry.find_namesakes(form.name));
  if (!form.phone.empty()) {
    const auto of_number = TRY(site_.registry.find_people(form.phone, form.name));
    could.insert(could.end(), of_number.begin(), of_number.end());
  }
  const bool leads =
      person && std::any_of(could.begin(), could.end(), [&](const auto& one) { return one.guest == person->guest; });
  if (!leads) return fail(ErrorKind::not_found, "person: neither this number nor this name leads to a person with this id");
  return std::move(*person);
}

Change VisitsPart::ask_who(const Who& who) {
  Change change =
      refuse(ErrorKind::same_person,
             who.by_number ? "this telephone number is known under another name: say whether it is the same person"
                           : "a person of this name is expected or here: say whether it is the same person");
  for (const auto& one : who.ask) change.refusal->ids.push_back(one.guest.str());
  return change;
}

std::optional<Change> VisitsPart::other_open(const GuestForm& form, const GuestId& guest) {
  if (read_phone(form.phone).form.empty()) return std::nullopt;
  const auto people = site_.registry.find_people(form.phone, form.name);
  if (!people) return refuse(people.error().kind, people.error().message);
  for (const auto& one : *people) {
    if (one.guest == guest || one.visit.empty() || one.state == VisitState::planned) continue;
    if (one.same_name) return refuse(ErrorKind::conflict, "this guest already has an open visit");
    if (form.person == one.guest.str())
      return refuse(ErrorKind::conflict, "this guest already has an open visit: close the one that is too many");
    if (form.person != new_person) return ask_who({std::nullopt, {one}, true});
  }
  return std::nullopt;
}

// An expected and an arrived guest who are one person are one guest: a plan for a guest who is here already is only
// recorded.
VisitsPart::PlannedAs VisitsPart::place_plan(const std::optional<GuestId>& known, UtcTime from) {
  PlannedAs as;
  as.new_guest = !known;
  as.guest = known.value_or(GuestId(site_.random_id("g-")));
  const auto here = known ? site_.registry.find_open_visit(as.guest) : std::nullopt;
  const auto earlier = known && !here ? site_.registry.find_plan(as.guest, from) : std::nullopt;
  as.here = here.has_value();
  as.new_visit = !here && !earlier;
  as.visit = here ? *here : earlier ? *earlier : VisitId(site_.random_id("v-"));
  return as;
}

// Whether the plan joins a visit that this aide may not act on: off duty an aide invites only guests of their own.
bool VisitsPart::is_put_to_another(const PlannedAs& as, const Actor& actor) const {
  if (actor.role != Role::aide || as.new_visit) return false;
  const Visit* visit = site_.state.find_visit(as.visit);
  return visit == nullptr || !site_.is_put_to(actor.user, *visit);
}

void VisitsPart::write_plan(Change& change, const GuestForm& form, UtcTime from, UtcTime until, const PlannedAs& as,
                            const Actor& actor, const Now& now) {
  const std::string salt = site_.random_bytes(16);
  change.entries.push_back(visit_entry(actor, as.visit,
                                       VisitPlanned{.guest = as.guest,
                                                    .category = form.category,
                                                    .form = form_commitment(form, salt),
                                                    .party = party_of(form.party),
                                                    .from = from,
                                                    .until = until,
                                                    .merged = as.here}));
  if (!as.here)
    change.rows.emplace_back(FormRow{.form = form,
                                     .guest = as.guest,
                                     .visit = as.visit,
                                     .new_guest = as.new_guest,
                                     .new_visit = as.new_visit,
                                     .salt = salt,
                                     .arrived = now.utc});
}

Change VisitsPart::run(const PlanVisit& asked, const Actor& actor, const Now& now) {
  GuestForm form = asked;
  if (auto mistake = mistake_in(form, false)) return std::move(*mistake);
  if (asked.until <= asked.from) return refuse(ErrorKind::bad_input, "until: expected a time after from");
  if (asked.until <= now.utc) return refuse(ErrorKind::bad_input, "until: this time has passed");
  const auto who = who_is(form, false);
  if (!who) return refuse(who.error().kind, who.error().message);
  if (!who->ask.empty()) return ask_who(*who);
  std::optional<GuestId> known;
  if (who->known) {
    known = who->known->guest;
    // The post has seen the name in a document; a plan only states it.
    if (!who->known->full_name.empty()) form.name = who->known->full_name;
  }
  if (auto no = foreign_picture(form.portrait, form.portrait_of, known)) return std::move(*no);
  Change change;
  const PlannedAs as = place_plan(known, asked.from);
  if (is_put_to_another(as, actor)) return refuse_off_duty();
  write_plan(change, form, asked.from, asked.until, as, actor, now);
  change.reply.id = as.visit.str();
  return change;
}

// Returns the guest that a line is about; none where the line has a mistake, which is added to `mistakes`. Errors: the
// registry's.
Result<std::optional<VisitsPart::RowGuest>> VisitsPart::guest_of_row(const GuestRow& row, const RowsSoFar& so_far,
                                                                     std::vector<RowMistake>& mistakes) {
  const GuestForm& form = row.form;
  const auto wrong = [&](const char* column, RowFault what, std::string about, std::string person = {}) {
    if (about.empty()) about = "(dibatasi)";
    mistakes.push_back({row.line, column, what, std::move(about), std::move(person)});
    return std::optional<RowGuest>();
  };
  const std::string phone = read_phone(form.phone).form;
  if (form.person.empty() || form.person == new_person) {
    if (const auto* same = so_far.find(phone, name_form(form.name))) return RowGuest{same->guest, same->full_name, true};
    if (const auto* other = so_far.find(phone); other && form.person.empty())
      return wrong("phone", RowFault::same_person, other->full_name);
  }
  const auto who = who_is(form, false);
  if (!who && who.error().kind == ErrorKind::not_found) return wrong("person", RowFault::unknown_person, form.person);
  if (!who) return tl::unexpected(who.error());
  if (!who->ask.empty())
    return wrong(who->by_number ? "phone" : "name", who->by_number ? RowFault::same_person : RowFault::same_name,
                 who->ask.front().full_name, ids_of(who->ask));
  if (who->known)
    return RowGuest{who->known->guest, who->known->full_name.empty() ? form.name : who->known->full_name, false};
  if (form.person == new_person) return RowGuest{std::nullopt, form.name, false};
  // A list that is imported twice creates no second guests.
  auto again = TRY(site_.registry.find_namesakes(form.name));
  std::erase_if(again, [&](const auto& one) {
    return (!phone.empty() && one.has_phone) || !site_.registry.find_plan(one.guest, row.from);
  });
  if (!again.empty()) return wrong("name", RowFault::already_expected, form.name, ids_of(again));
  return RowGuest{std::nullopt, form.name, false};
}

// The mistakes of all lines are reported together; the entries and rows of all lines are one transaction, or there are
// none.
Change VisitsPart::run(const ImportGuests& asked, const Actor& actor, const Now& now) {
  Change change;
  ImportResult& result = change.reply.import;
  RowsSoFar so_far;
  if (asked.rows.size() > most_rows) {
    result.mistakes.push_back({asked.rows[most_rows].line, "", RowFault::too_many_rows, std::to_string(most_rows)});
    return change;
  }
  for (const GuestRow& row : asked.rows) {
    if (row.until <= row.from) result.mistakes.push_back({row.line, "until", RowFault::until_before_from});
    if (row.until <= now.utc) result.mistakes.push_back({row.line, "until", RowFault::passed});
    if (const auto mistake = mistake_in(row.form, false)) {
      result.mistakes.push_back({row.line, "", RowFault::refused, mistake->refusal->message});
      continue;
    }
    const auto guest = guest_of_row(row, so_far, result.mistakes);
    if (!guest) return refuse(guest.error().kind, guest.error().message);
    if (!*guest) continue;
    PlannedAs as = place_plan((*guest)->known, row.from);
    if (is_put_to_another(as, actor)) return refuse_off_duty();
    if ((*guest)->of_this_list) as.new_guest = false;
    if (const auto earlier = so_far.find_plan(as.guest, row.from); earlier && !as.here) {
      as.visit = *earlier;
      as.new_visit = false;
    }
    GuestForm form = row.form;
    form.name = (*guest)->full_name;
    so_far.add({read_phone(form.phone).form, name_form(row.form.name), form.name, as.guest});
    so_far.add(as.guest, as.visit, row.from, row.until);
    ++(as.new_visit ? result.planned : result.merged);
    if (!asked.dry_run && result.mistakes.empty()) write_plan(change, form, row.from, row.until, as, actor, now);
  }
  if (!result.mistakes.empty()) {
    result.planned = result.merged = 0;
    change.entries.clear();
    change.rows.clear();
  }
  return change;
}

}  // namespace gapura::gateway
