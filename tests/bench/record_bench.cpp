// SPDX-License-Identifier: Apache-2.0
// The record at ten million entries: appending, opening, verifying, asking, and what an entry costs on disk. Each figure
// has its measure beside it from the same run: the same file at ten thousand entries, and the floor that hashing alone
// sets.
//   record_bench [entries]      (default 10,000,000; the file lies in a temporary folder, about 500 bytes an entry)
#include <fmt/core.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "bench/targets.h"
#include "gateway/journal/journal.h"
#include "gateway/record/verify.h"
#include "gateway/registry/registry.h"
#include "support/temporary_folder.h"

using namespace gapura;
using namespace gapura::gateway;
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::int64_t begin_utc = 1'767'578'400'000;  // 5 January 2026, 09:00 in Jakarta
constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t entries_a_day = 4'000;  // 150 guests
constexpr std::uint64_t small = 10'000;

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "record_bench: {}\n", why);
  std::exit(1);
}
template <class T>
T must(Result<T> result) {
  if (!result) give_up(result.error().message);
  return std::move(*result);
}
void must(const Status& done) {
  if (!done) give_up(done.error().message);
}

// What a guest's visit leaves, over and over, spread over the day.
Entry entry_of(std::uint64_t number) {
  static constexpr EventType kinds[] = {
      EventType::visit_registered, EventType::approval_asked, EventType::approval_decided,  EventType::badge_issued,
      EventType::access_granted,   EventType::access_taken,   EventType::screening_passage, EventType::screening_recorded,
      EventType::picture_kept,     EventType::access_denied};
  const std::uint64_t visit = number / 25;
  Entry entry;
  entry.type = kinds[number % std::size(kinds)];
  entry.number = number;
  entry.point = number % 3 == 0 ? "" : "gate-" + std::to_string(number % 4) + ".in";
  entry.actor = number % 2 == 0 ? "device" : "u-3f62a9d1c0b84e57";
  entry.visit = VisitId(fmt::format("v-{:016x}", visit * 0x9e3779b97f4a7c15u));
  entry.badge = BadgeId(number % 2 == 0 ? fmt::format("b-{:016x}", visit * 0xc2b2ae3d27d4eb4fu) : "");
  if (entry.type == EventType::access_taken) entry.ref = number - 1;
  entry.data = {
      {"by", std::string("badge")}, {"sop", std::string("office-general-1")}, {"at_step", std::string("serah-kartu")}};
  const std::int64_t day = static_cast<std::int64_t>(number) / entries_a_day,
                     of_day = static_cast<std::int64_t>(number) % entries_a_day;
  const Millis since(day * day_ms + of_day * (8 * 3'600'000 / entries_a_day));
  entry.at = {UtcTime(Millis(begin_utc)) + since, BootTime(since), ClockQuality::ok, std::chrono::minutes(420)};
  return entry;
}

struct Quantiles {
  double p50, p99;
};
Quantiles quantiles(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values[values.size() / 2], values[values.size() * 99 / 100]};
}

void fill(const Database& db, Journal& journal, std::uint64_t until) {
  must(db.execute("PRAGMA synchronous = OFF"));
  while (journal.size() < until) {
    must(db.execute("BEGIN IMMEDIATE"));
    for (int i = 0; i < 20'000 && journal.size() < until; ++i) must(journal.append(entry_of(journal.size()), "9f2c11ab"));
    must(db.execute("COMMIT"));
    journal.commit();
    must(db.copy_wal(1000));
  }
  must(db.execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous = FULL"));
}

// One entry a transaction, durable. In microseconds.
Quantiles append(const Database& db, Journal& journal, const char* synchronous) {
  must(db.execute(std::string("PRAGMA synchronous = ") + synchronous));
  std::vector<double> took;
  for (int i = 0; i < 1'000; ++i) {
    const auto began = Steady::now();
    must(db.execute("BEGIN IMMEDIATE"));
    must(journal.append(entry_of(journal.size()), "9f2c11ab"));
    must(db.execute("COMMIT"));
    journal.commit();
    took.push_back(std::chrono::duration<double, std::micro>(Steady::now() - began).count());
    must(db.copy_wal(1000));
  }
  return quantiles(std::move(took));
}

double seconds_of(const std::function<void()>& work) {
  const auto began = Steady::now();
  work();
  return std::chrono::duration<double>(Steady::now() - began).count();
}

// The floor: leaf and node hashes of as many entries, on two threads, and nothing else.
double hashes_a_second() {
  constexpr std::uint64_t count = 1'000'000;
  const auto work = [] {
    MerkleEdge edge;
    const std::string leaf = make_leaf(entry_of(12345), "9f2c11ab");
    for (std::uint64_t i = 0; i < count; ++i) edge.append(leaf_hash(leaf));
  };
  const double seconds = seconds_of([&] {
    std::thread other(work);
    work();
    other.join();
  });
  return 2 * count / seconds;
}

// The newest 200 of a day, a person, a door, as the API asks. In milliseconds.
double ask(const Database& db, const std::string& sql) {
  std::vector<double> took;
  for (int i = 0; i < 21; ++i)
    took.push_back(1000 * seconds_of([&] {
                     auto row = must(db.prepare(sql));
                     int rows = 0;
                     while (must(row.step())) rows += row.blob(0).empty() ? 0 : 1;
                     if (rows == 0) give_up("nothing was found: " + sql);
                   }));
  return *std::max_element(took.begin(), took.end());
}

}  // namespace

int main(int argc, char** argv) {
  bench::Targets targets(argc, argv);
  const std::uint64_t most = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000;
  const tests::TemporaryFolder folder;
  const std::string path = folder.path() + "/gapura.db";
  Quantiles at_small[2], at_most[2];
  {
    const Database db = must(Database::open_writer(path));
    Journal journal = must(Journal::open(db));
    fill(db, journal, small);
    at_small[0] = append(db, journal, "FULL"), at_small[1] = append(db, journal, "OFF");
    const double filling = seconds_of([&] { fill(db, journal, most); });
    fmt::print("{} entries, filled in {:.0f} s\n", most, filling);
    at_most[0] = append(db, journal, "FULL"), at_most[1] = append(db, journal, "OFF");
    must(db.execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  }
  fmt::print("{:<44} {:>12} {:>12}\n", "one entry, one transaction (µs)", "p50", "p99");
  for (int i = 0; i < 2; ++i) {
    const char* how = i == 0 ? "durable" : "without the disk's sync";
    fmt::print("{:<44} {:>12.0f} {:>12.0f}\n", fmt::format("{}, at {} entries", how, small), at_small[i].p50,
               at_small[i].p99);
    fmt::print("{:<44} {:>12.0f} {:>12.0f}\n", fmt::format("{}, at {} entries", how, most), at_most[i].p50, at_most[i].p99);
  }
  const double opening = seconds_of([&] {
    const Database db = must(Database::open_writer(path));
    const Journal journal = must(Journal::open(db));
    must(load_state(db));
    if (must(root_of(journal.size(), stored_nodes(db))) != journal.root()) give_up("another root");
  });
  fmt::print("open: {:.3f} s\n", opening);
  const std::int64_t half = static_cast<std::int64_t>(most) / entries_a_day / 2;
  const std::int64_t from = begin_utc + half * day_ms;
  const Entry someone = entry_of(most / 2);
  double slowest = 0;
  {
    const Database db = must(Database::open_reader(path));
    const auto show = [&](const char* what, const std::string& sql) {
      const double ms = ask(db, sql);
      slowest = std::max(slowest, ms);
      fmt::print("{}: slowest of 21 {:.1f} ms\n", what, ms);
    };
    show("a day's entries, all",
         fmt::format("SELECT leaf FROM entry WHERE utc >= {} AND utc < {} ORDER BY number", from, from + day_ms));
    show("a day's counts by type",
         fmt::format("SELECT type, count(*) FROM entry WHERE utc >= {} AND utc < {} GROUP BY type", from, from + day_ms));
    show("a person's visit",
         "SELECT leaf FROM entry WHERE visit = '" + someone.visit.str() + "' ORDER BY number DESC LIMIT 200");
    show("a door's newest 200", "SELECT leaf FROM entry WHERE point = 'gate-1.in' ORDER BY number DESC LIMIT 200");
  }
  VerifyReport report;
  report = must(verify_journal({path, {}, {}, nullptr, 2, true}));
  if (!report.sound()) give_up("the record is not sound: " + report.findings.front().what);
  const double floor = hashes_a_second();
  const double rate = static_cast<double>(report.entries) / report.tree_seconds;
  fmt::print("verify: {:.2f} M entries/s on two threads ({:.1f} s); hashing alone: {:.2f} M entries/s\n", rate / 1e6,
             report.tree_seconds, floor / 1e6);
  const auto bytes = static_cast<double>(std::filesystem::file_size(path)) / static_cast<double>(report.entries);
  fmt::print("disk: {:.0f} bytes an entry\n", bytes);
  targets.at_most("append, durable, p50 x that at 10,000 entries", at_most[0].p50 / at_small[0].p50, 1.3);
  targets.at_most("append, without the disk's sync, p50 x", at_most[1].p50 / at_small[1].p50, 1.3);
  targets.at_most("open, s", opening, 3);
  targets.at_most("slowest query, ms", slowest, 50);
  targets.at_least("verify, M entries/s", rate / 1e6, 1);
  return targets.report();
}
