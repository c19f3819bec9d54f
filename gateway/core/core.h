// SPDX-License-Identifier: Apache-2.0
// The shell around the gate: one input at a time, entries to disk, then orders out. No thread of its own; core_thread.h
// gives it one, a simulation drives it by hand.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/clock.h"
#include "gateway/contract/site_view.h"
#include "gateway/contract/store.h"
#include "gateway/core/gate.h"

namespace gapura::gateway {

// Where orders go after the commit. Must return at once.
class OrderSink {
 public:
  virtual ~OrderSink() = default;
  virtual void pulse(std::uint64_t intent, const std::string& signal, Millis length, BootTime deadline) = 0;
  // Keep this picture as evidence of an entry; answers with a PictureKept input (or none, when it fails).
  virtual void keep_still(std::uint64_t entry, const KeepStillOut& order) = 0;
  virtual void take_still(std::uint64_t entry, const TakeStillOut& order) = 0;
  // An entry is committed: for evidence that the site's cameras are to keep of it.
  virtual void happened(const Entry&) {}
  // Answers with a PrintReport input; never, where there is no printer.
  virtual void print(std::uint64_t, const PrintBadgeOut&) {}
  // Ends this run and starts again in place, as soon as the answer to the command has left.
  virtual void restart() {}
};

struct CoreParts {
  SiteConfig site;
  Clock& clock;
  Randomness randomness;
  std::unique_ptr<SiteStore> store;
  OrderSink& orders;
  std::function<void(std::uint64_t next_number)> committed = {};  // after every commit
  std::string why_not_granting = {};                              // not empty: open, but grant nothing
  // Frees the reserve file, so that a stop for want of space can be recorded.
  std::function<void()> release_reserve = {};
  bool watched = true;                    // false: view() is not asked for, which stays as at the start
  std::function<Status()> has_room = {};  // for the reserve file: asked before granting may be resumed
};

// Thread: core only, but view().
class Core {
 public:
  // Closes open intents as unknown, records that the site is open and signs that. Errors: storage.
  static Result<std::unique_ptr<Core>> open(CoreParts parts, const std::string& version);
  // Where an input of a device cannot be written, granting ends: a scan is then recorded as a denial, any other fact is
  // written once more without its orders.
  void handle(Input input);
  void tick();
  void close();  // records site_closed
  std::optional<BootTime> next_deadline() const;
  const Gate& gate() const { return gate_; }
  const RecordTree& journal() const { return parts_.store->tree(); }
  SiteViewPtr view() const;  // thread-safe

 private:
  explicit Core(CoreParts parts);
  Status carry_out(Change& change, const Now& now, const PictureKept* picture = nullptr);
  Status commit(Change& change, const Now& now, const PictureKept* picture);
  Status settle(const Now& now);
  SiteEdit stamp(Change& change, const Now& now) const;
  void send_orders(const Change& change);
  void stop_granting(const Error& error);
  Status sign(const Now& now);
  void sign_when_due(const Now& now);
  void publish(const Now& now);

  CoreParts parts_;
  RecordSigner* const signer_;  // null: nothing is signed
  Gate gate_;
  std::deque<Change> follow_ups_;  // of a failure or a signature; carry_out() leaves none behind
  // What follows from the state and could not be recorded stays due and is tried again after a second. An outcome that a
  // portal has reported is not: its release is closed as unknown at the next start.
  BootTime tick_not_before_{};
  SiteViewPtr view_;
};

}  // namespace gapura::gateway
