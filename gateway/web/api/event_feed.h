// SPDX-License-Identifier: Apache-2.0
// The live feed: one thread that reads committed entries from the journal and sends them to every open stream. What a
// screen shows live and what it reads later come from the same rows.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "drivers/mutex.h"
#include "gateway/web/http/http.h"
#include "gateway/web/queries/queries.h"
#include "models/base/result.h"
#include "models/base/time.h"

namespace gapura::gateway {

// Thread-safe.
class EventFeed {
 public:
  static Result<std::unique_ptr<EventFeed>> start(const std::string& database, std::function<Now()> now,
                                                  std::chrono::milliseconds heartbeat);
  ~EventFeed();  // closes every stream

  // Sends every entry after `after`; nothing: those after the newest one that was committed when it joined.
  // Without `sees_silent` what tells of a duress alarm is left out. The stream is closed when `session` (a hash; empty:
  // none) ends. Every `heartbeat` each stream is sent the number up to which it has everything: a page that hears none
  // knows that its stream is dead. An `aide` (a user; empty: of another role) who is off duty gets entries of guests
  // without words and pictures.
  void join(StreamPtr stream, std::optional<std::int64_t> after, std::string session, bool sees_silent, std::string aide);
  void wake();  // something was committed

 private:
  struct Viewer {
    StreamPtr stream;
    std::int64_t last = 0;  // the number sent last
    std::string session;
    bool sees_silent = false;
    std::string aide;
    bool live = false;  // has everything up to head_
  };
  EventFeed(Queries queries, std::function<Now()> now, std::chrono::milliseconds heartbeat)
      : queries_(std::move(queries)), now_(std::move(now)), heartbeat_(heartbeat) {}
  void run();
  void turn(bool heartbeat_due);
  void send(Viewer& viewer, const std::shared_ptr<const std::string>& message, const StoredEvent& event);
  bool catch_up(Viewer& viewer);  // true: has more to read at once
  void beat();
  void end_finished_sessions();

  Mutex mutex_;
  Condition change_;
  std::vector<Viewer> joining_ GUARDED_BY(mutex_);
  bool committed_ GUARDED_BY(mutex_) = false, ending_ GUARDED_BY(mutex_) = false;

  // The feed's thread only.
  Queries queries_;
  std::function<Now()> now_;
  std::chrono::milliseconds heartbeat_;
  std::int64_t head_ = -1;
  std::vector<Viewer> viewers_;
  std::thread thread_;
};

}  // namespace gapura::gateway
