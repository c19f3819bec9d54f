// SPDX-License-Identifier: Apache-2.0
// The child: one thread captures, one searches the newest frame, and this one talks to the parent. Any of them may hang or
// crash in a library; the parent, or the kernel's timer, then ends the process.
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <thread>

#include "drivers/camera.h"
#include "drivers/camera/capture.h"
#include "drivers/camera/search.h"

namespace gapura::drivers {
namespace {

constexpr Millis clip_grace{500};  // for the last packets, which are still arriving
constexpr std::size_t most_clips_wanted = 16;

class Worker {
 public:
  explicit Worker(link::Settings settings) : settings_(std::move(settings)) {}

  // Never returns.
  [[noreturn]] void run(link::Inbox<link::ToChild>& inbox) {
    std::thread([this] { capture_.run(); }).detach();
    std::thread([this] { search_.run(); }).detach();
    read_requests(inbox);  // messages that arrived together with the settings
    BootTime next_health = boot_now();
    for (;;) {
      const BootTime now = boot_now();
      if (now >= next_health) {
        outbox_.send(counters_.report());
        next_health = now + settings_.health;
      }
      serve_clips(now);
      pollfd socket{link::child_descriptor, POLLIN, 0};
      if (poll(&socket, 1, static_cast<int>(std::max(Millis{1}, next_health - now).count())) <= 0) continue;
      receive(inbox);
      read_requests(inbox);
    }
  }

  // Reads what has arrived; the end of the stream is the end of the process.
  static void receive(link::Inbox<link::ToChild>& inbox) {
    const auto room = inbox.room();
    const ssize_t n = recv(link::child_descriptor, room.data(), room.size(), 0);
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) _exit(0);
    if (n > 0) inbox.filled(static_cast<std::size_t>(n));
  }

 private:
  void read_requests(link::Inbox<link::ToChild>& inbox) {
    for (;;) {
      auto message = inbox.next();
      if (!message) _exit(1);
      if (!*message) return;
      if (const auto* watch = std::get_if<link::Watch>(&**message)) {
        requests_.watched_until = watch->until.time_since_epoch().count();
        requests_.live_until = watch->live_until.time_since_epoch().count();
      }
      if (const auto* clip = std::get_if<link::ClipRequest>(&**message); clip && clips_wanted_.size() < most_clips_wanted)
        clips_wanted_.push_back(*clip);
      if (std::holds_alternative<link::AcceptView>(**message)) requests_.accept_view = true;
      if (const auto* still = std::get_if<link::StillRequest>(&**message))
        requests_.still_after = std::max<std::int64_t>(1, still->after.time_since_epoch().count());
    }
  }

  // Cuts a clip when its end has passed, whether pictures still come or not.
  void serve_clips(BootTime now) {
    for (auto request = clips_wanted_.begin(); request != clips_wanted_.end();) {
      if (now < request->until + clip_grace) {
        ++request;
        continue;
      }
      send_clip(*request);
      request = clips_wanted_.erase(request);
    }
  }

  void send_clip(const link::ClipRequest& request) {
    auto clip = ring_.cut(request.from, request.until);
    if (!clip || clip->bytes.size() > link::largest_clip) {
      outbox_.send(link::ClipPart{request.number, true, {}, {}, {}, clip ? "the clip is too large" : clip.error().message});
      return;
    }
    for (std::size_t at = 0; at < clip->bytes.size(); at += link::largest_part) {
      const auto begin = clip->bytes.begin() + static_cast<std::ptrdiff_t>(at);
      const std::size_t size = std::min(link::largest_part, clip->bytes.size() - at);
      outbox_.send(link::ClipPart{request.number,
                                  at + size == clip->bytes.size(),
                                  clip->from,
                                  clip->until,
                                  {begin, begin + static_cast<std::ptrdiff_t>(size)},
                                  ""});
    }
  }

  // Constant after construction.
  const link::Settings settings_;
  // Shared.
  Counters counters_;
  Outbox outbox_;
  FrameSlot slot_;
  PacketRing ring_;
  ParentRequests requests_;
  // Used by one thread each.
  Capture capture_{settings_, counters_, outbox_, slot_, ring_};
  Search search_{settings_, counters_, outbox_, slot_, requests_};
  std::vector<link::ClipRequest> clips_wanted_;  // the talking thread's
};

// The child gives up what it does not need: it dies with its parent, gains nothing by executing, writes no core (frames are
// personal data) and opens few files.
void give_up_rights() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL; a camera that hangs up ends only its connection
  const rlimit no_core{0, 0}, few_files{64, 64};
  setrlimit(RLIMIT_CORE, &no_core);
  setrlimit(RLIMIT_NOFILE, &few_files);
#ifndef __SANITIZE_ADDRESS__
  const rlimit memory{2u << 30, 2u << 30};  // four 4K streams' worth; a sanitizer's shadow memory alone needs terabytes
  setrlimit(RLIMIT_AS, &memory);
#endif
}

}  // namespace

int camera_worker_main() {
  give_up_rights();
  link::Inbox<link::ToChild> inbox;
  for (;;) {
    Worker::receive(inbox);
    auto message = inbox.next();
    if (!message) return 1;
    if (!*message) continue;
    auto* settings = std::get_if<link::Settings>(&**message);
    if (settings == nullptr) return 1;
    Worker(std::move(*settings)).run(inbox);
  }
}

}  // namespace gapura::drivers
