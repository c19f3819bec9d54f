// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/capture.h"

#include <algorithm>
#include <random>
#include <thread>

namespace gapura::drivers {
namespace {

constexpr Millis wrong_clock{60'000};

CameraFault fault_of(ErrorKind kind) {
  if (kind == ErrorKind::not_permitted) return CameraFault::refused_login;
  return kind == ErrorKind::conflict ? CameraFault::untrusted : CameraFault::no_connection;
}

}  // namespace

// Opens the source, reads it until it fails, pauses, and repeats.
void Capture::run() {
  std::minstd_rand random(static_cast<unsigned>(getpid()));
  for (int failures = 0;; ++failures) {
    if (capture_once()) failures = 0;
    const int base = pause_after(failures);
    const int jitter = static_cast<int>(random() % static_cast<unsigned>(base / 5));
    std::this_thread::sleep_for(Millis{base - jitter});
  }
}

// A camera that returns is back within two seconds; one that was away for minutes within five. A camera that refuses the
// password is asked rarely, because it may lock the account.
int Capture::pause_after(int failures) const {
  if (counters_.source_fault == CameraFault::refused_login) return std::min(60'000, 10'000 * (1 + failures));
  const auto usual = static_cast<int>(std::max(Millis{10}, settings_.reconnect).count());
  return failures < 120 ? usual : 4 * usual;
}

// Returns whether any frame was captured.
bool Capture::capture_once() {
  const SourceLimits limits{Millis{3000}, std::max(settings_.frame_limit / 2, settings_.frame_limit - Millis{300})};
  counters_.waiting_since = instant();
  auto source = open_source(settings_.url, settings_.tls, limits, settings_.keeps_clips ? &ring_ : nullptr);
  if (!source) {
    counters_.waiting_since = 0;
    no_frames(fault_of(source.error().kind), source.error().message);
    return false;
  }
  const std::uint64_t late_before = counters_.late;
  for (bool any = false;; any = true) {
    counters_.waiting_since = instant();
    auto frame = (*source)->next();
    counters_.waiting_since = 0;
    const SourceState state = (*source)->state();
    counters_.late = late_before + state.late_frames;
    if (!frame) {
      no_frames(state.late ? CameraFault::late_picture : CameraFault::no_picture, frame.error().message);
      return any;
    }
    check_clock(state);
    count(*frame);
    if (!any) {
      counters_.source_fault = CameraFault::none;
      counters_.set_detail("");
      outbox_.send(counters_.report());  // the parent can report the camera online without delay
    }
    if (slot_.put(std::move(*frame))) ++counters_.dropped;
  }
}

void Capture::no_frames(CameraFault fault, std::string why) {
  counters_.source_fault = fault;
  counters_.set_detail(std::move(why));
  outbox_.send(counters_.report());  // the parent reports the first reason it receives
}

void Capture::check_clock(const SourceState& state) {
  if (!state.clock_error) return;
  const bool wrong = *state.clock_error > wrong_clock || *state.clock_error < -wrong_clock;
  counters_.clock_fault = wrong ? CameraFault::wrong_clock : CameraFault::none;
}

void Capture::count(const Frame& frame) {
  counters_.width = frame.y.width;
  counters_.height = frame.y.height;
  counters_.decode_us += static_cast<std::uint64_t>(frame.decode_time.count());
  counters_.newest = frame.captured.time_since_epoch().count();
  ++counters_.frames;
}

}  // namespace gapura::drivers
