// SPDX-License-Identifier: Apache-2.0
// Lists that may be long, page by page: what a page leaves out is counted, and its cursor continues after its last row.
#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <limits>
#include <tuple>

#include "gateway/web/http/problem.h"
#include "gateway/web/queries/queries.h"
#include "models/base/text.h"

namespace gapura::gateway {
namespace {

// The place of a row in its list: by rank, then by time, then by id.
struct Place {
  std::int64_t rank = 0, time = 0;
  std::string id;
};

std::string cursor_of(const Place& place) { return fmt::format("{}.{}.{}", place.rank, place.time, place.id); }

Place place_of(std::string_view cursor) {
  const auto take = [&](std::int64_t& number) {
    const auto [end, code] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), number);
    const auto used = static_cast<std::size_t>(end - cursor.data());
    if (code != std::errc() || used >= cursor.size() || *end != '.')
      throw Problem("bad_input", "?after= expects what an answer gave as \"more\".");
    cursor.remove_prefix(used + 1);
  };
  Place place;
  take(place.rank);
  take(place.time);
  place.id = std::string(cursor);
  return place;
}

constexpr auto last_number = std::numeric_limits<std::int64_t>::max();
const Place before_all{-1, -last_number, ""}, after_all{last_number, last_number, "\x7f"};

// Small letters; those of Latin-1 with their accents as well.
std::string folded(std::string text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] >= 'A' && text[at] <= 'Z') text[at] = static_cast<char>(text[at] + 32);
    if (text[at] != '\xc3' || at + 1 == text.size()) continue;
    const auto letter = static_cast<unsigned char>(text[++at]);  // U+00C0 and on; U+00D7 is no letter
    if (letter >= 0x80 && letter <= 0x9e && letter != 0x97) text[at] = static_cast<char>(letter + 32);
  }
  return text;
}

// A number is found with or without its 0 or +62 in front.
std::string without_prefix(const std::string& digits) {
  if (digits.starts_with("62")) return digits.substr(2);
  return digits.starts_with('0') ? digits.substr(1) : digits;
}

}  // namespace

struct Queries::Listing {
  std::string from, where;  // ?5 and on are bound by bind()
  const char* rank;         // "": all rows have the same
  const char* time;
  bool newest_first = false;
  std::function<void(Statement&)> bind;
  std::function<void(const std::string&)> read;  // appends the row of this id
};

// The rows are read while the list is still open, so that all are of one moment.
template <class Page>
void Queries::read_page(Page& page, const Listing& it, const PageWanted& wanted) {
  const auto bind = [&](Statement& statement) -> Statement& {
    if (it.bind) it.bind(statement);
    return statement;
  };
  const std::string source = " FROM " + it.from + " WHERE " + it.where;
  auto& count = bind(prepared("SELECT count(*)" + source));
  if (next(count)) page.total = count.integer(0);
  count.reset();
  const std::string rank = *it.rank ? std::string(it.rank) + ", " : "";
  const char* way = it.newest_first ? " DESC" : "";
  const std::string order = (rank.empty() ? "" : std::string(it.rank) + way + ", ") + it.time + way + ", id" + way;
  const std::string cursor =
      fmt::format(" AND ({}{}, id) {} ({}?2, ?3)", rank, it.time, it.newest_first ? "<" : ">", rank.empty() ? "" : "?1, ");
  auto& rows = bind(prepared(
      fmt::format("SELECT id, {}, {}{}{} ORDER BY {} LIMIT ?4", *it.rank ? it.rank : "0", it.time, source, cursor, order)));
  const Place from = !wanted.after.empty() ? place_of(wanted.after) : it.newest_first ? after_all : before_all;
  if (!rank.empty()) rows.bind(1, from.rank);
  rows.bind(2, from.time).bind(3, from.id).bind(4, std::int64_t{wanted.limit} + 1);
  Place last;
  for (int taken = 0; next(rows); ++taken) {
    if (taken == wanted.limit) {
      page.more = cursor_of(last);
      break;
    }
    last = {rows.integer(1), rows.integer(2), rows.text(0)};
    it.read(last.id);
  }
  rows.reset();
}

answer::VisitPage Queries::visits(const VisitFilter& filter, const PageWanted& wanted) {
  if (!filter.find.empty()) return visits_found(filter.find, wanted);
  answer::VisitPage page;
  Listing listing{"visit", "", "", "arrived_utc"};
  listing.read = [&](const std::string& id) { page.visits.push_back(*visit(id)); };
  const char* const seen = "(closed_utc IS NULL OR arrived_utc >= ?5)";
  if (filter.day) {
    listing.where = std::string("arrived_utc >= ?6 AND arrived_utc < ?7 AND ") + seen;
    listing.newest_first = true;
  } else if (filter.list == VisitList::open) {
    listing.where = "closed_utc IS NULL";
    listing.rank = "state = 'planned'";  // guests who are here precede those who are expected
  } else if (filter.list == VisitList::debts) {
    listing.where = filter.closed_too ? "in_debt = 1" : "in_debt = 1 AND closed_utc IS NULL";
  } else {
    listing.where = filter.list == VisitList::unconfirmed ? std::string("verbal = 'unconfirmed' AND ") + seen : seen;
    listing.newest_first = true;
  }
  const bool dated = listing.where.find("?5") != std::string::npos;
  listing.where += " AND (?8 = '' OR " THEIRS("visit.id", "visit.second_aide", "?8") ")";
  listing.bind = [this, &filter, dated](Statement& statement) {
    statement.bind(8, view_.off_duty);
    if (dated) statement.bind(5, filter.since);
    if (filter.day)
      statement.bind(6, filter.day->first.time_since_epoch().count())
          .bind(7, filter.day->second.time_since_epoch().count());
  };
  read_page(page, listing, wanted);
  return page;
}

// Names are sealed, so they are compared here and not by the database.
answer::VisitPage Queries::visits_found(const std::string& text, const PageWanted& wanted) {
  const std::string wanted_text = folded(text), digits = digits_of(text), number = without_prefix(digits);
  const auto matches = [&](const Statement& row) {
    for (const int column : {3, 4, 5})
      if (!row.is_null(column) && folded(row.text(column)).find(wanted_text) != std::string::npos) return true;
    return digits.size() >= 4 && !row.is_null(6) && digits_of(row.text(6)).find(number) != std::string::npos;
  };
  const Place from = wanted.after.empty() ? before_all : place_of(wanted.after);
  answer::VisitPage page;
  Place last;
  bool full = false;
  auto& rows = prepared(
      "SELECT v.id, v.state = 'planned' AS later, v.arrived_utc, g.full_name, g.institution, v.whom, g.phone FROM visit v "
      "JOIN guest g ON g.id = v.guest WHERE v.closed_utc IS NULL AND (?8 = '' OR " THEIRS(
          "v.id", "v.second_aide", "?8") ") ORDER BY later, v.arrived_utc, v.id");
  rows.bind(8, view_.off_duty);
  while (next(rows)) {
    if (!matches(rows)) continue;
    ++page.total;
    const Place here{rows.integer(1), rows.integer(2), rows.text(0)};
    if (std::tie(here.rank, here.time, here.id) <= std::tie(from.rank, from.time, from.id)) continue;
    if (page.visits.size() == static_cast<std::size_t>(wanted.limit)) {
      full = true;
      continue;
    }
    page.visits.push_back(*visit(here.id));
    last = here;
  }
  if (full) page.more = cursor_of(last);
  return page;
}

answer::BadgePage Queries::badges(BadgeList list, const PageWanted& wanted) {
  answer::BadgePage page;
  Listing listing{"badge", "ended_utc IS NULL", "", "issued_utc"};
  listing.read = [&](const std::string& id) { page.badges.push_back(*badge(id)); };
  if (list == BadgeList::stock) listing.where = "kind = 'card' AND state = 'in_stock'";
  if (list == BadgeList::all) {
    listing.where = "1";
    listing.newest_first = true;
  }
  read_page(page, listing, wanted);
  return page;
}

}  // namespace gapura::gateway
