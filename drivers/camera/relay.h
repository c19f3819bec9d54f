// SPDX-License-Identifier: Apache-2.0
// A relay between libavformat and a camera, for two things libavformat does not do: refuse HTTP redirects, and check
// certificates (for rtsps it cannot even be given the certificate to trust).
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

// The reason for being offline when a camera redirects; appended to "<camera>: ".
inline constexpr const char* redirect_refused =
    "it redirects to another address, which is not followed; give the address it redirects to, if that is the camera's";

// Listens on a loopback port that accepts only this process. Each connection there gets one connection to the camera, one
// at a time; the first is made by open(). An HTTP redirect is not passed on. Owns one thread.
class Relay {
 public:
  // Whether sources at this address need the relay.
  static bool serves(const std::string& url);
  // Errors: as Upstream::connect().
  static Result<std::unique_ptr<Relay>> open(const std::string& url, const TlsTrust& tls, Millis limit);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // The address to open instead: rtsp:// or http:// on the loopback, with the camera's user information and path.
  const std::string& url() const { return url_; }
  const SourceAddress& address() const { return address_; }
  // Returns why the camera's side failed, where that says more than the broken connection.
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
  // Used by the thread only, once it runs.
  std::unique_ptr<Upstream> first_;
  std::thread thread_;
  mutable Mutex mutex_;
  std::optional<Error> trouble_ GUARDED_BY(mutex_);
};

}  // namespace gapura::drivers
