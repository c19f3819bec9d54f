// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/http/peer_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <optional>

namespace gapura::gateway {
namespace {

struct AddressParts {
  std::string_view address, scope;  // "fe80::1" and "%eth0"
};
AddressParts parts_of(std::string_view text) {
  const auto percent = std::min(text.find('%'), text.size());
  return {text.substr(0, percent), text.substr(percent)};
}

std::optional<in6_addr> parse_v6(std::string_view text) {
  in6_addr address{};
  if (::inet_pton(AF_INET6, std::string(text).c_str(), &address) != 1) return std::nullopt;
  return address;
}

std::string text_of(const in6_addr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (IN6_IS_ADDR_V4MAPPED(&address)) return ::inet_ntop(AF_INET, &address.s6_addr[12], text.data(), text.size());
  return ::inet_ntop(AF_INET6, &address, text.data(), text.size());
}

}  // namespace

std::string plain_address(std::string_view address) {
  const auto [ip, scope] = parts_of(address);
  const auto v6 = parse_v6(ip);
  if (!v6) return std::string(address);
  return IN6_IS_ADDR_V4MAPPED(&*v6) ? text_of(*v6) : text_of(*v6) + std::string(scope);
}

std::string address_key(std::string_view address) {
  auto v6 = parse_v6(parts_of(address).address);
  if (!v6 || IN6_IS_ADDR_V4MAPPED(&*v6) || IN6_IS_ADDR_LINKLOCAL(&*v6) || IN6_IS_ADDR_LOOPBACK(&*v6))
    return plain_address(address);
  std::fill(v6->s6_addr + 8, v6->s6_addr + 16, std::uint8_t{0});
  return text_of(*v6) + "/64";
}

bool is_loopback(std::string_view address) {
  const std::string plain = plain_address(address);
  return plain == "::1" || plain.starts_with("127.");
}

}  // namespace gapura::gateway
