// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/event_feed.h"

#include <algorithm>

#include "gateway/web/api/auth.h"
#include "gateway/web/http/problem.h"

namespace gapura::gateway {
namespace {

using Message = std::shared_ptr<const std::string>;

Message message_of(const StoredEvent& event, const std::string& text) {
  return std::make_shared<const std::string>("id: " + std::to_string(event.number) + "\nevent: entry\ndata: " + text +
                                             "\n\n");
}

// What may make a session end.
bool ends_sessions(const std::string& type) {
  for (const char* one : {"user_disabled", "user_password_set", "pin_removed", "pin_failed", "duty_changed"})
    if (type == one) return true;
  return false;
}

constexpr int batch = 64;
// A stream that is catching up is fed only while it drains; one that is live is cut at 256 (http_server.cpp).
constexpr std::size_t fed_up = 128;
constexpr std::chrono::milliseconds drain_pause{50};

}  // namespace

Result<std::unique_ptr<EventFeed>> EventFeed::start(const std::string& database, std::function<Now()> now,
                                                    std::chrono::milliseconds heartbeat) {
  auto reader = TRY(Database::open_reader(database));
  std::unique_ptr<EventFeed> feed(new EventFeed(Queries(std::move(reader)), std::move(now), heartbeat));
  try {
    feed->head_ = feed->queries_.last_event();
  } catch (const Problem& problem) {
    return fail(ErrorKind::storage, problem.what());
  }
  feed->thread_ = std::thread([self = feed.get()] { self->run(); });
  return feed;
}

EventFeed::~EventFeed() {
  {
    const MutexLock lock(mutex_);
    ending_ = true;
    change_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  for (Viewer& viewer : viewers_) viewer.stream->close();
  for (Viewer& viewer : joining_) viewer.stream->close();
}

void EventFeed::join(StreamPtr stream, std::optional<std::int64_t> after, std::string session, bool sees_silent,
                     std::string aide) {
  static const Message hello = std::make_shared<const std::string>("retry: 1000\n: hello\n\n");
  stream->send(hello);
  const MutexLock lock(mutex_);
  Viewer viewer{std::move(stream), after.value_or(-2), std::move(session), sees_silent, std::move(aide), false};
  joining_.push_back(std::move(viewer));
  change_.notify_one();
}

void EventFeed::send(Viewer& viewer, const Message& message, const StoredEvent& event) {
  viewer.last = event.number;
  if (event.silent && !viewer.sees_silent) return;
  const bool hides = !viewer.aide.empty() && !event.redacted.empty() && queries_.duty_of(viewer.aide) == Duty::off &&
                     !queries_.is_theirs(viewer.aide, event.visit);
  viewer.stream->send(hides ? message_of(event, event.redacted) : message);
}

void EventFeed::wake() {
  const MutexLock lock(mutex_);
  committed_ = true;
  change_.notify_one();
}

void EventFeed::run() {
  auto next_beat = std::chrono::steady_clock::now() + heartbeat_;
  bool behind = false;  // a stream has entries to read and waits for its queue to drain
  for (;;) {
    {
      MutexLock lock(mutex_);
      auto until = next_beat;
      if (behind) until = std::min(until, std::chrono::steady_clock::now() + drain_pause);
      change_.wait_until(lock, until, [&]() REQUIRES(mutex_) { return ending_ || committed_ || !joining_.empty(); });
      if (ending_) return;
      committed_ = false;
      for (Viewer& viewer : joining_) viewers_.push_back(std::move(viewer));
      joining_.clear();
    }
    const bool due = std::chrono::steady_clock::now() >= next_beat;
    if (due) next_beat = std::chrono::steady_clock::now() + heartbeat_;
    try {
      const Now now = now_();
      queries_.look_from({now.offset, nullptr, false, start_of_day(now)});
      turn(due);
    } catch (const Problem&) {
      queries_.release();  // a busy or failing database: the next turn tries again from the same numbers
    }
    behind = std::any_of(viewers_.begin(), viewers_.end(), [](const Viewer& viewer) { return !viewer.live; });
  }
}

void EventFeed::turn(bool heartbeat_due) {
  bool sessions_changed = false;
  for (;;) {
    const auto fresh = queries_.events_after(head_, batch);
    for (const StoredEvent& event : fresh) {
      const Message message = message_of(event, event.json);
      for (Viewer& viewer : viewers_) {
        if (viewer.live) send(viewer, message, event);
      }
      head_ = event.number;
      sessions_changed = sessions_changed || ends_sessions(event.type);
    }
    if (fresh.size() < batch) break;
  }
  for (Viewer& viewer : viewers_) {
    if (viewer.last == -2) viewer.last = head_;  // joined without a number
    while (!viewer.live && catch_up(viewer)) {}
  }
  if (sessions_changed || heartbeat_due) end_finished_sessions();
  if (heartbeat_due) beat();
  std::erase_if(viewers_, [](const Viewer& viewer) { return viewer.stream->closed(); });
}

bool EventFeed::catch_up(Viewer& viewer) {
  if (viewer.last >= head_) {
    viewer.live = true;
    return false;
  }
  if (viewer.stream->closed() || viewer.stream->queued() >= fed_up) return false;
  const auto events = queries_.events_after(viewer.last, batch);
  if (events.empty()) viewer.last = head_;
  for (const StoredEvent& event : events) {
    if (event.number > head_) break;  // the next turn sends it to everybody
    send(viewer, message_of(event, event.json), event);
  }
  return true;
}

void EventFeed::beat() {
  // Without an id: resuming counts from entries alone.
  for (Viewer& viewer : viewers_)
    viewer.stream->send(std::make_shared<const std::string>(
        "event: beat\ndata: {\"last\":" + std::to_string(viewer.live ? head_ : viewer.last) + "}\n\n"));
}

void EventFeed::end_finished_sessions() {
  const Now now = now_();
  for (Viewer& viewer : viewers_)
    if (!Auth::still_valid(viewer.session, queries_, now)) viewer.stream->close();
}

}  // namespace gapura::gateway
