// SPDX-License-Identifier: Apache-2.0
// The other side's address: how it is written, and who counts as one where connections, tries or places are counted.
#pragma once

#include <string>
#include <string_view>

namespace gapura::gateway {

// The usual text of an IP address: "::ffff:192.0.2.1" is "192.0.2.1", IPv6 as RFC 5952 writes it, a scope ("%eth0") as it
// is. What is no IP address is returned unchanged.
std::string plain_address(std::string_view address);

// A client that may use many addresses counts once. IPv4, also mapped into IPv6: the address. IPv6: the /64 that one
// machine owns, written "2001:db8:0:1::/64"; link-local ones with their scope and "::1" whole: all hosts share that /64.
std::string address_key(std::string_view address);

// Is it this machine's own, 127.0.0.0/8 or ::1, also mapped?
bool is_loopback(std::string_view address);

}  // namespace gapura::gateway
