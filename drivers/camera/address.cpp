// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/address.h"

#include <algorithm>

namespace gapura::drivers {
namespace {

// Returns where the host begins in an address whose scheme and "//" end at `begin`: behind the last '@' before the path.
std::size_t host_begin(const std::string& url, std::size_t begin) {
  const auto at = url.rfind('@', url.find('/', begin));
  return at == std::string::npos || at < begin ? begin : at + 1;
}

}  // namespace

std::optional<SourceAddress> split_address(const std::string& url) {
  SourceAddress address;
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return std::nullopt;
  address.scheme = url.substr(0, scheme);
  if (address.scheme == "rtsp") address.port = 554;
  if (address.scheme == "rtsps") address.port = 322;
  if (address.scheme == "http") address.port = 80;
  if (address.scheme == "https") address.port = 443;
  if (address.port == 0) return std::nullopt;
  address.tls = address.scheme.ends_with('s');
  const auto begin = scheme + 3;
  const auto host = host_begin(url, begin);
  address.userinfo = url.substr(begin, host - begin);
  const auto end = std::min(url.find_first_of("/?#", host), url.size());
  address.authority = url.substr(host, end - host);
  address.rest = url.substr(end);
  address.host = address.authority;
  const auto colon = address.authority.rfind(':');
  const auto bracket = address.authority.rfind(']');
  if (colon != std::string::npos && (bracket == std::string::npos || colon > bracket)) {
    const std::string port = address.authority.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    address.port = std::stoi(port);
    address.host = address.authority.substr(0, colon);
  }
  if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']')
    address.host = address.host.substr(1, address.host.size() - 2);
  if (address.host.empty() || address.port < 1 || address.port > 65535) return std::nullopt;
  return address;
}

std::string without_credentials(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  return url.substr(0, scheme + 3) + url.substr(host_begin(url, scheme + 3));
}

}  // namespace gapura::drivers
