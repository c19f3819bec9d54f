// SPDX-License-Identifier: Apache-2.0
// Personal data: periods and destruction, legal holds, the data-subject desk, unmasking, the breach list.
#include <set>

#include "gateway/privacy/breach.h"
#include "gateway/privacy/export.h"
#include "gateway/record/daily_sheet.h"
#include "gateway/record/proof.h"
#include "gateway/web/bodies.h"
#include "gateway/web/handlers.h"
#include "gateway/web/passwords.h"

namespace gapura::gateway {
namespace json = boost::json;
namespace {

template <class T>
T needed(Result<T> result) {
  if (!result) throw Problem(result.error());
  return std::move(*result);
}

json::value time_of(const Call& call, std::optional<UtcTime> time) {
  return time ? json::value(call.api.site_time(*time)) : json::value(nullptr);
}
json::value or_nothing(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }
std::string name_of(Call& call, const std::string& user) {
  const auto account = call.db.account(user);
  return account ? account->name : user;
}

// The command line is nobody in particular: there an admin gives name and password.
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

json::value run_json(Call& call, const std::optional<ErasureRun>& run) {
  if (!run) return nullptr;
  json::array classes;
  for (const auto& one : needed(load_classes(call.db.database(), run->id)))
    classes.push_back({{"class", word(one.rule.what)},
                       {"jra", one.rule.jra},
                       {"days", one.rule.days},
                       {"before", call.api.site_time(one.before)},
                       {"visits", one.counts.visits},
                       {"persons", one.counts.persons},
                       {"notes", one.counts.notes},
                       {"deposits", one.counts.deposits},
                       {"pictures", one.counts.pictures},
                       {"clips", one.counts.clips}});
  return json::object{{"id", run->id},
                      {"guest", or_nothing(run->guest)},
                      {"approved_by", name_of(call, run->approved_by)},
                      {"approved", call.api.site_time(run->approved)},
                      {"finished", time_of(call, run->finished)},
                      {"classes", std::move(classes)}};
}

json::object due_json(Call& call) {
  const Database& db = call.db.database();
  const DueList list = needed(load_due(db, call.now.utc));
  json::array classes, backups;
  for (const auto& one : list.classes) {
    const auto& [rule, next, agreed_by] = one.rule;
    const bool permanent = rule.action == RetentionAction::permanent;
    json::object row{{"class", word(rule.what)}, {"jra", rule.jra}, {"days", rule.days}, {"action", word(rule.action)}};
    row["before"] = permanent ? json::value(nullptr) : json::value(call.api.site_time(one.before));
    row["due"] = one.count.due;
    row["held"] = one.count.held;
    row["oldest"] = one.count.oldest_utc > 0 ? time_of(call, UtcTime(Millis(one.count.oldest_utc))) : nullptr;
    row["next"] = next ? json::value(json::object{{"days", next->days},
                                                  {"action", word(next->action)},
                                                  {"agreed_by", agreed_by.empty() ? json::value(nullptr)
                                                                                  : json::value(name_of(call, agreed_by))}})
                       : json::value(nullptr);
    classes.push_back(std::move(row));
  }
  for (const auto& backup : list.backups)
    backups.push_back({{"name", backup.name}, {"made", call.api.site_time(backup.made)}, {"entries", backup.entries}});
  return {{"classes", std::move(classes)},
          {"open_visits", list.open_visits},
          {"anonymised", list.erased_visits},
          {"backups", std::move(backups)},
          {"run", run_json(call, needed(find_unfinished_run(db)))}};
}

json::object hold_json(Call& call, const LegalHold& hold) {
  return {{"id", hold.id},
          {"guest", or_nothing(hold.guest)},
          {"visit", or_nothing(hold.visit)},
          {"made_by", name_of(call, hold.made_by)},
          {"made", call.api.site_time(hold.made)},
          {"reason", hold.reason}};
}

json::object found_person_json(const Call& call, const Person& person) {
  return {{"guest", person.guest},
          {"name", person.erased ? person.fields.full_name : masked_name(person.fields.full_name)},
          {"phone", masked_phone(person.fields.phone)},
          {"visits", person.visits},
          {"last", time_of(call, person.last_arrived)},
          {"restricted", person.restricted.has_value()},
          {"erased", time_of(call, person.erased)},
          {"held", person.held}};
}

json::object case_json(Call& call, const SubjectCase& it) {
  const auto left = std::chrono::duration_cast<std::chrono::minutes>(it.due - call.now.utc).count();
  return {{"id", it.id},
          {"guest", it.guest},
          {"kind", word(it.kind)},
          {"state", word(it.state)},
          {"requester", it.requester},
          {"purpose", it.purpose},
          {"opened_by", name_of(call, it.opened_by)},
          {"opened", call.api.site_time(it.opened)},
          {"due", call.api.site_time(it.due)},
          {"minutes_left", it.state == CaseState::open ? json::value(left) : json::value(nullptr)},
          {"closed_by", it.closed_by.empty() ? json::value(nullptr) : json::value(name_of(call, it.closed_by))},
          {"closed", time_of(call, it.closed)},
          {"ground", it.ground}};
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
           call.who.name}};
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

Response get_retention(Call& call) { return json_response(due_json(call)); }

Response post_retention_agree(Call& call) {
  const Actor officer = named_admin(call);
  const auto what = find_word<RetentionClass>(call.parameters[0]);
  if (!what) throw Problem("not_found", "no such class of data");
  call.api.ask(AgreeRetention{*what}, officer);
  return json_response(due_json(call));
}

Response get_retention_runs(Call& call) {
  json::array runs;
  for (const auto& run : needed(load_runs(call.db.database(), unlimited))) runs.push_back(run_json(call, run));
  return json_response({{"runs", std::move(runs)}});
}

Response post_retention_runs(Call& call) {
  const Reply made = call.api.ask(call.read<ApproveRetention>(), named_admin(call));
  if (call.api.context.erase_now) call.api.context.erase_now();
  return json_response(run_json(call, needed(find_run(call.db.database(), made.id))).get_object(), 202);
}

Response get_retention_certificate(Call& call) {
  const Database& db = call.db.database();
  const auto run = needed(find_run(db, call.parameters[0]));
  if (!run) throw Problem("not_found", "There is no such destruction.");
  if (!run->finished) throw Problem("conflict", "The destruction is still under way.");
  call.ask(NoteReading{ReadingKind::certificate, {}, {}, run->id, ""});
  DestructionCertificate it{call.api.context.settings.site_name,
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
  json::array holds;
  for (const auto& hold : needed(load_holds(call.db.database()))) holds.push_back(hold_json(call, hold));
  return json_response({{"holds", std::move(holds)}});
}

Response post_holds(Call& call) {
  const Reply made = call.ask(call.read<SetHold>());
  const auto hold = needed(find_hold(call.db.database(), made.id));
  if (!hold) throw Problem("conflict", "The hold was released meanwhile.");
  return json_response(hold_json(call, *hold), 201);
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
  json::array people;
  const auto found = needed(find_persons(call.db.database(), search, most_found + 1));
  for (const auto& person : found)
    if (people.size() < most_found) people.push_back(found_person_json(call, person));
  return json_response({{"people", std::move(people)}, {"more", found.size() > most_found}});
}

Response get_cases(Call& call) {
  json::array cases;
  for (const auto& it : needed(load_cases(call.db.database(), unlimited))) cases.push_back(case_json(call, it));
  return json_response({{"cases", std::move(cases)}});
}

Response post_cases(Call& call) {
  const Reply made = call.ask(call.read<OpenCase>());
  return json_response(case_json(call, case_now(call, made.id)), 201);
}

Response post_case_close(Call& call) {
  auto asked = call.read<CloseCase>();
  asked.id = call.parameters[0];
  call.api.ask(std::move(asked), named_admin(call));
  if (call.api.context.erase_now) call.api.context.erase_now();
  return json_response(case_json(call, case_now(call, call.parameters[0])));
}

Response get_case_json(Call& call) {
  const Export made = export_of(call, "json");
  return file_of("application/json", json::serialize(to_json(made.all, made.frame)),
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
  json::array people;
  for (const auto& one : list.people) {
    json::array fields(one.fields.begin(), one.fields.end());
    people.push_back({{"guest", one.guest},
                      {"name", one.name},
                      {"phone", one.phone},
                      {"fields", std::move(fields)},
                      {"visits", one.visits},
                      {"first", call.api.site_time(one.first)},
                      {"last", call.api.site_time(one.last)},
                      {"how", one.touched ? "touched" : "visible"}});
  }
  return json_response({{"people", std::move(people)},
                        {"entries", list.entries},
                        {"from", time_of(call, list.first)},
                        {"to", time_of(call, list.last)}});
}

Response post_backups(Call& call) {
  const Reply made = call.ask(call.read<NoteBackup>());
  return json_response({{"entry", made.entry}}, 201);
}

}  // namespace gapura::gateway
