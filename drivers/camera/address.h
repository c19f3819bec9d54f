// SPDX-License-Identifier: Apache-2.0
// The parts of a camera's address, as installers type it: a password may contain an unescaped '@', '?' or '#', and an IPv6
// address its scope ("fe80::1%eth0"). Parsed here because Boost.URL 1.81 refuses a scope and reads the port 99999 as 34463.
#pragma once

#include <optional>
#include <string>

namespace gapura::drivers {

// "rtsps://user:secret@host:322/path"; `user` holds "user:secret@" or nothing, `rest` begins with the path.
struct SourceAddress {
  std::string scheme, user, host, rest;
  int port = 0;
  bool tls = false;

  // host:port as written in the address, without the port where there was none.
  std::string authority;
};
// Returns none for an address without a host, or with a scheme other than rtsp, rtsps, http and https.
std::optional<SourceAddress> split_address(const std::string& url);

// rtsp://user:secret@host/x → rtsp://host/x; a text that is not an address is returned unchanged.
std::string without_credentials(const std::string& url);

}  // namespace gapura::drivers
