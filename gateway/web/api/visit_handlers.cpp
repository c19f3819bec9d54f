// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "gateway/registry/people_rows.h"
#include "gateway/web/api/guest_file.h"
#include "gateway/web/api/handlers.h"

namespace gapura::gateway {
namespace {

// A portrait is this account's own upload, or known as some person's picture already. In that case its person is returned
// where the file says so; that it is the same guest's is for the core to see.
std::string person_of_portrait(Call& call, const std::string& hash) {
  if (hash.empty()) return "";
  const auto& pictures = call.api.context.pictures;
  if (pictures.path(hash).empty())
    throw Problem("bad_input", "\"portrait\": expected the hash of a picture from /pictures.");
  const std::string owner = pictures.sealed_for(hash);
  const bool of_a_person = !owner.empty() && !owner.starts_with("day:");
  if (!of_a_person && !call.api.uploads.has(hash, call.who.user, call.now.boot) && !call.db.is_picture_of_visit(hash))
    throw Problem("bad_input", "\"portrait\": this is no picture that you took. Take a new one.");
  return of_a_person ? owner : "";
}

// A command with a guest's form, as the body says it.
template <class Asked>
Asked with_form(Call& call) {
  auto asked = call.read<Asked>();
  asked.portrait_of = person_of_portrait(call, asked.portrait);
  return asked;
}

// Whom a command's form names; empty where it has none.
std::string person_named(const Command& command) {
  return std::visit(
      [](const auto& asked) -> std::string {
        if constexpr (std::is_base_of_v<GuestForm, std::decay_t<decltype(asked)>>) return asked.person;
        return "";
      },
      command);
}

answer::Candidate candidate_of(Call& call, const KnownPerson& one) {
  answer::Candidate candidate{.person = one.guest.str(), .name = one.full_name.empty() ? "(dibatasi)" : one.full_name};
  if (one.visit.empty()) return candidate;
  candidate.visit = one.visit.str();
  candidate.state = one.state;
  if (const auto visit = call.db.visit(one.visit.str())) candidate.expected = visit->expected;
  return candidate;
}

// The command, or the question who the guest is, with those who could be meant: no more of them than their names.
Reply ask_for_guest(Call& call, Command command) {
  if (const std::string person = person_named(command); !person.empty() && person != "new") limit_searches(call);
  try {
    return call.ask(std::move(command));
  } catch (Problem& problem) {
    if (problem.kind() != "same_person") throw;
    limit_searches(call);
    std::vector<answer::Candidate> candidates;
    for (const auto& id : problem.ids()) {
      const auto found = read_people(call.db.database(), people_by_id, {id});
      if (!found) throw Problem(found.error());
      for (const auto& one : *found) candidates.push_back(candidate_of(call, one));
    }
    throw std::move(problem).with("candidates", call.json_of(candidates));
  }
}

// A line that leads to a person whom the list does not name tells as much as a search, and counts as one. Beyond the limit
// the line is reported without the person's name and id. Throws Problem (too_many) where ids are tried out.
void limit_names(Call& call, std::vector<RowMistake>& mistakes) {
  for (RowMistake& mistake : mistakes) {
    if (mistake.what == RowFault::unknown_person) limit_searches(call);
    if (mistake.person.empty() || mistake.what == RowFault::already_expected || may_search(call)) continue;
    mistake.about = "(dibatasi)";
    mistake.person.clear();
  }
}

answer::RowMistake line_mistake(const RowMistake& mistake) {
  answer::RowMistake one{
      .line = mistake.line, .what = mistake.what, .why = sentence(mistake), .why_id = sentence_id(mistake)};
  if (!mistake.column.empty()) one.column = mistake.column;
  if (!mistake.person.empty()) one.person = mistake.person;
  return one;
}

}  // namespace

int limit_of(const Call& call, int usual, int most) {
  const auto text = call.request.parameter("limit");
  if (!text || text->empty()) return usual;
  if (text->size() > 6 || text->find_first_not_of("0123456789") != std::string::npos)
    throw Problem("bad_input", "?limit= expects a whole number.");
  return std::clamp(std::stoi(*text), 1, most);
}

PageWanted page_of(const Call& call) { return {limit_of(call, 100, 500), call.request.parameter("after").value_or("")}; }

std::pair<UtcTime, UtcTime> day_of(const Call& call, const std::string& date) {
  const auto from = parse_time(date + "T00:00:00Z");
  if (!from || date.size() != 10) throw Problem("bad_input", "\"date\": expected a day as 2026-01-31.");
  const UtcTime begins = *from - call.now.offset;
  return {begins, begins + std::chrono::hours(24)};
}

std::string choice_of(const Call& call, std::string_view parameter, std::initializer_list<const char*> choices) {
  const auto text = call.request.parameter(parameter);
  if (!text || text->empty()) return *choices.begin();
  std::string known;
  for (const char* choice : choices) {
    if (*text == choice) return *text;
    known += (known.empty() ? "" : ", ") + std::string(choice);
  }
  throw Problem("bad_input", "?" + std::string(parameter) + "= expects one of " + known + ".");
}

VisitId visit_id(const Call& call) { return VisitId(call.parameters[0]); }

answer::Visit visit_now(Call& call, const std::string& id) {
  auto visit = call.db.visit(id);
  if (!visit) throw Problem("not_found", "There is no such visit.");
  return std::move(*visit);
}

Response visit_command(Call& call, Command command) {
  try {
    ask_for_guest(call, std::move(command));
  } catch (const Problem& problem) {
    // The core knows open visits only.
    if (problem.kind() == "not_found" && call.db.visit_hidden_before(call.parameters[0]))
      throw Problem("conflict", "This visit is closed.");
    throw;
  }
  return json_response(call, visit_now(call, call.parameters[0]));
}

Response get_visits(Call& call) {
  const std::string list = choice_of(call, "state", {"open", "all", "unconfirmed"});
  VisitFilter filter;
  filter.list = list == "open" ? VisitList::open : list == "all" ? VisitList::all : VisitList::unconfirmed;
  filter.since = call.is_guard() ? start_of_day(call.now) : 0;
  filter.find = call.request.parameter("find").value_or("");
  if (const auto date = call.request.parameter("date"); date && !date->empty()) filter.day = day_of(call, *date);
  if (!filter.find.empty() && (filter.list != VisitList::open || filter.day))
    throw Problem("bad_input", "?find= looks among the open visits; it takes neither another state nor a date.");
  return json_response(call, call.db.visits(filter, page_of(call)));
}

Response get_visit_debts(Call& call) {
  VisitFilter filter;
  filter.list = VisitList::debts;
  filter.closed_too = !call.is_guard();
  return json_response(call, call.db.visits(filter, page_of(call)));
}

Response get_visit(Call& call) {
  const std::string& id = call.parameters[0];
  if (call.is_guard()) {
    const auto arrived = call.db.visit_hidden_before(id);
    if (arrived && *arrived < start_of_day(call.now))
      throw Problem("not_permitted", "A guard sees today's and open visits.");
  }
  EventFilter filter;
  filter.visit = id;
  answer::Visit visit = visit_now(call, id);
  add_events(call, visit, std::move(filter));
  return json_response(call, visit);
}

Response post_visit_plan(Call& call) {
  const Reply made = ask_for_guest(call, with_form<PlanVisit>(call));
  return json_response(call, visit_now(call, made.id));
}

// Lines that the core cannot judge are reported with those that it refuses, and then it stores none.
Response post_visits_import(Call& call) {
  const std::string dry = choice_of(call, "dry_run", {"0", "1"});
  GuestFile file = read_guest_file(call.request.body, call.now.offset);
  const bool only_check = dry == "1" || !file.bad.empty();
  ImportResult result;
  if (!file.guests.empty()) result = call.ask(ImportGuests{std::move(file.guests), only_check}).import;
  limit_names(call, result.mistakes);
  std::vector<RowMistake> bad = std::move(file.bad);
  std::move(result.mistakes.begin(), result.mistakes.end(), std::back_inserter(bad));
  std::stable_sort(bad.begin(), bad.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  answer::Import answer{.stored = !only_check && bad.empty(), .dry_run = dry == "1"};
  if (bad.empty()) answer.planned = result.planned;
  if (bad.empty()) answer.merged = result.merged;
  for (const RowMistake& mistake : bad) answer.bad.push_back(line_mistake(mistake));
  return json_response(call, answer);
}

Response post_visits(Call& call) {
  auto asked = call.read<RegisterVisit>();
  if (!asked.quick && asked.purpose.empty()) throw Problem("bad_input", "\"purpose\" is missing.");
  if (!asked.quick && asked.whom.empty()) throw Problem("bad_input", "\"whom\" is missing.");
  asked.portrait_of = person_of_portrait(call, asked.portrait);
  const Reply made = ask_for_guest(call, asked);
  call.api.uploads.remove(asked.portrait);
  answer::Visit visit = visit_now(call, made.id);
  if (!made.out_of_hours.empty()) visit.hours = hours_of(call, asked.category, visit.invited);
  return json_response(call, visit);
}

Response post_visit_complete(Call& call) {
  auto asked = with_form<CompleteVisit>(call);
  asked.visit = visit_id(call);
  return visit_command(call, std::move(asked));
}

Response post_visit_move(Call& call) {
  const VisitState to = call.read<MoveVisit>().to;
  // The aide ends a meeting, the office calls a visit off; the guest's place is the guard's to record.
  const bool may =
      (call.who.roles & guard) || to == VisitState::cancelled || ((call.who.roles & aide) && to == VisitState::finished);
  if (!may) throw Problem("not_permitted", "Your role may not move a visit there.");
  return visit_command<MoveVisit>(call);
}

Response post_visit_portrait(Call& call) {
  auto asked = call.read<SetPortrait>();
  asked.visit = visit_id(call);
  asked.portrait_of = person_of_portrait(call, asked.portrait);
  Response response = visit_command(call, asked);
  call.api.uploads.remove(asked.portrait);
  return response;
}

}  // namespace gapura::gateway
