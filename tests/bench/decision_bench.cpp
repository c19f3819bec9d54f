// SPDX-License-Identifier: Apache-2.0
// decide() with its look-ups over a site of 250,000 badges and a journal of ten million entries, without the disk; and the
// memory of a core that holds that state. The floor beside it: one look-up in a hash map of the same size.
//   decision_bench [entries]      (default 10,000,000; the file, about 300 bytes an entry, lies in a temporary folder)
#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <unordered_map>

#include "bench/targets.h"
#include "gateway/core/core.h"
#include "gateway/journal/journal.h"
#include "gateway/simulation/random.h"
#include "gateway/simulation/site.h"
#include "gateway/store/site_store.h"
#include "models/visit/credential.h"
#include "support/temporary_folder.h"

using namespace gapura;
using namespace gapura::gateway;
using Steady = std::chrono::steady_clock;

namespace {

constexpr int badge_count = 250'000, open_visits = 200, rounds = 200'000;
constexpr std::int64_t today = 1'767'578'400'000;  // 5 January 2026, 09:00 in Jakarta
constexpr std::int64_t yesterday = today - 86'400'000;

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "decision_bench: {}\n", why);
  std::exit(1);
}

void must(const Status& done) {
  if (!done) give_up(done.error().message);
}

class FixedClock : public Clock {
 public:
  Now now() override {
    return {UtcTime(Millis(today)), BootTime(Millis(5000)), ClockQuality::ok, std::chrono::minutes(420)};
  }
};

class NoOrders : public OrderSink {
 public:
  void pulse(std::uint64_t, const std::string&, Millis, BootTime) override {}
  void keep_still(std::uint64_t, const KeepStillOut&) override {}
  void take_still(std::uint64_t, const TakeStillOut&) override {}
};

TokenBytes token(int number) {
  TokenBytes bytes{};
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return bytes;
}

std::int64_t resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::strtoll(line.c_str() + 6, nullptr, 10);
  return 0;
}

// Rows in bulk, as years of running would have left them: most visits closed, some guests in the house.
void fill(const Database& db, std::int64_t entries) {
  must(db.execute("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; BEGIN"));
  must(db.execute(fmt::format(
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {}) "
      "INSERT INTO entry (number, utc, boot, type, point, actor, visit, badge, ref, leaf) "
      "SELECT i, {} - ({} - i) * 1000, i, CASE i % 3 WHEN 0 THEN 'access_granted' WHEN 1 THEN 'access_taken' ELSE "
      "'access_denied' END, 'lane-1.in', 'device', 'v-' || (i / 20), 'b-' || (i / 40), NULL, "
      "CAST(printf('{{\"v\":1,\"i\":%d,\"ts\":\"2026-01-05T09:00:00.000+07:00\",\"bt\":%d,\"boot\":\"boot1\",\"cq\":\"ok\","
      "\"typ\":\"device_online\",\"pt\":\"lane1\",\"act\":\"device\",\"sub\":null,\"bdg\":null,\"ref\":null,\"d\":{{}}}}', "
      "i, i) || char(10) AS BLOB) FROM n",
      entries, today, entries)));
  auto guest = db.prepare(
      "INSERT INTO guest (id, full_name, made_utc) VALUES (?1, seal(?1, 'guest.full_name', ?1, 'Tamu Contoh'), 0)");
  auto visit = db.prepare(
      "INSERT INTO visit (id, guest, category, purpose, whom, form_salt, state, approval, screening, presence, "
      "whereabouts, "
      "badge, arrived_utc, screened_utc, closed_utc, last_entry) VALUES (?1, ?2, 'general', seal(?2, 'visit.purpose', ?1, "
      "'uji'), "
      "seal(?2, 'visit.whom', ?1, 'pimpinan'), seal_salt(?2, zeroblob(16)), ?3, 'accepted', 'clear', 'outside', "
      "'outside=1', ?4, 0, ?6, ?5, 0)");
  auto badge = db.prepare(
      "INSERT INTO badge (id, token_hash, state, visit, issued_utc, valid_until_utc, ended_utc, last_entry) "
      "VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, 0)");
  if (!guest || !visit || !badge) give_up("the schema is another one");
  for (int i = 0; i < badge_count; ++i) {
    const bool open = i < open_visits;
    const std::string g = fmt::format("g-{:016x}", i), v = fmt::format("v-{:016x}", i), b = fmt::format("b-{:016x}", i);
    const Hash hash = badge_hash(token(i));
    must(guest->bind(1, g).run());
    visit->bind(1, v).bind(2, g).bind(3, open ? "called" : "departed").bind(4, b).bind(6, today);
    must((open ? visit->bind_null(5) : visit->bind(5, yesterday)).run());
    badge->bind(1, b).bind_blob(2, as_bytes(hash)).bind(3, open ? "issued" : "returned").bind(4, v);
    badge->bind(5, today + 3'600'000);
    must((open ? badge->bind_null(6) : badge->bind(6, yesterday)).run());
  }
  must(db.execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)"));
}

struct Quantiles {
  double p50, p99, most;  // microseconds
};
template <class Work>
Quantiles measure(Work work) {
  std::vector<double> micros;
  micros.reserve(rounds);
  for (int i = 0; i < rounds; ++i) {
    const auto began = Steady::now();
    work(i);
    micros.push_back(std::chrono::duration<double, std::micro>(Steady::now() - began).count());
  }
  std::sort(micros.begin(), micros.end());
  return {micros[rounds / 2], micros[rounds * 99 / 100], micros.back()};
}

void row(const char* what, const Quantiles& q) {
  fmt::print("{:<46} {:>9.2f} {:>9.2f} {:>9.2f}\n", what, q.p50, q.p99, q.most);
}

}  // namespace

int main(int argc, char** argv) {
  bench::Targets targets(argc, argv);
  spdlog::set_level(spdlog::level::off);
  const std::int64_t entries = argc > 1 ? std::strtoll(argv[1], nullptr, 10) : 10'000'000;
  const tests::TemporaryFolder folder;
  const std::string path = folder.path() + "/gapura.db";
  const auto began = Steady::now();
  {
    auto db = Database::open_writer(path);
    if (!db) give_up(db.error().message);
    fill(*db, entries);
    if (const auto journal = Journal::open(*db); !journal) give_up(journal.error().message);  // builds the tree, once
  }
  const auto filled = Steady::now();
  const auto before = resident_kib();
  FixedClock clock;
  NoOrders orders;
  auto db = Database::open_writer(path);
  if (!db) give_up(db.error().message);
  simulation::Random random(1);
  auto store = open_site_store({.database = std::move(*db), .boot_id = "boot1"});
  if (!store) give_up(store.error().message);
  auto core = Core::open({.site = simulation::make_site(1),
                          .clock = clock,
                          .randomness =
                              [&](std::span<std::uint8_t> bytes) {
                                for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
                              },
                          .store = std::move(*store),
                          .orders = orders},
                         "bench");
  if (!core) give_up(core.error().message);
  const auto opened = Steady::now();
  const auto after = resident_kib();
  for (const char* signal : {"lane1.release_in", "lane1.passage_in"})
    (*core)->handle(LevelReport{signal, Level::off, clock.now().boot});

  const Gate& gate = (*core)->gate();
  if (gate.state().badges.size() != badge_count) give_up("the badges were not loaded");
  const AccessPointConfig& point = gate.config().points.front();
  std::vector<std::string> texts;
  for (int i = 0; i < 4096; ++i)
    texts.push_back(make_token(token(static_cast<int>(random.below(i % 2 == 0 ? open_visits : 2 * badge_count)))));
  std::size_t granted = 0;
  const auto decision = measure([&](int i) {
    const auto parsed = parse_token(texts[static_cast<std::size_t>(i) % texts.size()]);
    const Badge* badge = gate.state().find_badge(badge_hash(std::get<TokenBytes>(parsed)));
    if (badge && gate.judge(point, *badge, clock.now()).granted()) ++granted;
  });
  if (granted == 0) give_up("nobody was let in: this measures nothing");

  std::unordered_map<Hash, int, HashOfHash> map;
  for (int i = 0; i < badge_count; ++i) map.emplace(badge_hash(token(i)), i);
  std::vector<Hash> keys;
  for (int i = 0; i < 4096; ++i) keys.push_back(badge_hash(token(static_cast<int>(random.below(2 * badge_count)))));
  std::size_t hits = 0;
  const auto floor = measure([&](int i) { hits += map.count(keys[static_cast<std::size_t>(i) % keys.size()]); });

  fmt::print("{} badges, {} open visits, {} journal entries; {} of {} scans granted\n", badge_count, open_visits, entries,
             granted, rounds);
  fmt::print("{:<46} {:>9} {:>9} {:>9}\n", "microseconds", "p50", "p99", "max");
  row("scan to decision, without the disk", decision);
  row("floor: one hash map look-up", floor);
  const auto seconds = [](auto from, auto to) { return std::chrono::duration<double>(to - from).count(); };
  fmt::print("memory: {} MiB with the state loaded (a start took {:.1f} s and {} MiB); filling took {:.0f} s\n",
             after / 1024, seconds(filled, opened), (after - before) / 1024, seconds(began, filled));
  if (hits == 0) give_up("the floor found nothing");
  targets.at_most("scan to decision, p99 in microseconds", decision.p99, 1000);
  targets.at_most("memory with the state loaded, MiB", static_cast<double>(after) / 1024, 400);
  return targets.report();
}
