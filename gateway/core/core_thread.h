// SPDX-License-Identifier: Apache-2.0
// The core's thread and its mailbox, through which all inputs of drivers, screens and the command line come.
#pragma once

#include <deque>
#include <memory>
#include <thread>

#include "drivers/mutex.h"
#include "drivers/reader.h"
#include "gateway/contract/command.h"
#include "gateway/core/core.h"

namespace gapura::gateway {

// Thread-safe. Bounded: see post().
class Mailbox {
 public:
  // Returns false, and takes nothing, when the mailbox is closed, or full (4,096 inputs) and `needed` is not set. dropped()
  // counts the latter.
  bool post(Input input, bool needed);
  // Waits for an input until `until`, and never longer than a second. Returns none when the time is up, or the mailbox is
  // closed and empty.
  std::optional<Input> take(std::optional<BootTime> until);
  void close();
  bool closed() const;
  std::uint64_t dropped() const;

 private:
  static constexpr std::size_t limit = 4096;
  mutable Mutex mutex_;
  Condition arrived_;
  std::deque<Input> inputs_ GUARDED_BY(mutex_);
  std::uint64_t dropped_ GUARDED_BY(mutex_) = 0;
  bool closed_ GUARDED_BY(mutex_) = false;
};

// Thread-safe. Runs a Core until stop().
class CoreThread : public CorePort, public drivers::DeviceSink {
 public:
  CoreThread() = default;
  ~CoreThread() override { stop(); }
  // Takes over the core and starts the thread. Inputs posted before are kept.
  void start(std::unique_ptr<Core> core);
  void stop();
  SiteViewPtr view() const { return core_ ? core_->view() : nullptr; }
  std::uint64_t dropped() const { return mailbox_.dropped(); }
  // When the loop last finished a step, for the watchdog.
  BootTime last_round() const { return BootTime(Millis(last_round_.load())); }

  void post(Command command, Actor actor, Done done) override;
  void print_done(drivers::PrintReport report) { mailbox_.post(std::move(report), true); }
  void picture_kept(PictureKept kept) { mailbox_.post(std::move(kept), true); }
  void badge_read(BadgeRead read) override { mailbox_.post(std::move(read), false); }
  // Levels are few and never dropped: a lost one would leave a door in a wrong state.
  void level(LevelReport report) override { mailbox_.post(std::move(report), true); }
  void pulse_done(PulseReport report) override { mailbox_.post(std::move(report), true); }
  void health(DeviceHealth health) override { mailbox_.post(std::move(health), true); }

 private:
  void run();

  Mailbox mailbox_;
  std::unique_ptr<Core> core_;
  std::thread thread_;
  std::atomic<std::int64_t> last_round_{0};
};

}  // namespace gapura::gateway
