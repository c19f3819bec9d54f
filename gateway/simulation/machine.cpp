// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/machine.h"

#include "gateway/store/site_store.h"

namespace gapura::simulation {

using namespace std::chrono_literals;
using namespace gapura::gateway;

namespace {

// Indexes for the queries of screens, which are not used here, and a third of what a commit writes.
constexpr const char* drop_indexes =
    "DROP INDEX IF EXISTS entry_by_visit; DROP INDEX IF EXISTS entry_by_badge; DROP INDEX IF EXISTS entry_by_point; "
    "DROP INDEX IF EXISTS entry_by_time; DROP INDEX IF EXISTS entry_by_type";

}  // namespace

Machine::Machine(const SiteConfig& site, Queue& queue, SiteClock& clock, Disk& disk, Checks& checks, Random random)
    : site_(site), queue_(queue), clock_(clock), disk_(disk), checks_(checks), random_(random) {
  // On some days the WAL is copied into the file so often that cuts and errors happen during it.
  wal_pages_ = random_.fork(0).chance(250) ? 20 : 300;
  without_indexes_ = random_.fork(0).below(4) != 0;
}

void Machine::connect(OrderSink& orders, std::function<void()> after_start) {
  orders_ = &orders;
  after_start_ = std::move(after_start);
}

// A start that fails (the disk fails, the power fails again) is repeated a minute later, like a service manager.
void Machine::start() {
  if (off_) return;
  ++starts_;
  clock_.restart();
  tick_at_.reset();
  Random ids = random_.fork(static_cast<std::uint64_t>(starts_));
  if (storms()) plan_cut();
  const auto errors = disk_.counters().errors();
  auto database = Database::open_writer(path, disk_.vfs());
  if (database && without_indexes_ && !storms())
    if (auto done = database->execute(drop_indexes); !done) database = tl::unexpected(done.error());
  Result<std::unique_ptr<Core>> core = fail(ErrorKind::storage, "");
  if (!database) {
    core = tl::unexpected(database.error());
  } else {
    auto store = open_site_store(
        {.database = std::move(*database), .boot_id = "boot" + std::to_string(starts_), .wal_pages = wal_pages_});
    const auto randomness = [ids](std::span<std::uint8_t> bytes) mutable {
      for (auto& byte : bytes) byte = static_cast<std::uint8_t>(ids.next() >> 32);
    };
    core = store ? Core::open({.site = site_,
                               .clock = clock_,
                               .randomness = randomness,
                               .store = std::move(*store),
                               .orders = *orders_,
                               .watched = false},
                              "simulation")
                 : tl::unexpected(store.error());
  }
  auto reader = core ? Database::open_reader(path, disk_.vfs()) : fail(ErrorKind::storage, "no core");
  if (!core || !reader) {
    if (disk_.counters().errors() == errors && disk_.has_power())
      checks_.cannot_start(core ? reader.error().message : core.error().message);
    core = fail(ErrorKind::storage, "closed");
    checks_.interrupted();
    if (!disk_.has_power()) disk_.restore_power();
    return wait_for_power(60s, 60s);
  }
  core_ = std::move(*core);
  reader_ = std::move(*reader);
  checks_.started(*reader_, *core_, storms());
  if (!checks_.can_read()) {  // the disk or the power failed between the core's start and the reader's
    checks_.interrupted();
    lose();
    if (!disk_.has_power()) disk_.restore_power();
    return wait_for_power(60s, 60s);
  }
  settle();
  if (core_) after_start_();
}

void Machine::begin_storm(std::int64_t operations, Millis lasts) {
  storm_operations_ = std::max<std::int64_t>(operations, 1);
  storm_until_ = queue_.now() + lasts;
  wal_pages_ = 20;
  if (core_) plan_cut();
}

// Within some operations of the disk; one start in ten gets further, because a machine that never completes its start would
// be cut in the same place for hours, with a WAL that only grows. And after a while in any case.
void Machine::plan_cut() {
  const std::int64_t most = random_.chance(100) ? 10 * storm_operations_ : storm_operations_;
  disk_.cut_power(1 + static_cast<std::uint64_t>(random_.below(most)));
  queue_.in(random_.between(1s, storm_operations_ * 100ms), [this, start = starts_] {
    if (!core_ || starts_ != start || !storms()) return;
    disk_.cut_power(0);
    settle();
  });
}

void Machine::wait_for_power(Millis least, Millis most) {
  queue_.in(storms() ? random_.between(1s, 4s) : random_.between(least, most), [this] { start(); });
}

void Machine::restart() {
  if (!core_) return;
  core_->close();
  settle();
  if (!core_) return;
  lose();
  queue_.in(random_.between(5s, 20s), [this] { start(); });
}

void Machine::stop() {
  off_ = true;
  if (core_) core_->close();
  settle();
  lose();
}

void Machine::lose() {
  checks_.stopped();
  reader_.reset();
  core_.reset();
}

// After every input: checks its result, then plans the next deadline; or finds the power off.
void Machine::settle() {
  if (!core_) return;
  if (!disk_.has_power()) {
    checks_.interrupted();
    lose();
    disk_.restore_power();
    return wait_for_power(15s, 90s);
  }
  checks_.stepped();
  plan_tick();
}

void Machine::plan_tick() {
  const auto due = core_->next_deadline();
  if (!due || (tick_at_ && *tick_at_ <= *due)) return;
  tick_at_ = due;
  queue_.in(std::max(*due - clock_.boot(), Millis(0)), [this, due, start = starts_] {
    if (!core_ || starts_ != start || tick_at_ != due) return;
    tick_at_.reset();
    checks_.ticked();
    core_->tick();
    settle();
  });
}

void Machine::deliver(Input input) {
  if (!core_) return;
  core_->handle(std::move(input));
  settle();
}

void Machine::scan(BadgeRead read, const std::string& badge) {
  if (!core_) return;
  read.captured = clock_.boot();
  checks_.scanned(read, badge);
  deliver(std::move(read));
}

Result<Reply> Machine::ask(Command command, Role role, const std::string& user) {
  if (!core_) return fail(ErrorKind::unavailable, "the computer is down");
  Result<Reply> answer = fail(ErrorKind::bug, "never answered");
  core_->handle(CommandInput{command, Actor{UserId(user.empty() ? std::string("u-") + word(role) : user), role},
                             [&](Result<Reply> reply) {
                               answer = std::move(reply);
                               checks_.answered(command, answer);
                             }});
  settle();
  return answer;
}

}  // namespace gapura::simulation
