// SPDX-License-Identifier: Apache-2.0
// A relay between libavformat and a camera where libavformat alone would do what must not be done: it follows redirects
// of HTTP, and checks no certificate (to rtsps it cannot even be said which to trust).
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "drivers/camera/upstream.h"
#include "drivers/descriptor.h"
#include "drivers/mutex.h"

namespace gapura::drivers {

// Why a camera is offline that sends its client elsewhere; follows "<camera>: ".
inline constexpr const char* redirect_refused =
    "it redirects to another address, which is not followed; give the address it redirects to, if that is the camera's";

// Listens on a loopback port that only this process may use. Each connection there gets one to the camera, one at a time;
// the first is made by open(). An HTTP answer that redirects is not passed on. Owns one thread.
class Relay {
 public:
  // Whether sources of this address need it.
  static bool serves(const std::string& url);
  // Errors: as Upstream::connect().
  static Result<std::unique_ptr<Relay>> open(const std::string& url, const TlsTrust& tls, Millis limit);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // What to open instead: rtsp:// or http:// on the loopback, with the user information and the path of the camera's.
  const std::string& url() const { return url_; }
  const SourceAddress& address() const { return address_; }
  // Why the camera's side failed, where it is known better than by the broken connection.
  std::optional<Error> trouble() const;

 private:
  Relay(SourceAddress address, TlsTrust tls, Millis limit)
      : address_(std::move(address)), tls_(std::move(tls)), limit_(limit) {}
  Status listen();
  void run();
  std::unique_ptr<Upstream> next_upstream();
  void carry(int client, Upstream& camera);
  void note(Error error);

  // Constant after open().
  const SourceAddress address_;
  const TlsTrust tls_;
  const Millis limit_;
  std::string url_;
  Descriptor listener_, stop_;
  // The thread's, once it runs.
  std::unique_ptr<Upstream> first_;
  std::thread thread_;
  mutable Mutex mutex_;
  std::optional<Error> trouble_ GUARDED_BY(mutex_);
};

}  // namespace gapura::drivers
