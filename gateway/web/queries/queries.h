// SPDX-License-Identifier: Apache-2.0
// What the API reads from the database, as it answers it. Read-only.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/journal/database.h"
#include "gateway/web/queries/answers.h"
#include "models/base/time.h"
#include "models/record/events.h"
#include "models/record/site_state.h"
#include "models/site/site.h"
#include "models/visit/visit.h"

namespace gapura::gateway {

// SQL: is a guest one that this aide is asked about, invited or decided? With the names of the visit's columns.
#define THEIRS(id, second, who)                                                                            \
  "(" second " = " who " OR EXISTS (SELECT 1 FROM entry own WHERE own.visit = " id " AND own.actor = " who \
  " AND own.type IN ('visit_planned', 'approval_decided')))"

struct Account {
  std::string id, name;
  Role role = Role::guard;
  std::string password_hash;
  bool disabled = false;
};

struct SessionRow {
  Account account;
  bool is_api_token = false;
  std::int64_t idle_until = 0, absolute_until = 0;  // ms UTC
  std::string device, pin_hash;                     // of the device it was opened on; pin_hash empty: no PIN there
  std::int64_t wrong_pins = 0;
};

// An aide's place on the roster; vacant: no aide is on duty.
enum class Duty { on, second, off, vacant };

struct EventFilter {
  std::optional<std::int64_t> after;
  std::string type, visit, badge;
  int limit = 200;
};

// A page of a long list: at most `limit` rows, after the one that the cursor `after` names (empty: from the first). Its
// answer says how many there are in all (`total`), and the cursor of the next page (`more`; none: this was the last).
struct PageWanted {
  int limit = 100;
  std::string after;
};

enum class VisitList { open, all, unconfirmed, debts };
struct VisitFilter {
  VisitList list = VisitList::open;
  std::int64_t since = 0;                          // closed visits that arrived before it are left out
  bool closed_too = true;                          // of debts
  std::optional<std::pair<UtcTime, UtcTime>> day;  // those that began in it, whatever their state
  std::string find;  // open ones whose guest, institution, host or telephone number has these characters
};
enum class BadgeList { out, all, stock };

struct StoredEvent {
  std::int64_t number = 0;
  std::string type;
  std::string json;
  bool silent = false;   // of a duress alarm, an account or a look at data: not for guards
  std::string visit;     // empty: of none
  std::string redacted;  // `json` without people's words and pictures; empty: it has none
};

// From where the database is looked at.
struct Viewpoint {
  std::chrono::minutes offset{0};    // how instants are written
  const SiteConfig* site = nullptr;  // for names and next steps
  bool sees_silent = false;          // duress alarms, and which badges give them; entries about accounts and looks
  std::int64_t masked_before = 0;    // closed visits of earlier days are masked; 0: none is
  std::string off_duty = {};         // an aide who is off duty: sees only guests that are theirs; empty: no such limit
};

// One thread each: owns its connection and statements. Functions throw Problem when the database fails.
class Queries {
 public:
  explicit Queries(Database db) : db_(std::move(db)) {}

  // Ends what an exception left half read; an open read would keep the WAL from shrinking.
  void release();
  void look_from(Viewpoint view) { view_ = std::move(view); }
  // Whether this account may see a picture or clip that lies under the key of `owner`. `since`: how old its unmasking of a
  // visit may be.
  bool may_load(const std::string& hash, const std::string& owner, const std::string& actor, std::int64_t since);
  bool is_picture_of_visit(const std::string& hash);  // its portrait, or evidence of it
  void show_masked() { view_.masked_before = 0; }     // for this request: the looking is entered already
  const Database& database() const { return db_; }

  bool has_admin();
  std::optional<Account> account(std::string_view id);
  std::optional<Account> account_named(std::string_view name);
  std::vector<answer::User> users();
  std::optional<SessionRow> session(std::string_view hash);
  Duty duty_of(std::string_view user);
  // Of an aide who is off duty. True for a visit that does not exist.
  bool is_theirs(std::string_view aide, std::string_view visit);
  bool is_picture_theirs(std::string_view aide, std::string_view hash);  // of a visit that is
  bool may_see_cameras(std::string_view aide);  // on duty, or asked about a guest who is here; empty: no aide
  const std::string& off_duty() const { return view_.off_duty; }

  std::vector<answer::Person> people(Role role);  // those who can sign in

  // visit_queries.cpp
  std::optional<answer::Visit> visit(std::string_view id);
  std::vector<answer::Inside> people_inside();  // the roll call: open visits with a person not outside, none of them safe
  std::optional<std::int64_t> visit_hidden_before(std::string_view id);  // arrival of a closed visit, for the guard's rule
  std::optional<answer::Badge> badge(std::string_view id);
  std::vector<answer::Badge> badges_out_by_code(const std::string& code);  // badge_code() of it; two would be a rarity
  std::vector<answer::Badge> staff_inside();
  std::vector<answer::Deposit> deposits(std::string_view visit);  // empty: of every visit, those not given back yet
  std::optional<answer::Deposit> deposit(std::string_view id);
  std::vector<answer::ListedPerson> attention();
  SiteFacts facts();
  std::int64_t count(std::string_view sql);  // of a statement that gives one number

  // page_queries.cpp. A cursor that no page gave throws bad_input. A row that changes its place between two pages may be
  // listed twice; one that stays open is never left out.
  answer::VisitPage visits(const VisitFilter& filter, const PageWanted& wanted);
  answer::BadgePage badges(BadgeList list, const PageWanted& wanted);

  // alarm_queries.cpp
  answer::StandingAlarms alarms();
  std::optional<answer::Alarm> alarm(std::int64_t number);
  answer::AlarmReport alarm_report(UtcTime now);

  std::vector<answer::Event> events(const EventFilter& filter);
  std::int64_t count_events(const EventFilter& filter);  // whatever its limit
  std::optional<answer::Event> event(std::int64_t number);
  std::vector<StoredEvent> events_after(std::int64_t after, int limit);  // for the live feed
  std::int64_t last_event();                                             // -1 when the journal is empty

 private:
  std::string conditions_of(const EventFilter& filter) const;
  Statement& bound(Statement& row, const EventFilter& filter) const;
  struct Listing;
  template <class Page>
  void read_page(Page& page, const Listing& listing, const PageWanted& wanted);
  answer::VisitPage visits_found(const std::string& text, const PageWanted& wanted);
  Statement& prepared(std::string_view sql);
  bool next(Statement& statement);
  // The one row, or none.
  template <class Read>
  auto first(Statement& row, Read read) -> std::optional<decltype(read(row))> {
    if (!next(row)) return std::nullopt;
    auto found = read(row);
    row.reset();
    return found;
  }
  std::string actor_name(const std::string& actor);
  answer::Visit visit_from(const Statement& row);
  std::optional<answer::Next> next_of(const Visit& visit) const;
  std::optional<std::int64_t> members_limit_of(const Visit& visit) const;  // of its SOP's present version
  Statement& masked_rows(const char* sql);
  std::vector<answer::Badge> badges_of(Statement& rows);
  std::vector<answer::Badge> badges_out_of(const std::string& visit);
  answer::Badge badge_from(const Statement& row) const;
  answer::Alarm alarm_from(const Statement& row);
  std::vector<answer::Alarm> alarms_of(Statement& rows);
  answer::AlarmRate alarm_rate(UtcTime now);
  std::vector<answer::Chatter> chattering(UtcTime now);
  std::vector<answer::Fix> to_mend(UtcTime now);
  Statement& raised_since(const char* sql, UtcTime since);
  answer::Deposit deposit_from(const Statement& row) const;
  std::string escort_name(const std::string& who);  // a user or a host
  answer::Event event_from(const Statement& row);
  std::vector<std::string> pictures_of(std::int64_t entry);
  std::vector<std::string> clips_of(std::int64_t entry);
  std::optional<std::string> note_of(std::int64_t entry);  // people's words about it, none once they are erased
  bool is_masked(std::int64_t entry);  // about a closed visit of an earlier day, or of a restricted person
  std::vector<answer::Previous> previous_visits(const std::string& guest, std::int64_t before);

  Database db_;
  std::map<std::string, std::string> names_;  // user id to name; names never change
  Viewpoint view_;
};

std::int64_t start_of_day(const Now& now);  // the site's midnight, ms UTC
answer::User user_of(const Account& account);

}  // namespace gapura::gateway
