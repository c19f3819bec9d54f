// SPDX-License-Identifier: Apache-2.0
// Commands on a visit: register, complete, move, close, undo. Each run() either refuses with a sentence or returns the
// entries and rows of the whole change.
#include "gateway/core/visits.h"

#include "gateway/contract/commitment.h"
#include "gateway/core/change_tools.h"
#include "models/base/text.h"
#include "models/visit/identity.h"

namespace gapura::gateway {
namespace {

constexpr int largest_party = 500;

}  // namespace

std::string form_commitment(const GuestForm& form, const std::string& salt) {
  return commitment("gapura.form.v1", salt,
                    {form.name, form.phone, form.institution, form.purpose, form.whom, form.members, form.vehicle,
                     form.identity_type ? word(*form.identity_type) : "", form.identity_last4});
}

// Any other text that is not a number is stored as typed.
std::optional<Change> mistake_in(const std::string& phone) {
  const PhoneFault fault = read_phone(phone).fault;
  if (fault == PhoneFault::exponent)
    return refuse(ErrorKind::bad_input, "phone: the spreadsheet has rounded its digits; enter the number itself");
  if (fault == PhoneFault::two_numbers) return refuse(ErrorKind::bad_input, "phone: two numbers; keep one");
  return std::nullopt;
}

std::optional<Change> mistake_in(const GuestForm& form, bool quick) {
  for (const std::string_view field : std::initializer_list<std::string_view>{form.name, form.phone, form.institution,
                                                                              form.purpose, form.whom, form.vehicle})
    if (field.size() > longest_field) return refuse(ErrorKind::bad_input, "a field is longer than 200 bytes");
  if (form.members.size() > 20'000) return refuse(ErrorKind::bad_input, "members: the list is longer than 20,000 bytes");
  if (form.name.empty() || (!quick && (form.purpose.empty() || form.whom.empty())))
    return refuse(ErrorKind::bad_input, "name, purpose and whom are needed");
  if (!find_word<GuestCategory>(form.category))
    return refuse(ErrorKind::bad_input, "category: expected general or special");
  if (form.party < 1 || form.party > largest_party) return refuse(ErrorKind::bad_input, "party: expected 1 to 500 people");
  if (form.identity_last4.size() > 4)
    return refuse(ErrorKind::bad_input, "identity_last4: only the last four characters are kept");
  return mistake_in(form.phone);
}

std::optional<Change> VisitsPart::foreign_picture(const std::string& hash, const std::string& portrait_of,
                                                  const std::optional<GuestId>& guest) {
  if (hash.empty()) return std::nullopt;
  auto owners = site_.registry.owners_of_picture(hash);
  if (!owners) return refuse(owners.error());
  if (!portrait_of.empty()) owners->emplace_back(portrait_of);
  for (const GuestId& owner : *owners)
    if (!guest || !(owner == *guest))
      return refuse(ErrorKind::bad_input, "portrait: this picture belongs to another person already; take a new one");
  return std::nullopt;
}

Change VisitsPart::run(const RegisterVisit& form, const Actor& actor, const Now& now) {
  if (auto mistake = mistake_in(form, form.quick)) return std::move(*mistake);
  const auto who = who_is(form, true);
  if (!who) return refuse(who.error().kind, who.error().message);
  if (!who->ask.empty()) return ask_who(*who);
  std::optional<GuestId> known;
  if (who->known) known = who->known->guest;
  const auto here = known ? site_.registry.find_open_visit(*known) : std::nullopt;
  const Visit* arrived = here ? site_.state.find_visit(*here) : nullptr;
  if (here && !(arrived && arrived->state == VisitState::arrived))
    return refuse(ErrorKind::conflict, "this guest already has an open visit");
  if (auto no = foreign_picture(form.portrait, form.portrait_of, known)) return std::move(*no);
  const GuestId guest = known.value_or(GuestId(site_.random_id("g-")));
  auto plan = here;
  if (known && !plan) plan = site_.registry.find_plan(*known, now.utc);
  const VisitId visit = plan.value_or(VisitId(site_.random_id("v-")));
  const std::string salt = site_.random_bytes(16);
  const HoursVerdict hours = site_.hours_for(form.category, plan.has_value(), now);

  Change change;
  if (!hours.open) change.reply.out_of_hours = hours.reason ? word(*hours.reason) : "not_now";
  VisitRegistered registered{.guest = guest,
                             .category = form.category,
                             .form = form_commitment(form, salt),
                             .party = party_of(form.party),
                             .portrait = form.portrait,
                             .quick = form.quick,
                             .extended = form.extended,
                             .notice = site_.config.notice,
                             .out_of_hours = change.reply.out_of_hours};
  if (const Sop* sop = sop_in_force(site_.config.sops, form.category, now.utc)) registered.sop = sop->id;
  bool possible = false;
  std::optional<Attention>& attention = registered.attention;
  const auto matches = site_.registry.find_attention(form.phone, form.name, known);
  if (!matches) return refuse(matches.error().kind, "the attention list cannot be read: " + matches.error().message);
  for (const auto& match : *matches) {
    if (!match.answered) possible = true;
    if (match.answered && *match.answered) attention = match.blocks ? Attention::blocked : Attention::match;
  }
  if (!attention && possible) attention = Attention::possible;
  change.entries.push_back(visit_entry(actor, visit, registered));
  if (attention) site_.raise(change, AlarmKind::attention_list, visit.str(), visit);
  change.rows.emplace_back(FormRow{.form = form,
                                   .guest = guest,
                                   .visit = visit,
                                   .new_guest = !known,
                                   .new_visit = !plan,
                                   .salt = salt,
                                   .arrived = now.utc});
  if (!site_.config.notice.empty()) change.rows.emplace_back(NoticeRow{.visit = visit, .notice = site_.config.notice});
  change.reply.id = visit.str();
  return change;
}

Change VisitsPart::run(const CompleteVisit& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (auto mistake = mistake_in(asked, false)) return std::move(*mistake);
  if (asked.category != visit->category || asked.party != visit->party)
    return refuse(ErrorKind::conflict, "category and number of people stay as they were registered");
  if (auto no = foreign_picture(asked.portrait, asked.portrait_of, visit->guest)) return std::move(*no);
  if (auto other = other_open(asked, visit->guest)) return std::move(*other);
  const std::string salt = site_.random_bytes(16);
  Change change;
  change.entries.push_back(visit_entry(actor, visit->id,
                                       VisitCompleted{.guest = visit->guest,
                                                      .category = asked.category,
                                                      .form = form_commitment(asked, salt),
                                                      .party = party_of(asked.party)}));
  change.rows.emplace_back(
      FormRow{.form = asked, .guest = visit->guest, .visit = visit->id, .salt = salt, .arrived = visit->arrived});
  change.reply.id = visit->id.str();
  return change;
}

// A person may record what a person can see. That a guest has left is recorded by closing the visit.
Change VisitsPart::run(const MoveVisit& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  const VisitState to = asked.to;
  if (!may_move(visit->state, to))
    return refuse(ErrorKind::conflict, std::string("a visit that is ") + word(visit->state) + " cannot become " + word(to));
  const bool needs_reason = to == VisitState::cancelled || to == VisitState::no_show || to == VisitState::left_early;
  if (needs_reason && asked.reason.empty()) return refuse(ErrorKind::bad_input, "this needs a reason");
  if (to == VisitState::called && visit->approval != Approval::accepted && visit->approval != Approval::accepted_later)
    return refuse(ErrorKind::conflict, "the aide has not accepted this visit");
  Change change;
  change.entries.push_back(visit_entry(actor, visit->id, VisitMoved{.from = visit->state, .to = to}));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  if (to == VisitState::finished) site_.clear(change, AlarmKind::overstay, visit->id.str());
  change.reply.id = visit->id.str();
  return change;
}

// Returns why it cannot be recorded that a guest has left; none when it can.
std::optional<std::string> VisitsPart::why_not_leave(const Visit& visit) const {
  if (!visit.badges_out.empty()) return "a badge of this visit is still out: take it back, or say why not";
  if (visit.deposits_open > 0) return "deposited items are still in the locker: hand them back, or say why not";
  const int gone = count_in(visit.where, outside_area);
  if (visit.party > 1 && gone < visit.party)
    return std::to_string(visit.party - gone) + " of " + std::to_string(visit.party) +
           " people have not been seen to leave: count again, or say why";
  return std::nullopt;
}

Change VisitsPart::run(const CloseVisit& asked, const Actor& actor, const Now&) {
  const Visit* known = site_.state.find_visit(asked.visit);
  if (known && known->closed) return refuse(ErrorKind::conflict, "this visit has ended already");
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (asked.reason.empty()) {
    if (const auto why = why_not_leave(*visit)) return refuse(ErrorKind::conflict, *why);
    if (visit->state == VisitState::unaccounted)
      return refuse(ErrorKind::conflict, "nobody saw this guest leave: say what became of them");
  }
  Change change;
  end_visit(site_, change, *visit, actor, asked.outcome);
  for (std::size_t i = 0; i < change.entries.size(); ++i)
    if (change.entries[i].type == EventType::visit_closed) add_note(change, i, asked.reason, site_.random_bytes(16));
  change.reply.id = visit->id.str();
  return change;
}

Change VisitsPart::run(const SetPortrait& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (asked.portrait.size() != 64) return refuse(ErrorKind::bad_input, "portrait: expected the hash of a picture");
  if (auto no = foreign_picture(asked.portrait, asked.portrait_of, visit->guest)) return std::move(*no);
  Change change;
  change.entries.push_back(visit_entry(actor, visit->id, PortraitSet{.portrait = asked.portrait}));
  change.reply.id = visit->id.str();
  return change;
}

Change VisitsPart::run(const AttestStep& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  const Sop* sop = find_sop(site_.config.sops, visit->sop);
  if (!sop) return refuse(ErrorKind::conflict, "this visit follows no SOP");
  const SopStep* step = find_step(*sop, asked.step);
  if (!step) return refuse(ErrorKind::not_found, "SOP " + sop->id + " has no step of this name");
  if (step->evidence != Evidence::attested)
    return refuse(ErrorKind::conflict, "this step is proven by what happens, nobody ticks it off");
  const std::string answer = asked.answer;
  if (!step->answers.empty() && answer_text(*step, answer).empty()) {
    std::vector<std::string> expected;
    for (const auto& [one, sentence] : step->answers) expected.push_back(one);
    return refuse(ErrorKind::bad_input, "answer: this step is a decision; expected one of " + joined(expected, ", "));
  }
  if (step->answers.empty() && !answer.empty())
    return refuse(ErrorKind::bad_input, "answer: this step is no decision, it has none");
  const std::string was = find_attestation(*visit, step->id);
  if (was == attestation(step->id, answer)) return refuse(ErrorKind::conflict, "this step is done already");
  Change change;
  change.entries.push_back(visit_entry(
      actor, visit->id, StepAttested{.step = step->id, .sop = sop->id, .answer = answer, .was = answer_in(was)}));
  change.reply.id = visit->id.str();
  return change;
}

Change VisitsPart::run(const NoteDeviation& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "a deviation needs its reason");
  Change change;
  change.entries.push_back(visit_entry(actor, visit->id, DeviationNoted{.kind = asked.kind, .sop = visit->sop}));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  change.reply.id = visit->id.str();
  return change;
}

// Allowed within five minutes, and only while nothing else has happened to the same subject. The undone entry stays in the
// journal.
Change VisitsPart::run(const Undo& asked, const Actor& actor, const Now& now) {
  const auto entry = site_.registry.find_entry(asked.entry);
  if (!entry) return refuse(ErrorKind::not_found, "no such entry");
  const Visit* visit = site_.state.find_visit(entry->visit);
  if (actor.role == Role::aide && visit && entry->actor != actor.user.str() && !site_.is_put_to(actor.user, *visit))
    return refuse_off_duty();
  if (now.utc - entry->at.utc > undo_limit || !visit)
    return refuse(ErrorKind::conflict, "more than five minutes have passed: correct it by a new entry");
  Undone back{.of = word(entry->type)};
  bool stands = false;
  if (entry->type == EventType::visit_moved) {
    const auto moved = particulars_of<VisitMoved>(*entry);
    stands = moved.to == visit->state && !visit->closed;
    back.state = moved.from;
  } else if (entry->type == EventType::visit_closed) {
    const auto closed = particulars_of<VisitClosed>(*entry);
    stands = visit->closed.has_value();
    back.state = closed.was;
    back.where = closed.where;
    back.presence = closed.presence;
    back.reopened = true;
    if (site_.registry.find_open_visit(visit->guest))
      return refuse(ErrorKind::conflict, "this guest has a newer visit already");
  } else if (entry->type == EventType::screening_recorded) {
    const auto recorded = particulars_of<ScreeningRecorded>(*entry);
    stands = recorded.result == visit->screening && !visit->closed;
    back.screening = recorded.was;
  } else if (entry->type == EventType::step_attested) {
    const auto attested = particulars_of<StepAttested>(*entry);
    stands = find_attestation(*visit, attested.step) == attestation(attested.step, attested.answer) && !visit->closed;
    back.step = attested.step;
    back.answer = attested.was;
  } else if (entry->type == EventType::approval_decided) {
    const auto decided = particulars_of<ApprovalDecided>(*entry);
    stands = visit->approval_version == decided.version && visit->presence != Presence::inside && !visit->closed;
    back.approval = decided.was;
    back.state = decided.was_state;
    back.version = visit->approval_version + 1;
    // The invitation of the previous decision is gone, so the undo cannot restore it.
    if (decided.was == Approval::rescheduled)
      return refuse(ErrorKind::conflict, "choose the new date and hour again instead");
  } else {
    return refuse(ErrorKind::conflict, "this cannot be undone; correct it by a new entry");
  }
  if (!stands) return refuse(ErrorKind::conflict, "something else has happened since: correct it by a new entry");
  Change change;
  Entry undone = visit_entry(actor, visit->id, back);
  undone.ref = asked.entry;
  change.entries.push_back(std::move(undone));
  if (entry->type == EventType::approval_decided) withdraw_invitation(site_, change, *visit, actor, "undone");
  change.reply.id = visit->id.str();
  return change;
}

// ---- People to look out for

Change VisitsPart::run(const ListAttention& asked, const Actor& actor, const Now& now) {
  if (asked.name.empty() || asked.why.empty()) return refuse(ErrorKind::bad_input, "name and why are needed");
  if (asked.name.size() > longest_field || asked.phone.size() > longest_field || asked.why.size() > 500)
    return refuse(ErrorKind::bad_input, "a field is too long");
  if (auto mistake = mistake_in(asked.phone)) return std::move(*mistake);
  const std::string id = site_.random_id("a-");
  Change change;
  change.entries.push_back(command_entry(actor, AttentionListed{.attention = id, .blocks = asked.blocks}));
  change.rows.emplace_back(AttentionRow{.id = id, .person = asked, .made = now.utc});
  change.reply.id = id;
  return change;
}

Change VisitsPart::run(const DecideAttention& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (visit->attention == Attention::none)
    return refuse(ErrorKind::conflict, "this guest matches nobody on the attention list");
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "say how you know");
  const auto matches = site_.registry.find_attention("", "", visit->guest);
  if (!matches) return refuse(matches.error().kind, "the attention list cannot be read: " + matches.error().message);
  const bool blocks = std::any_of(matches->begin(), matches->end(), [](const auto& match) { return match.blocks; });
  Change change;
  const Attention attention = !asked.is_match ? Attention::no_match : blocks ? Attention::blocked : Attention::match;
  change.entries.push_back(visit_entry(actor, visit->id, AttentionDecided{.attention = attention}));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  for (const auto& match : *matches)
    change.rows.emplace_back(AttentionAnswerRow{.attention = match.id, .guest = visit->guest, .is_match = asked.is_match});
  site_.clear(change, AlarmKind::attention_list, visit->id.str());
  change.reply.id = visit->id.str();
  return change;
}

}  // namespace gapura::gateway
