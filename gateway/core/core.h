// SPDX-License-Identifier: Apache-2.0
// The shell around the gate: one input at a time, entries to disk, then orders out. No thread of its own; core_thread.h
// gives it one, a simulation drives it by hand.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/clock.h"
#include "gateway/core/gate.h"
#include "gateway/core/site_view.h"
#include "gateway/journal/database.h"
#include "gateway/journal/journal.h"
#include "gateway/record/log_signer.h"
#include "gateway/registry/registry.h"

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
  // Close and start anew, as soon as the answer to whoever asked has left.
  virtual void restart() {}
};

struct CoreParts {
  SiteConfig site;
  Clock& clock;
  Randomness randomness;
  Database database;  // the writer
  std::string boot_id;
  OrderSink& orders;
  std::function<void(std::uint64_t next_number)> committed;  // after every commit
  std::string why_not_granting;                              // not empty: open, but grant nothing
  std::function<void()> release_reserve;  // frees the reserve file, so that a stop for want of space can be recorded
  std::optional<LogKeys> log_keys = std::nullopt;  // none: no checkpoint is signed
  int checkpoint_pages = 1000;                     // of log, about 4 MB, before it is brought into the file
  bool watched = true;                             // false: nobody asks for view(), which stays as at the start
  std::function<Status()> has_room = {};           // for the reserve file: asked before granting may be resumed
};

// Thread: core only, but view().
class Core {
 public:
  // Loads the state, closes open intents as unknown, records that the site is open and signs that. Errors: conflict (this
  // journal does not go on from what was signed), storage.
  static Result<std::unique_ptr<Core>> open(CoreParts parts, const std::string& version);
  void handle(Input input);
  void tick();
  void close();  // records site_closed
  std::optional<BootTime> next_deadline() const;
  const Gate& gate() const { return gate_; }
  const Journal& journal() const { return *journal_; }
  SiteViewPtr view() const;  // thread-safe

 private:
  Core(CoreParts parts, SiteState state);
  Status carry_out(Change& change, const Now& now, const PictureKept* picture = nullptr);
  Status write(Change& change, const Now& now, const PictureKept* picture, SiteEdit& edit);
  void send_orders(const Change& change, const Now& now);
  void storage_failed(const Error& error, const Now& now);
  Status open_record();
  Status sign(const Now& now);
  void sign_when_due(const Now& now);
  void publish(const Now& now);

  CoreParts parts_;
  Registry registry_;
  Gate gate_;
  BootTime tick_not_before_{};  // what could not be recorded stays due: it is tried again after a while, not at once
  Statement begin_, commit_, rollback_;
  std::optional<Journal> journal_;   // from open() on
  std::optional<LogSigner> signer_;  // from open() on, where there are keys
  SiteViewPtr view_;
};

}  // namespace gapura::gateway
