// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/machine.h"

namespace gapura::simulation {

using namespace std::chrono_literals;
using namespace gapura::gateway;

Machine::Machine(const SiteConfig& site, Queue& queue, SiteClock& clock, Disk& disk, Checks& checks, Random random)
    : site_(site), queue_(queue), clock_(clock), disk_(disk), checks_(checks), random_(random) {}

void Machine::connect(OrderSink& orders, std::function<void()> after_start) {
  orders_ = &orders;
  after_start_ = std::move(after_start);
}

// A start that fails (the disk fails, the power goes again) is tried again a minute later, as the service manager would.
void Machine::start() {
  if (off_) return;
  ++starts_;
  clock_.restart();
  tick_at_.reset();
  Random ids = random_.fork(static_cast<std::uint64_t>(starts_));
  const auto errors_of = [this] { return disk_.counters().log_errors + disk_.counters().other_errors; };
  const auto errors = errors_of();
  auto database = Database::open_writer(path, disk_.vfs());
  Result<std::unique_ptr<Core>> core = fail(ErrorKind::storage, "");
  if (!database) {
    core = tl::unexpected(database.error());
  } else {
    core = Core::open({site_,
                       clock_,
                       [ids](std::span<std::uint8_t> bytes) mutable {
                         for (auto& byte : bytes) byte = static_cast<std::uint8_t>(ids.next() >> 32);
                       },
                       std::move(*database),
                       "boot" + std::to_string(starts_),
                       *orders_,
                       {},
                       "",
                       [] {}},
                      "simulation");
  }
  auto reader = core ? Database::open_reader(path, disk_.vfs()) : fail(ErrorKind::storage, "no core");
  if (!core || !reader) {
    if (errors_of() == errors && disk_.has_power())
      checks_.cannot_start(core ? reader.error().message : core.error().message);
    core = fail(ErrorKind::storage, "closed");
    if (!disk_.has_power()) disk_.restore_power();
    queue_.in(60s, [this] { start(); });
    return;
  }
  core_ = std::move(*core);
  reader_ = std::move(*reader);
  checks_.started(*reader_, *core_);
  settle();
  if (core_) after_start_();
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

// After every input: look at what it left behind, then see to the next deadline. Or find the power gone.
void Machine::settle() {
  if (!core_) return;
  if (!disk_.has_power()) {
    lose();
    disk_.restore_power();
    queue_.in(random_.between(15s, 90s), [this] { start(); });
    return;
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

void Machine::tell(Input input) {
  if (!core_) return;
  core_->handle(std::move(input));
  settle();
}

void Machine::scan(BadgeRead read, const std::string& badge) {
  if (!core_) return;
  read.captured = clock_.boot();
  checks_.scanned(read, badge);
  tell(std::move(read));
}

Result<Reply> Machine::ask(Command command, const std::string& role) {
  if (!core_) return fail(ErrorKind::unavailable, "the computer is down");
  Result<Reply> answer = fail(ErrorKind::bug, "never answered");
  core_->handle(CommandInput{command, Actor{UserId("u-" + role), role}, [&](Result<Reply> reply) {
                               answer = std::move(reply);
                               checks_.answered(command, answer);
                             }});
  settle();
  return answer;
}

}  // namespace gapura::simulation
