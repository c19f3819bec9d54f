// SPDX-License-Identifier: Apache-2.0
// Personal data: periods, destruction, legal holds, cases of data subjects, and records of who read what. gateway/registry
// selects what to erase; here permissions are checked, and destruction is recorded and ordered.
#include "gateway/core/personal_data.h"

#include "gateway/core/change_tools.h"
#include "models/record/second_person.h"

namespace gapura::gateway {
namespace {

constexpr int batch_limit = 60;  // their ids fill half a leaf, and a transaction takes some milliseconds
constexpr std::chrono::hours answer_within{72};

std::string rule_text(const RetentionRule& rule) {
  return std::string(word(rule.what)) + ' ' + std::to_string(rule.days) + ' ' + word(rule.action);
}

Change storage(const Error& error) { return refuse(error.kind, error.message); }
Change no_tables() { return refuse(ErrorKind::unavailable, "there is no database to look into"); }

// A person is responsible for destruction: not the command line, nor a program.
std::optional<Change> unnamed(PersonalDataLookup* lookup, const Actor& actor) {
  const auto person = lookup ? lookup->is_admin_person(actor.user.str()) : Result<bool>(false);
  if (!person) return refuse(person.error().kind, person.error().message);
  if (actor.role == Role::admin && *person) return std::nullopt;
  return refuse(ErrorKind::not_permitted, "this needs an admin's own account: who decides is named in the record");
}

// Counts of what was erased, for DataErased and RetentionDone.
template <class Particulars>
void set_counts(Particulars& particulars, const ErasureCounts& counts) {
  particulars.visits = counts.visits;
  particulars.persons = counts.persons;
  particulars.notes = counts.notes;
  particulars.deposits = counts.deposits;
  particulars.pictures = counts.pictures;
  particulars.clips = counts.clips;
}

}  // namespace

// ---- Periods

Change PersonalDataPart::run(const AdoptRetention& asked, const Actor& actor, const Now&) {
  if (!site_.personal_data) return no_tables();
  const auto stored = site_.personal_data->periods();
  if (!stored) return storage(stored.error());
  Change change;
  std::vector<std::string> adopted, waiting, withdrawn;
  for (const auto& rule : asked.rules) {
    const auto known =
        std::find_if(stored->begin(), stored->end(), [&](const auto& one) { return one.now.what == rule.what; });
    const bool fresh = known == stored->end();
    if (!fresh && keeps_less(known->now, rule)) {
      if (known->next && known->next->days == rule.days && known->next->action == rule.action) continue;
      waiting.push_back(rule_text(rule));
      change.rows.emplace_back(ProposedPeriodRow{.rule = rule});
    } else if (fresh || !(known->now == rule) || known->next) {
      (fresh || !(known->now == rule) ? adopted : withdrawn).push_back(rule_text(rule));
      change.rows.emplace_back(PeriodRow{.rule = rule});
    }
  }
  if (adopted.empty() && waiting.empty() && withdrawn.empty()) return change;
  change.entries.push_back(
      command_entry(actor, RetentionChanged{.rules = adopted, .waiting = waiting, .withdrawn = withdrawn}));
  return change;
}

Change PersonalDataPart::run(const AgreeRetention& asked, const Actor& actor, const Now& now) {
  if (auto no = unnamed(site_.personal_data, actor)) return std::move(*no);
  if (!site_.personal_data) return no_tables();
  const auto stored = site_.personal_data->periods();
  if (!stored) return storage(stored.error());
  const auto rule =
      std::find_if(stored->begin(), stored->end(), [&](const auto& one) { return one.now.what == asked.what; });
  if (rule == stored->end()) return refuse(ErrorKind::not_found, "no such class of data");
  if (!rule->next) return refuse(ErrorKind::conflict, "no shorter period of this class waits for agreement");
  const bool second = !rule->agreed_by.empty();
  if (rule->agreed_by == actor.user.str())
    return refuse(ErrorKind::conflict, "you have agreed already; a shorter period takes a second person");
  if (auto may = may_agree(site_.state.facts, actor.user.str(), rule->agreed_by, now); !may) return refuse(may.error());
  Change change;
  change.entries.push_back(command_entry(
      actor,
      RetentionAgreed{
          .rule = rule_text(*rule->next), .was = rule_text(rule->now), .in_force = second, .first = rule->agreed_by}));
  if (second) {
    change.rows.emplace_back(PeriodRow{.rule = *rule->next});
  } else {
    change.rows.emplace_back(AgreedPeriodRow{.what = rule->next->what, .by = actor.user});
  }
  change.reply.id = word(asked.what);
  return change;
}

// ---- Destruction

Change PersonalDataPart::run(const ApproveRetention& asked, const Actor& actor, const Now& now) {
  if (auto no = unnamed(site_.personal_data, actor)) return std::move(*no);
  if (!site_.personal_data) return no_tables();
  const auto stored = site_.personal_data->periods();
  const auto standing = stored ? site_.personal_data->unfinished_run() : tl::unexpected(stored.error());
  if (!standing) return storage(standing.error());
  if (*standing) return refuse(ErrorKind::conflict, "another destruction is under way; wait until it is finished");
  std::vector<RetentionRule> rules;
  std::vector<std::string> texts;
  for (const auto& one : *stored) {
    const bool named = std::find(asked.classes.begin(), asked.classes.end(), word(one.now.what)) != asked.classes.end();
    if (one.now.action == RetentionAction::permanent || !(named || asked.classes.empty())) continue;
    rules.push_back(one.now);
    texts.push_back(rule_text(one.now));
  }
  if (rules.empty() || (!asked.classes.empty() && rules.size() != asked.classes.size()))
    return refuse(ErrorKind::bad_input, "classes: expected classes whose data are not kept for ever");
  Change change;
  const std::string run = site_.random_id("r-");
  change.entries.push_back(command_entry(actor, RetentionApproved{.run = run, .rules = texts}));
  change.rows.emplace_back(RunRow{.id = run, .by = actor.user, .approved = now.utc, .rules = rules});
  change.reply.id = run;
  return change;
}

Change PersonalDataPart::run(const EraseNext& asked, const Actor& actor, const Now& now) {
  if (!site_.personal_data) return no_tables();
  const auto run = site_.personal_data->unfinished_run();
  if (!run) return storage(run.error());
  if (!*run || (*run)->id != asked.run)
    return refuse(ErrorKind::conflict, "this destruction is finished, or was never approved");
  const auto batch = site_.personal_data->next_batch(
      **run, batch_limit, [this](const std::string& visit) { return site_.state.visits.contains(VisitId(visit)); });
  if (!batch) return storage(batch.error());
  Change change;
  if (batch->empty()) return change;
  DataErased erased{.run = asked.run, .class_ = word(batch->what)};
  set_counts(erased, batch->counts());
  std::vector<std::string> ids = batch->visits;
  ids.insert(ids.end(), batch->guests.begin(), batch->guests.end());
  erased.ids = std::move(ids);
  change.entries.push_back(command_entry(actor, erased));
  change.rows.emplace_back(ErasureRow{.run = asked.run, .batch = *batch, .at = now.utc});
  change.reply.id = asked.run;
  return change;
}

Change PersonalDataPart::run(const FilesGone& asked, const Actor&, const Now&) {
  Change change;
  change.rows.emplace_back(asked);
  return change;
}

Change PersonalDataPart::run(const ScrubPages& asked, const Actor&, const Now&) {
  Change change;
  change.orders.emplace_back(ScrubOut{asked.step});
  return change;
}

Change PersonalDataPart::run(const FinishErasure& asked, const Actor& actor, const Now& now) {
  if (!site_.personal_data) return no_tables();
  const auto counts = site_.personal_data->counts_of_run(asked.run);
  if (!counts) return storage(counts.error());
  Change change;
  RetentionDone finished{.run = asked.run};
  set_counts(finished, *counts);
  change.entries.push_back(command_entry(actor, finished));
  change.rows.emplace_back(RunFinishedRow{.run = asked.run, .at = now.utc});
  change.orders.emplace_back(SignOut{});
  change.reply.id = asked.run;
  return change;
}

// ---- Legal holds

Change PersonalDataPart::run(const SetHold& asked, const Actor& actor, const Now& now) {
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "a legal hold needs its reason");
  if (asked.guest.empty() == asked.visit.empty())
    return refuse(ErrorKind::bad_input, "expected a person or a visit to hold");
  if (!site_.personal_data) return no_tables();
  const auto known =
      asked.guest.empty() ? site_.personal_data->has_visit(asked.visit) : site_.personal_data->has_guest(asked.guest);
  if (!known) return storage(known.error());
  if (!*known) return refuse(ErrorKind::not_found, "no such person or visit");
  Change change;
  const std::string id = site_.random_id("h-");
  const HoldChanged held{.hold = id, .guest = asked.guest.str()};
  change.entries.push_back(visit_entry(actor, asked.visit, make_entry(EventType::hold_set, held)));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  change.rows.emplace_back(HoldRow{.id = id, .hold = asked, .by = actor.user, .at = now.utc});
  change.reply.id = id;
  return change;
}

Change PersonalDataPart::run(const ReleaseHold& asked, const Actor& actor, const Now& now) {
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "say why the hold ends");
  if (auto no = unnamed(site_.personal_data, actor)) return std::move(*no);
  if (!site_.personal_data) return no_tables();
  const auto hold = site_.personal_data->standing_hold(asked.hold);
  if (!hold) return storage(hold.error());
  if (!*hold) return refuse(ErrorKind::not_found, "no such standing hold");
  Change change;
  const HoldChanged held{.hold = asked.hold, .guest = (*hold)->guest};
  Entry entry = visit_entry(actor, VisitId((*hold)->visit), make_entry(EventType::hold_released, held));
  entry.ref = (*hold)->entry;
  change.entries.push_back(std::move(entry));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  change.rows.emplace_back(HoldReleasedRow{.id = asked.hold, .at = now.utc});
  change.reply.id = asked.hold;
  return change;
}

// ---- Cases of data subjects

Change PersonalDataPart::run(const OpenCase& asked, const Actor& actor, const Now& now) {
  if (asked.requester.empty() || asked.purpose.empty())
    return refuse(ErrorKind::bad_input, "say who asks, how that was proven, and what for");
  if (asked.requester.size() > 200 || asked.purpose.size() > 300 || asked.requester.find('\n') != std::string::npos)
    return refuse(ErrorKind::bad_input, "requester: at most 200 bytes on one line; purpose: at most 300");
  if (!site_.personal_data) return no_tables();
  const auto person = site_.personal_data->person(asked.guest);
  if (!person) return storage(person.error());
  if (!*person) return refuse(ErrorKind::not_found, "no such person");
  if ((*person)->erased) return refuse(ErrorKind::conflict, "nothing of this person is left but times and counts");
  Change change;
  const std::string id = site_.random_id("c-");
  const UtcTime due = now.utc + answer_within;
  change.entries.push_back(
      command_entry(actor, CaseOpened{.case_ = id, .guest = asked.guest.str(), .kind = asked.kind, .due = due}));
  add_note(change, 0, asked.requester + '\n' + asked.purpose, site_.random_bytes(16));
  change.rows.emplace_back(
      CaseRow{.id = id, .guest = asked.guest, .kind = asked.kind, .by = actor.user, .at = now.utc, .due = due});
  change.reply.id = id;
  return change;
}

Change PersonalDataPart::run(const CloseCase& asked, const Actor& actor, const Now& now) {
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "say what was answered, or on what ground it is refused");
  if (auto no = unnamed(site_.personal_data, actor)) return std::move(*no);
  if (!site_.personal_data) return no_tables();
  const auto found = site_.personal_data->subject_case(asked.id);
  if (!found) return storage(found.error());
  if (!*found) return refuse(ErrorKind::not_found, "no such case");
  const SubjectCase& it = **found;
  if (it.state != CaseState::open) return refuse(ErrorKind::conflict, "this case is closed already");
  Change change;
  CaseClosed closed{.case_ = it.id, .guest = it.guest, .kind = it.kind, .outcome = asked.outcome};
  change.entries.emplace_back();  // the closing, once its run is known
  std::string words = asked.reason;
  if (asked.outcome == CaseState::answered)
    if (auto no = answer_case(change, closed, it, asked, actor, now, words)) return std::move(*no);
  change.entries[0] = command_entry(actor, closed);
  change.entries[0].ref = it.entry;
  add_note(change, 0, words, site_.random_bytes(16));
  change.rows.emplace_back(CaseClosedRow{.id = asked.id, .outcome = asked.outcome, .by = actor.user, .at = now.utc});
  change.reply.id = it.id;
  return change;
}

// Carries out the answer, by the case's kind. `words` become the closing's note.
std::optional<Change> PersonalDataPart::answer_case(Change& change, CaseClosed& closed, const SubjectCase& it,
                                                    const CloseCase& asked, const Actor& actor, const Now& now,
                                                    std::string& words) {
  const auto person = site_.personal_data->person(GuestId(it.guest));
  if (!person) return storage(person.error());
  if (!*person || (*person)->erased)
    return refuse(ErrorKind::conflict, "nothing of this person is left but times and counts; refuse the case with that");
  if (it.kind == CaseKind::correct) {
    const PersonFields fields{asked.name, asked.phone, asked.institution};
    if (fields.full_name.size() > 200 || fields.phone.size() > 200 || fields.institution.size() > 200)
      return refuse(ErrorKind::bad_input, "a field is longer than 200 bytes");
    std::vector<std::string> names;
    for (const auto& [name, value] :
         {std::pair{"name", &fields.full_name}, {"phone", &fields.phone}, {"institution", &fields.institution}})
      if (!value->empty()) names.emplace_back(name), words += std::string("\n") + name + ": " + *value;
    if (names.empty()) return refuse(ErrorKind::bad_input, "nothing to correct: give the new name, phone or institution");
    change.entries.push_back(command_entry(actor, PersonCorrected{.guest = it.guest, .case_ = it.id, .fields_ = names}));
    change.rows.emplace_back(CorrectionRow{.guest = it.guest, .fields = fields});
  } else if (it.kind == CaseKind::restrict) {
    change.entries.push_back(
        command_entry(actor, PersonRestricted{.guest = it.guest, .case_ = it.id, .restricted = !asked.lift}));
    change.rows.emplace_back(RestrictionRow{.guest = it.guest, .since = asked.lift ? std::optional<UtcTime>() : now.utc});
  } else if (it.kind == CaseKind::erase) {
    const auto standing = site_.personal_data->unfinished_run();
    const auto why =
        standing
            ? site_.personal_data->why_not_erase(
                  it.guest, it.id, [this](const std::string& visit) { return site_.state.visits.contains(VisitId(visit)); })
            : tl::unexpected(standing.error());
    if (!why) return storage(why.error());
    if (!why->empty()) return refuse(ErrorKind::conflict, *why);
    if (*standing) return refuse(ErrorKind::conflict, "another destruction is under way; wait until it is finished");
    const std::string run = site_.random_id("r-");
    closed.run = run;
    change.rows.emplace_back(RunRow{.id = run,
                                    .guest = it.guest,
                                    .by = actor.user,
                                    .approved = now.utc,
                                    .rules = {RetentionRule{RetentionClass::visit, "", 1, RetentionAction::destroy}}});
  }
  return std::nullopt;
}

// ---- Records of who read what

Change PersonalDataPart::run(const NoteReading& asked, const Actor& actor, const Now&) {
  Change change;
  change.entries.push_back(visit_entry(
      actor, asked.visit, DataRead{.what = asked.what, .guest = asked.guest, .about = asked.about.substr(0, 100)}));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  return change;
}

Change PersonalDataPart::run(const NoteBackup& asked, const Actor& actor, const Now& now) {
  Change change;
  change.entries.push_back(command_entry(actor, BackupMade{.entries = asked.entries}));
  change.rows.emplace_back(BackupRow{.backup = asked, .at = now.utc});
  return change;
}

}  // namespace gapura::gateway
