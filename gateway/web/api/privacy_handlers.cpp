// SPDX-License-Identifier: Apache-2.0
// Personal data: periods and destruction, legal holds, the data-subject desk, unmasking, the breach list.
#include "gateway/privacy/breach.h"
#include "gateway/privacy/export.h"
#include "gateway/record/daily_sheet.h"
#include "gateway/record/proof.h"
#include "gateway/web/api/bodies.h"
#include "gateway/web/api/handlers.h"
#include "gateway/web/http/passwords.h"

namespace gapura::gateway {
namespace {

template <class T>
T needed(Result<T> result) {
  if (!result) throw Problem(result.error());
  return std::move(*result);
}

std::optional<std::string> or_none(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }
std::string name_of(Call& call, const std::string& user) {
  const auto account = call.db.account(user);
  return account ? account->name : user;
}

// The command line has no account: there an admin gives name and password.
Actor named_admin(Call& call) {
  if (!call.who.session.empty()) return call.actor();
  const auto [name, password] = call.read<NamedAdmin>();
  if (name.empty())
    throw Problem("not_permitted", "Who decides is named in the record: give an admin's name and password.");
  call.api.auth.begin_login(call.request, name, call.now);
  const auto account = call.db.account_named(name);
  const bool may = account && !account->disabled && account->role == Role::admin;
  if (!password_matches(may ? account->password_hash : "", password))
    throw Refused("not_permitted", "The name or the password is wrong, or it is no admin's.",
                  Refused::sign_in(RefusalReason::wrong, account ? account->id : "", true));
  call.api.auth.login_succeeded(call.request, name);
  return {UserId(account->id), Role::admin};
}

answer::ErasureRun run_of(Call& call, const ErasureRun& run) {
  answer::ErasureRun answer{.id = run.id,
                            .guest = or_none(run.guest),
                            .approved_by = name_of(call, run.approved_by),
                            .approved = run.approved,
                            .finished = run.finished};
  for (const auto& [rule, before, counts, done_to, finished] : needed(load_classes(call.db.database(), run.id)))
    answer.classes.push_back({.class_ = word(rule.what),
                              .jra = rule.jra,
                              .days = rule.days,
                              .before = before,
                              .visits = counts.visits,
                              .persons = counts.persons,
                              .notes = counts.notes,
                              .deposits = counts.deposits,
                              .pictures = counts.pictures,
                              .clips = counts.clips});
  return answer;
}

answer::RetentionClass class_of(Call& call, const DueClass& one) {
  const auto& [rule, next, agreed_by] = one.rule;
  answer::RetentionClass row{.class_ = rule.what,
                             .jra = rule.jra,
                             .days = rule.days,
                             .action = rule.action,
                             .due = one.count.due,
                             .held = one.count.held};
  if (rule.action != RetentionAction::permanent) row.before = one.before;
  if (one.count.oldest_utc > 0) row.oldest = UtcTime(Millis(one.count.oldest_utc));
  if (next) row.next = answer::NextRule{.days = next->days, .action = next->action};
  if (next && !agreed_by.empty()) row.next->agreed_by = name_of(call, agreed_by);
  return row;
}

Response due_now(Call& call) {
  const Database& db = call.db.database();
  const DueList list = needed(load_due(db, call.now.utc));
  answer::Retention answer{.open_visits = list.open_visits, .anonymised = list.erased_visits};
  for (const auto& one : list.classes) answer.classes.push_back(class_of(call, one));
  for (const auto& [name, made, entries] : list.backups) answer.backups.push_back({name, made, entries});
  if (const auto run = needed(find_unfinished_run(db))) answer.run = run_of(call, *run);
  return json_response(call, answer);
}

answer::LegalHold hold_of(Call& call, const LegalHold& hold) {
  return {.id = hold.id,
          .guest = or_none(hold.guest),
          .visit = or_none(hold.visit),
          .made_by = name_of(call, hold.made_by),
          .made = hold.made,
          .reason = hold.reason};
}

answer::Subject subject_of(const Person& person) {
  return {.guest = person.guest,
          .name = person.erased ? person.fields.full_name : masked_name(person.fields.full_name),
          .phone = masked_phone(person.fields.phone),
          .visits = person.visits,
          .last = person.last_arrived,
          .restricted = person.restricted.has_value(),
          .erased = person.erased,
          .held = person.held};
}

answer::Case case_of(Call& call, const SubjectCase& it) {
  answer::Case answer{.id = it.id,
                      .guest = it.guest,
                      .kind = it.kind,
                      .state = it.state,
                      .requester = it.requester,
                      .purpose = it.purpose,
                      .opened_by = name_of(call, it.opened_by),
                      .opened = it.opened,
                      .due = it.due,
                      .closed = it.closed,
                      .ground = it.ground};
  if (it.state == CaseState::open)
    answer.minutes_left = std::chrono::duration_cast<std::chrono::minutes>(it.due - call.now.utc).count();
  if (!it.closed_by.empty()) answer.closed_by = name_of(call, it.closed_by);
  return answer;
}

answer::BreachPerson reached_of(const BreachPerson& one) {
  return {.guest = one.guest,
          .name = one.name,
          .phone = one.phone,
          .fields_ = {one.fields.begin(), one.fields.end()},
          .visits = one.visits,
          .first = one.first,
          .last = one.last,
          .how = one.touched ? answer::Reached::touched : answer::Reached::visible};
}

SubjectCase case_now(Call& call, const std::string& id) {
  auto found = needed(find_case(call.db.database(), id));
  if (!found) throw Problem("not_found", "There is no such case.");
  return std::move(*found);
}

constexpr int unlimited = -1;  // SQLite's LIMIT
constexpr int most_found = 50;
// Limits copying of the registry fifty people at a time: thirty searches at once, then one every two seconds.
constexpr Throttle::Rate search_rate{30, std::chrono::seconds(2)}, entry_rate{1, std::chrono::seconds(60)};

struct Export {
  SubjectExport all;
  ExportFrame frame;
};
// Read, and entered before it is given away.
Export export_of(Call& call, const char* form) {
  const SubjectCase it = case_now(call, call.parameters[0]);
  if (it.kind == CaseKind::erase && it.state == CaseState::answered)
    throw Problem("not_found", "This person's data are erased.");
  call.ask(NoteReading{ReadingKind::export_, {}, GuestId(it.guest), it.id + ' ' + form, ""});
  return {needed(load_export(call.db.database(), it.guest, call.now.offset)),
          {call.api.context.settings.site_name, call.api.site_time(call.now.utc), it.id, it.requester, it.purpose,
           call.who.name, Words(call.api.context.settings.language)}};
}

Response file_of(std::string type, std::string body, const std::string& name) {
  Response response;
  response.type = std::move(type);
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
  response.body = std::move(body);
  return response;
}

}  // namespace

bool may_search(Call& call) {
  if (call.api.searches.take(call.who.user, search_rate, call.now.boot)) return true;
  // Entered once for a burst: further requests fill no disk.
  if (call.api.searches.take(call.who.user + " entered", entry_rate, call.now.boot))
    call.ask(NoteReading{ReadingKind::search, {}, {}, "too_many", ""});
  return false;
}

void limit_searches(Call& call) {
  if (may_search(call)) return;
  throw Problem("too_many", "Too many searches: thirty a minute for each account, and this is entered. Wait a moment.")
      .after(search_rate.each);
}

Response get_retention(Call& call) { return due_now(call); }

Response post_retention_agree(Call& call) {
  const Actor officer = named_admin(call);
  const auto what = find_word<RetentionClass>(call.parameters[0]);
  if (!what) throw Problem("not_found", "no such class of data");
  call.api.ask(AgreeRetention{*what}, officer);
  return due_now(call);
}

Response get_retention_runs(Call& call) {
  answer::ErasureRuns all;
  for (const auto& run : needed(load_runs(call.db.database(), unlimited))) all.runs.push_back(run_of(call, run));
  return json_response(call, all);
}

Response post_retention_runs(Call& call) {
  const Reply made = call.api.ask(call.read<ApproveRetention>(), named_admin(call));
  if (call.api.context.erase_now) call.api.context.erase_now();
  return json_response(call, run_of(call, needed(find_run(call.db.database(), made.id)).value()));
}

Response get_retention_certificate(Call& call) {
  const Database& db = call.db.database();
  const auto run = needed(find_run(db, call.parameters[0]));
  if (!run) throw Problem("not_found", "There is no such destruction.");
  if (!run->finished) throw Problem("conflict", "The destruction is still under way.");
  call.ask(NoteReading{ReadingKind::certificate, {}, {}, run->id, ""});
  DestructionCertificate it{Words(call.api.context.settings.language),
                            call.api.context.settings.site_name,
                            call.api.site_time(call.now.utc),
                            *run,
                            name_of(call, run->approved_by),
                            call.api.site_time(run->approved),
                            call.api.site_time(*run->finished),
                            needed(load_classes(db, run->id)),
                            {},
                            {},
                            ""};
  for (const auto& one : it.classes) it.before.push_back(call.api.site_time(one.before).substr(0, 10));
  for (const auto& backup : needed(load_backups(db, *run->finished)))
    it.backups.emplace_back(backup.name, call.api.site_time(backup.made).substr(0, 10));
  if (const auto note = find_checkpoint(db, run->last_entry + 1)) it.checkpoint = note->note;
  return file_of("application/pdf", needed(to_pdf(it)), "berita-acara-" + run->id + ".pdf");
}

Response get_holds(Call& call) {
  answer::LegalHolds all;
  for (const auto& hold : needed(load_holds(call.db.database()))) all.holds.push_back(hold_of(call, hold));
  return json_response(call, all);
}

Response post_holds(Call& call) {
  const Reply made = call.ask(call.read<SetHold>());
  const auto hold = needed(find_hold(call.db.database(), made.id));
  if (!hold) throw Problem("conflict", "The hold was released meanwhile.");
  return json_response(call, hold_of(call, *hold));
}

Response post_hold_release(Call& call) {
  auto asked = call.read<ReleaseHold>();
  asked.hold = call.parameters[0];
  call.api.ask(std::move(asked), named_admin(call));
  return get_holds(call);
}

Response post_subjects_find(Call& call) {
  const auto asked = call.read<SubjectSearch>();
  PersonSearch search{asked.phone, asked.name, {}};
  const std::string& date = asked.date;
  if (!date.empty()) search.arrived = day_of(call, date);
  if (search.phone.size() < 4 && date.empty() && search.name.size() < 3)
    throw Problem("bad_input", "Give the whole phone number, a day, or at least three letters of the name.");
  limit_searches(call);
  // What was looked for may be personal; that an account looked, and at which day, is entered.
  call.ask(NoteReading{date.empty() ? ReadingKind::search : ReadingKind::day, {}, {}, date, ""});
  const auto found = needed(find_persons(call.db.database(), search, most_found + 1));
  answer::Subjects answer{.more = found.size() > most_found};
  for (const auto& person : found)
    if (answer.people.size() < most_found) answer.people.push_back(subject_of(person));
  return json_response(call, answer);
}

Response get_cases(Call& call) {
  answer::Cases all;
  for (const auto& it : needed(load_cases(call.db.database(), unlimited))) all.cases.push_back(case_of(call, it));
  return json_response(call, all);
}

Response post_cases(Call& call) {
  const Reply made = call.ask(call.read<OpenCase>());
  return json_response(call, case_of(call, case_now(call, made.id)));
}

Response post_case_close(Call& call) {
  auto asked = call.read<CloseCase>();
  asked.id = call.parameters[0];
  call.api.ask(std::move(asked), named_admin(call));
  if (call.api.context.erase_now) call.api.context.erase_now();
  return json_response(call, case_of(call, case_now(call, call.parameters[0])));
}

Response get_case_json(Call& call) {
  const Export made = export_of(call, "json");
  return file_of("application/json", boost::json::serialize(to_json(made.all, made.frame)),
                 "data-" + made.frame.case_id + ".json");
}

Response get_case_pdf(Call& call) {
  const Export made = export_of(call, "pdf");
  return file_of("application/pdf", needed(to_pdf(made.all, made.frame)), "data-" + made.frame.case_id + ".pdf");
}

Response post_visit_unmask(Call& call) {
  const std::string& id = call.parameters[0];
  answer::Visit visit = visit_now(call, id);
  if (visit.restricted)
    throw Problem("not_permitted", "This person's data are restricted: they are shown at the data-subject desk only.");
  auto reading = call.read<NoteReading>();
  reading.what = ReadingKind::visit;
  reading.visit = VisitId(id);
  call.ask(std::move(reading));
  call.db.show_masked();
  EventFilter filter;
  filter.visit = id;
  visit = visit_now(call, id);
  add_events(call, visit, std::move(filter));
  return json_response(call, visit);
}

Response post_breach(Call& call) {
  const auto given = call.read<BreachSearch>();
  BreachQuestion asked{"", given.device, given.from, given.to};
  if (const std::string& name = given.account; !name.empty()) {
    const auto account = call.db.account_named(name);
    if (!account && !call.db.account(name)) throw Problem("not_found", "There is no such account.");
    asked.account = account ? account->id : name;
  }
  if (asked.account.empty() && asked.device.empty() && !asked.from)
    throw Problem("bad_input", "Say which account, which device, or from when.");
  call.ask(NoteReading{ReadingKind::breach, {}, {}, asked.account.empty() ? asked.device : asked.account, ""});
  const BreachList list = needed(find_breach(call.db.database(), asked));
  answer::Breach answer{.entries = list.entries, .from = list.first, .to = list.last};
  for (const auto& one : list.people) answer.people.push_back(reached_of(one));
  return json_response(call, answer);
}

Response post_backups(Call& call) {
  const Reply made = call.ask(call.read<NoteBackup>());
  return json_response(call, answer::Entry{made.entry});
}

}  // namespace gapura::gateway
