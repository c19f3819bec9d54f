// SPDX-License-Identifier: Apache-2.0
// The shell around the gate: one input at a time, entries to disk, then orders out. It has no thread: core_thread.h runs it
// on one, and a simulation calls it directly.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/contract/clock.h"
#include "gateway/contract/site_view.h"
#include "gateway/contract/store.h"
#include "gateway/core/gate.h"

namespace gapura::gateway {

// Receives orders after the commit. Calls must not block.
class OrderSink {
 public:
  virtual ~OrderSink() = default;
  virtual void pulse(std::uint64_t intent, const std::string& signal, Millis length, BootTime deadline) = 0;
  // Keeps this picture as evidence of an entry; answers with a PictureKept input, or with none when that fails.
  virtual void keep_still(std::uint64_t entry, const KeepStillOut& order) = 0;
  virtual void take_still(std::uint64_t entry, const TakeStillOut& order) = 0;
  // Called for each committed entry, for the evidence that the site's cameras are to keep of it.
  virtual void entry_committed(const Entry&) {}
  // Answers with a PrintReport input; without a printer there is no answer.
  virtual void print(std::uint64_t, const PrintBadgeOut&) {}
  // Ends this run and starts again in place, as soon as the reply to the command was sent.
  virtual void restart() {}
};

struct CoreParts {
  SiteConfig site;
  Clock& clock;
  Randomness randomness;
  std::unique_ptr<SiteStore> store;
  OrderSink& orders;
  std::function<void(std::uint64_t next_number)> committed = {};  // after every commit
  std::string why_not_granting = {};                              // not empty: the core opens, but grants nothing
  // Frees the reserve file, so that a stop for lack of space can be recorded.
  std::function<void()> release_reserve = {};
  bool watched = true;                    // false: view() is not used and is not updated after the start
  std::function<Status()> has_room = {};  // checks for room for the reserve file; called before granting is resumed
};

// Thread: core only, except view().
class Core {
 public:
  // Closes open intents as unknown, records site_opened and signs the record. Errors: storage.
  static Result<std::unique_ptr<Core>> open(CoreParts parts, const std::string& version);
  // Handles one input. When a device's input cannot be written, granting ends: a scan is then recorded as a denial, and any
  // other fact is written once more without its orders.
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
  std::deque<Change> follow_ups_;  // of a failure or a signature; empty after carry_out()
  // What is due by the state and could not be recorded stays due and is tried again after a second. An outcome that a
  // portal has reported is not kept: its release is closed as unknown at the next start.
  BootTime tick_not_before_{};
  SiteViewPtr view_;
};

}  // namespace gapura::gateway
