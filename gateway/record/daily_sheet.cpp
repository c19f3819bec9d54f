// SPDX-License-Identifier: Apache-2.0
#include "gateway/record/daily_sheet.h"

#include <map>

#include "gateway/record/checkpoint_signer.h"
#include "gateway/record/proof.h"

namespace gapura::gateway {
namespace {

using Counts = std::map<std::string, std::int64_t>;

Result<UtcTime> start_of(const std::string& date, const Now& now) {
  const auto bad = fail(ErrorKind::bad_input, "expected a date such as 2026-01-31, not after today");
  if (date.size() != 10) return bad;
  const auto midnight = parse_rfc3339(date + "T00:00:00.000+00:00");
  if (!midnight) return bad;
  const UtcTime start = *midnight - now.offset;
  return start > now.utc ? Result<UtcTime>(bad) : start;
}

// Rows of (text, number) between two instants.
Result<Counts> counts_of(const Database& db, std::string_view sql, UtcTime from, UtcTime until) {
  auto row = TRY(db.prepare(sql));
  row.bind(1, from.time_since_epoch().count()).bind(2, until.time_since_epoch().count());
  Counts counts;
  for (;;) {
    const auto more = TRY(row.step());
    if (!more) return counts;
    counts[row.text(0)] = row.integer(1);
  }
}

}  // namespace

std::string local_date(const Now& now) { return format_rfc3339(now.utc, now.offset).substr(0, 10); }

Result<DailySheet> load_daily_sheet(const Database& db, const std::string& site, const std::string& date, const Now& now,
                                    const Words& words) {
  const auto from = TRY(start_of(date, now));
  const UtcTime until = from + std::chrono::days(1);
  auto types =
      TRY(counts_of(db, "SELECT type, count(*) FROM entry WHERE utc >= ?1 AND utc < ?2 GROUP BY type", from, until));
  auto people =
      TRY(counts_of(db,
                    "SELECT category, sum(party) FROM visit WHERE arrived_utc >= ?1 AND arrived_utc < ?2 AND state <> "
                    "'planned' GROUP BY category",
                    from, until));
  // Entries are ordered by number, not by instant; after a clock was set some of a day's entries may be among another
  // day's.
  auto range = TRY(counts_of(db,
                             "SELECT 'first', min(number) FROM entry WHERE utc >= ?1 AND utc < ?2 UNION ALL SELECT 'last', "
                             "max(number) FROM entry WHERE utc >= ?1 AND utc < ?2",
                             from, until));

  DailySheet sheet;
  sheet.words = words;
  sheet.site = site, sheet.date = date, sheet.printed = format_rfc3339(now.utc, now.offset);
  Counts& t = types;
  const auto add = [&](std::type_identity_t<Sentence<>> label, std::int64_t value) {
    sheet.lines.push_back({words(label), words.second()(label), value});
  };
  add("paper.day.general", people["general"]);
  add("paper.day.special", people["special"]);
  add("paper.day.registered", t["visit_registered"]);
  add("paper.day.closed", t["visit_closed"]);
  add("paper.day.issued", t["badge_issued"]);
  add("paper.day.returned", t["badge_returned"]);
  add("paper.day.released", t["access_granted"]);
  add("paper.day.passed", t["access_taken"]);
  add("paper.day.denied", t["access_denied"]);
  add("paper.day.alarms", t["alarm_raised"]);
  add("paper.day.deviations", t["deviation_noted"]);
  if (t.empty()) return sheet;
  sheet.first = range["first"], sheet.last = range["last"];
  const auto checkpoint = find_checkpoint(db, static_cast<std::uint64_t>(sheet.last) + 1);
  if (!checkpoint)
    return checkpoint.error().kind == ErrorKind::not_found ? Result<DailySheet>(sheet) : tl::unexpected(checkpoint.error());
  sheet.note = checkpoint->note;
  const auto keys = TRY(announced_keys(db));
  for (const auto& key : keys)
    if (const auto parsed = parse_verifier_key(key.text); parsed && open_note(sheet.note, {*parsed}))
      sheet.verifier = key.text;
  return sheet;
}

}  // namespace gapura::gateway
