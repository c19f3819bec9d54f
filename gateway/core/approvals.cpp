// SPDX-License-Identifier: Apache-2.0
// The question to the aide and its answer. The first answer counts; a timer decides nothing.
#include "gateway/core/approvals.h"

#include "gateway/core/change_tools.h"

namespace gapura::gateway {
namespace {

bool accepts(AideDecision decision) {
  return decision == AideDecision::accept_now || decision == AideDecision::accept_later;
}

const char* mistake_in(const DecideVisit& asked) {
  using enum AideDecision;
  const AideDecision decision = asked.decision;
  const bool timed = decision == accept_later || decision == hold;
  if (timed && (asked.minutes < 1 || asked.minutes > 480)) return "minutes: expected 1 to 480";
  if (decision == decline && asked.reason.empty()) return "a decline needs a reason";
  if (decision == refer && asked.reason.empty()) return "say to whom the guest is referred";
  if (decision == ask && asked.reason.empty()) return "the question is empty";
  if (decision == reschedule && !asked.when) return "when: expected the new date and hour";
  if (asked.verbal && asked.reason.empty()) return "a verbal decision needs who said it, and how";
  if (asked.all_members && !accepts(decision)) return "all_members: expected only with accept_now or accept_later";
  return nullptr;
}

// Returns why the limit cannot be lifted for this visit; null: it can.
const char* no_limit_to_lift(const SiteConfig& config, const Visit& visit) {
  const Sop* sop = find_sop(config.sops, visit.sop);
  if (!sop || !members_inside_limit(*sop, false)) return "the SOP of this visit limits no number of people inside";
  if (members_inside_limit(*sop, false) == members_inside_limit(*sop, true))
    return "the SOP's limit of people inside holds whatever the aide says: it has no unless = \"aide_permission\"";
  return nullptr;
}

}  // namespace

// An entry of a question has the user that it is put to; without an aide on duty it is put to all.
Entry question(const SiteContext& site, EventType type, const Actor& actor, const Visit& visit, bool again) {
  const QuestionPut put{.version = visit.approval_version + 1, .to = site.state.facts.duty.first, .again = again};
  return visit_entry(actor, visit.id, make_entry(type, put));
}

// Withdraws the invitation of a reschedule that no longer applies, unless the guest has come on it.
void withdraw_invitation(const SiteContext& site, Change& change, const Visit& visit, const Actor& actor, const char* why) {
  const Visit* plan = site.find_open_visit(visit.next_plan);
  if (!plan || plan->state != VisitState::planned) return;
  change.entries.push_back(visit_entry(
      actor, plan->id, VisitMoved{.from = VisitState::planned, .to = VisitState::cancelled, .why = why, .of = visit.id}));
}

Change ApprovalsPart::run(const AskAide& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (is_open(visit->approval)) return refuse(ErrorKind::conflict, "the aide has been asked already");
  if (visit->state != VisitState::registered && visit->state != VisitState::waiting && visit->state != VisitState::arrived)
    return refuse(ErrorKind::conflict, "this visit waits for no decision");
  Change change;
  change.entries.push_back(question(site_, EventType::approval_asked, actor, *visit));
  change.orders.emplace_back(TakeStillOut{0, "waiting_room", visit->id});
  change.reply.id = visit->id.str();
  return change;
}

Change ApprovalsPart::run(const ReceiveQuestion& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  Change change;
  change.reply.id = visit->id.str();
  const Approval receipt = asked.seen ? Approval::seen : Approval::delivered;
  // A receipt means that the aide who was asked has the question; another aide's phone proves nothing about that.
  if (!site_.is_put_to(actor.user, *visit)) return change;
  // A phone sends receipts repeatedly; the first one counts.
  if (!is_open(visit->approval) || visit->approval == receipt || visit->approval == Approval::seen) return change;
  change.entries.push_back(visit_entry(actor, visit->id, ApprovalReceived{.receipt = receipt}));
  return change;
}

Change ApprovalsPart::run(const DecideVisit& asked, const Actor& actor, const Now& now) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (const char* mistake = mistake_in(asked)) return refuse(ErrorKind::bad_input, mistake);
  if (asked.version != visit->approval_version)
    return refuse(ErrorKind::conflict, "somebody else decided in the meantime; look again before you decide");
  if (visit->presence == Presence::inside || visit->state == VisitState::finished || visit->state == VisitState::escorted)
    return refuse(ErrorKind::conflict, "the guest is already inside; the decision can no longer change");
  if (visit->approval == Approval::none) return refuse(ErrorKind::conflict, "the post has not asked yet");
  if (visit->approval == Approval::withdrawn) return refuse(ErrorKind::conflict, "the post has taken its question back");
  if (asked.when) {
    if (*asked.when <= now.utc) return refuse(ErrorKind::bad_input, "when: this time has passed");
    const HoursVerdict then = hours_at(site_.config.hours, visit->category, true, *asked.when, now.offset);
    if (!then.open)
      return refuse(ErrorKind::bad_input, "when: outside visiting hours (" + then.rule + "); choose an hour within them");
  }

  if (asked.all_members)
    if (const char* why_not = no_limit_to_lift(site_.config, *visit)) return refuse(ErrorKind::conflict, why_not);

  Change change;
  const std::string& id = visit->id.str();
  const VisitId next(asked.when ? site_.random_id("v-") : "");
  change.entries.push_back(visit_entry(actor, visit->id,
                                       ApprovalDecided{.decision = asked.decision,
                                                       .version = visit->approval_version + 1,
                                                       .minutes = std::max(0, asked.minutes.value),
                                                       .when = asked.when,
                                                       .next = next,
                                                       .all_members = asked.all_members,
                                                       .verbal = asked.verbal,
                                                       .hours_permit = accepts(asked.decision) && visit->out_of_hours,
                                                       .was = visit->approval,
                                                       .was_state = visit->state}));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  site_.clear(change, AlarmKind::decision_overdue, id);
  change.rows.emplace_back(ApprovalReasonRow{.visit = visit->id, .reason = asked.reason});
  withdraw_invitation(site_, change, *visit, actor, "decision_changed");
  if (asked.when) invite_again(change, *visit, next, *asked.when, actor);
  change.reply.id = id;
  return change;
}

// A guest who is asked to come at another time is expected then.
void ApprovalsPart::invite_again(Change& change, const Visit& visit, const VisitId& next, UtcTime when,
                                 const Actor& actor) {
  const std::size_t index = change.entries.size();
  change.entries.push_back(
      visit_entry(actor, next,
                  make_entry(EventType::visit_planned, VisitInvitedAgain{.guest = visit.guest,
                                                                         .category = visit.category,
                                                                         .from = when,
                                                                         .until = when + std::chrono::hours(2),
                                                                         .of = visit.id,
                                                                         .party = party_of(visit.party)})));
  change.rows.emplace_back(InvitationRow{.visit = next, .of = visit.id, .entry = index});
}

Change ApprovalsPart::run(const AnswerAide& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (visit->approval != Approval::asked_back) return refuse(ErrorKind::conflict, "the aide has asked nothing");
  if (asked.answer.empty()) return refuse(ErrorKind::bad_input, "the answer is empty");
  Change change;
  change.entries.push_back(question(site_, EventType::approval_answered, actor, *visit));
  add_note(change, 0, asked.answer, site_.random_bytes(16));
  change.reply.id = visit->id.str();
  return change;
}

Change ApprovalsPart::run(const WithdrawQuestion& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (!is_open(visit->approval) && visit->approval != Approval::held && visit->approval != Approval::asked_back)
    return refuse(ErrorKind::conflict, "there is no open question to withdraw");
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "a withdrawal needs a reason");
  Change change;
  change.entries.push_back(visit_entry(actor, visit->id, ApprovalWithdrawn{.version = visit->approval_version + 1}));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  site_.clear(change, AlarmKind::decision_overdue, visit->id.str());
  change.reply.id = visit->id.str();
  return change;
}

// The aide's own statement on a decision taken down by a guard. Both stay in the journal.
Change ApprovalsPart::run(const ReviewVerbal& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.state.find_visit(asked.visit);
  if (!visit) return no_visit();
  if (visit->verbal != Verbal::unconfirmed) return refuse(ErrorKind::conflict, "there is no verbal decision to confirm");
  if (!asked.confirmed && asked.reason.empty()) return refuse(ErrorKind::bad_input, "say what is wrong with it");
  Change change;
  change.entries.push_back(visit_entry(actor, visit->id, VerbalReviewed{.confirmed = asked.confirmed}));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  change.reply.id = visit->id.str();
  return change;
}

Change ApprovalsPart::run(const PermitMembers& asked, const Actor& actor, const Now& now) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (asked.reason.empty())
    return refuse(ErrorKind::bad_input, asked.verbal ? "a verbal permission needs who said it, and how"
                                                     : "say why more may be inside than the SOP allows");
  if (const char* why_not = no_limit_to_lift(site_.config, *visit)) return refuse(ErrorKind::conflict, why_not);
  if (!is_accepted(*visit, now.utc)) return refuse(ErrorKind::conflict, "the aide has not accepted this visit");
  if (!visit->members_permit.empty()) return refuse(ErrorKind::conflict, "the whole party is permitted already");
  Change change;
  change.entries.push_back(
      visit_entry(actor, visit->id, LimitPermitted{.measure = "members_inside", .verbal = asked.verbal}));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  change.reply.id = visit->id.str();
  return change;
}

Change ApprovalsPart::run(const SetLeaderState& asked, const Actor& actor, const Now&) {
  Change change;
  if (word(asked.state) == site_.state.facts.leader) return change;
  change.entries.push_back(command_entry(actor, LeaderChanged{.state = asked.state}));
  return change;
}

}  // namespace gapura::gateway
