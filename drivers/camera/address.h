// SPDX-License-Identifier: Apache-2.0
// The parts of a camera's address, as installers type it: a password in it may hold an unescaped '@', '?' or '#', and an
// IPv6 address its scope ("fe80::1%eth0"). By hand, for Boost.URL 1.81 refuses a scope and reads the port 99999 as 34463.
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
// Nothing for an address without a host, or of another scheme than rtsp, rtsps, http and https.
std::optional<SourceAddress> split_address(const std::string& url);

// rtsp://user:secret@host/x → rtsp://host/x; a text that is no address stays.
std::string without_credentials(const std::string& url);

}  // namespace gapura::drivers
