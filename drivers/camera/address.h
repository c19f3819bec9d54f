// SPDX-License-Identifier: Apache-2.0
// The parts of a camera's address, as installers type it: a password may contain an unescaped '@', '?' or '#', and an IPv6
// address its scope ("fe80::1%eth0"). Parsed here because Boost.URL 1.81 refuses a scope and reads the port 99999 as 34463.
#pragma once

#include <optional>
#include <string>

namespace gapura::drivers {

// The parts of rtsps://user:secret@host:322/path?query.
struct SourceAddress {
  std::string scheme;
  std::string userinfo;   // "user:secret@", with the '@'; empty: none. Nothing is unescaped
  std::string host;       // of an IPv6 address without its brackets
  std::string rest;       // from the first '/', '?' or '#' on: "/path?query"; may be empty
  int port = 0;           // the scheme's own (554, 322, 80, 443) where the address has none
  bool tls = false;       // rtsps, https
  std::string authority;  // "host:322" or "host" as it is written, with an IPv6 address's brackets
};
// Returns none for an address without a host, with a scheme other than rtsp, rtsps, http and https, or with a port that is
// not a number from 1 to 65535.
std::optional<SourceAddress> split_address(const std::string& url);

// rtsp://user:secret@host/x → rtsp://host/x, with any scheme. A text without "://" is returned unchanged.
std::string without_credentials(const std::string& url);

}  // namespace gapura::drivers
