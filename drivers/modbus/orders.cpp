// SPDX-License-Identifier: Apache-2.0
// Pulse orders: from the queue to the relay and to exactly one report.
#include <fmt/format.h>

#include "drivers/modbus/bus.h"
#include "models/base/invariant.h"

namespace gapura::drivers::modbus {
namespace {

constexpr std::size_t queue_limit = 64;
constexpr Millis offline_retry{200};

// After these exceptions the relay may be energised all the same: 5 is "accepted, still working on it", and with 11 a
// gateway has sent the request to a device that then did not respond.
bool exception_is_unclear(int code) { return code == 5 || code == 11; }

std::string reject_length(const ControllerProfile::Output& output, Millis length) {
  if (length <= Millis(0)) return "the pulse has no length";
  if (length > Millis(output.pulse_max_ms))
    return fmt::format("a pulse of {} ms is longer than the {} ms that the profile allows", length.count(),
                       output.pulse_max_ms);
  return {};
}

std::array<std::uint8_t, 5> pulse_request(const ControllerProfile::Output& output, Millis length) {
  const std::uint8_t function = output.space == ControllerProfile::Space::coil ? 5 : 6;
  if (!output.pulse_address) return request(function, output.address, output.on_value);
  const auto units = (length.count() + output.pulse_unit_ms - 1) / output.pulse_unit_ms;  // rounded up
  return request(function, *output.pulse_address, output.pulse_base + static_cast<int>(units));
}

}  // namespace

std::optional<std::pair<std::size_t, std::size_t>> Bus::find_output(const std::string& signal) const {
  const auto found = outputs_.find(signal);
  if (found == outputs_.end()) return std::nullopt;
  return found->second;
}

void Bus::pulse(PulseOrder order) {
  INVARIANT(order.deadline != BootTime(), "an order says until when it may be sent");
  const auto refuse = [&](std::string why) {
    sink_.pulse_done({order.intent, PulseOutcome::refused, Level::unknown, std::move(why), boot_now()});
  };
  const auto place = find_output(order.signal);
  if (!place) return refuse(fmt::format("bus \"{}\" has no output \"{}\"", settings_.id.str(), order.signal));
  const auto& output = settings_.controllers[place->first].profile.outputs[place->second];
  if (std::string why = reject_length(output, order.length); !why.empty()) return refuse(std::move(why));
  bool full = false;
  {
    const MutexLock lock(mutex_);
    ++stats_.orders;
    full = orders_.size() + in_hand_ >= queue_limit;
    if (!full) orders_.push_back({std::move(order), place->first, place->second, Steady::now(), Steady::time_point()});
  }
  if (full) return refuse(fmt::format("{} orders are already waiting", queue_limit));
  wake_.notify_one();
}

// Executes or expires every order that is due; returns false when there was none.
bool Bus::serve_orders() {
  bool any = false;
  for (;;) {
    std::optional<Pending> next;
    {
      const MutexLock lock(mutex_);
      const auto now = Steady::now();
      const auto due = std::ranges::find_if(orders_, [&](const Pending& pending) { return pending.try_at <= now; });
      if (due == orders_.end()) return any;
      next = std::move(*due);
      orders_.erase(due);
      ++in_hand_;
    }
    any = true;
    execute(std::move(*next));
  }
}

void Bus::try_again(Pending pending, Steady::time_point when) {
  const auto left = std::max(pending.order.deadline - boot_now(), Millis(0));
  pending.try_at = std::min(when, Steady::now() + left);
  const MutexLock lock(mutex_);
  --in_hand_;
  orders_.push_back(std::move(pending));
}

// Returns whether the controller responds; asks an offline one, but spends at most a third of the bus's time on that.
bool Bus::reach(Unit& unit) {
  if (unit.online && connect()) return true;
  const auto start = Steady::now();
  if (start < unit.next_probe) return false;
  if (poll(unit, false)) return true;
  const auto end = Steady::now();
  unit.next_probe = end + std::max<Steady::duration>(offline_retry, 2 * (end - start));
  return false;
}

void Bus::done(const Pending& pending, PulseOutcome outcome, Level readback, std::string detail) {
  {
    const MutexLock lock(mutex_);
    --in_hand_;
    const std::chrono::duration<double, std::milli> took = Steady::now() - pending.taken;
    if (outcome == PulseOutcome::acknowledged) order_ms_.add(took.count());
  }
  sink_.pulse_done({pending.order.intent, outcome, readback, std::move(detail), boot_now()});
}

void Bus::execute(Pending pending) {
  const PulseOrder& order = pending.order;
  Unit& unit = units_[pending.unit];
  const auto expired = [&] { return boot_now() >= order.deadline; };
  const auto expire = [&] {
    done(pending, PulseOutcome::expired, Level::unknown,
         unit.online ? "the order was too old to be sent" : "the controller is offline: " + unit.detail);
  };
  if (expired()) return expire();
  // Nothing is sent to a controller that has not responded since it was lost: an order to a silent device is then certainly
  // not executed, instead of possibly.
  if (!reach(unit)) return try_again(std::move(pending), unit.next_probe);

  const auto& output = unit.settings->profile.outputs[pending.output];
  const auto pdu = pulse_request(output, order.length);
  const Answer answer = connection_.ask(unit.settings->unit, pdu, order.deadline);
  if (!answer.was_sent()) {
    if (answer.peer_closed) all_lost(answer.detail);
    return try_again(std::move(pending), Steady::now());
  }
  ++unit.epoch;
  SwitchOff& off = unit.switch_offs[pending.output];
  const auto until = Steady::now() + order.length;
  off.ordered_until = std::max(off.ordered_until, until);
  if (!output.pulse_address) {
    off.due = off.pending && !off.unordered ? std::max(off.due, until) : until;
    off.pending = true;
  } else if (off.unordered) {
    off.pending = false;
  }
  off.unordered = false;
  if (answer.kind == Answer::Kind::exception && !exception_is_unclear(answer.code))
    return done(pending, PulseOutcome::refused, Level::unknown, answer.detail);
  if (!answer.ok()) return settle_unclear(pending, answer);

  Answer second;
  const Level readback = read_back(unit, pending.output, second);
  std::string detail;
  if (readback == Level::off) detail = "the device confirmed the order, but the output reads back off";
  if (readback == Level::unknown) detail = "the device confirmed the order; no read-back: " + second.detail;
  done(pending, PulseOutcome::acknowledged, readback, std::move(detail));
  if (readback == Level::unknown) return failed(unit, second.detail);
  set_level(unit, unit.output_signal(pending.output), readback);
}

// The write was sent and no valid response came. It is not repeated: a second pulse could let a second person in. Only an
// output that was off before and now reads on is proof.
void Bus::settle_unclear(Pending& pending, const Answer& answer) {
  Unit& unit = units_[pending.unit];
  const std::size_t signal = unit.output_signal(pending.output);
  const bool was_off = unit.signals[signal].level == Level::off;
  failed(unit, answer.detail);
  Answer second;
  const Level readback = read_back(unit, pending.output, second);
  if (readback == Level::on && was_off) {
    done(pending, PulseOutcome::acknowledged, readback, "confirmed by read-back; the answer failed: " + answer.detail);
  } else {
    std::string detail = answer.detail;
    if (readback == Level::unknown) detail += "; no read-back: " + second.detail;
    done(pending, PulseOutcome::unconfirmed, readback, std::move(detail));
  }
}

// Ends the pulses that this gateway times itself, then reports orders that were never sent.
void Bus::finish() {
  for (Unit& unit : units_)
    for (std::size_t output = 0; output < unit.switch_offs.size(); ++output)
      for (int attempt = 0; attempt < 2 && unit.switch_offs[output].pending && ever_connected_; ++attempt)
        switch_off(unit, output);
  std::deque<Pending> left;
  {
    const MutexLock lock(mutex_);
    left.swap(orders_);
    in_hand_ += left.size();
  }
  for (const Pending& pending : left)
    done(pending, PulseOutcome::expired, Level::unknown, "the gateway stopped before the order was sent");
}

}  // namespace gapura::drivers::modbus
