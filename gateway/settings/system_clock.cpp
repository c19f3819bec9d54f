// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/system_clock.h"

#include <date/tz.h>
#include <sodium.h>

#include "drivers/mutex.h"
#include "drivers/reader.h"

namespace gapura::gateway {
namespace {

constexpr Millis jump_limit{60'000};

UtcTime first_anchor(UtcTime wall, BootTime boot, const std::optional<LastSeen>& last) {
  const UtcTime by_wall = wall - boot.time_since_epoch();
  if (!last) return by_wall;
  // With an entry of this boot the present follows from it. With one of another boot it is not earlier than the entry.
  const UtcTime earliest = last->utc - last->boot.value_or(boot).time_since_epoch();
  return wall + jump_limit < earliest + boot.time_since_epoch() ? earliest : by_wall;
}

class SystemClock : public Clock {
 public:
  SystemClock(const date::time_zone* zone, const std::optional<LastSeen>& last)
      : zone_(zone), anchor_(first_anchor(wall(), drivers::boot_now(), last)) {
    behind_ = wall() + jump_limit < anchor_ + drivers::boot_now().time_since_epoch();
  }

  Now now() override {
    const BootTime boot = drivers::boot_now();
    const MutexLock lock(mutex_);
    const UtcTime wall_now = wall();
    const UtcTime expected = anchor_ + boot.time_since_epoch();
    const Millis difference = wall_now > expected ? wall_now - expected : expected - wall_now;
    if (behind_ && wall_now >= expected)
      behind_ = false;
    else if (difference > jump_limit)
      return stamp(expected, boot, ClockQuality::suspect);
    anchor_ = wall_now - boot.time_since_epoch();
    return stamp(wall_now, boot, ClockQuality::ok);
  }

 private:
  static UtcTime wall() { return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()); }

  Now stamp(UtcTime utc, BootTime boot, ClockQuality quality) REQUIRES(mutex_) {
    if (utc >= offset_until_ || utc < offset_from_) {
      const auto info = zone_->get_info(utc);
      offset_ = std::chrono::duration_cast<std::chrono::minutes>(info.offset);
      offset_from_ = std::chrono::time_point_cast<Millis>(info.begin);
      offset_until_ = std::chrono::time_point_cast<Millis>(info.end);
    }
    return {utc, boot, quality, offset_};
  }

  const date::time_zone* zone_;
  Mutex mutex_;
  UtcTime anchor_ GUARDED_BY(mutex_);       // wall time at boot
  bool behind_ GUARDED_BY(mutex_) = false;  // the wall clock was behind the journal at the start, and still is
  UtcTime offset_from_ GUARDED_BY(mutex_){}, offset_until_ GUARDED_BY(mutex_){};
  std::chrono::minutes offset_ GUARDED_BY(mutex_){0};
};

}  // namespace

Result<std::unique_ptr<Clock>> make_system_clock(const std::string& timezone, std::optional<LastSeen> last) {
  try {
    return std::make_unique<SystemClock>(date::locate_zone(timezone), last);
  } catch (const std::exception&) {
    return fail(ErrorKind::bad_input,
                "unknown time zone \"" + timezone + "\": use Asia/Jakarta, Asia/Makassar or Asia/Jayapura");
  }
}

Randomness system_randomness() {
  return [](std::span<std::uint8_t> bytes) { randombytes_buf(bytes.data(), bytes.size()); };
}

}  // namespace gapura::gateway
