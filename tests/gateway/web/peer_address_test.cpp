// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/http/peer_address.h"

#include <catch2/catch.hpp>

using namespace gapura::gateway;

TEST_CASE("Who counts as one: an IPv4 address however it arrives, a /64 of IPv6, a link-local address with its scope") {
  struct Row {
    const char *address, *plain, *key;
    bool loopback;
  };
  for (const Row& row : {
           Row{"192.168.10.5", "192.168.10.5", "192.168.10.5", false},
           Row{"::ffff:192.168.10.5", "192.168.10.5", "192.168.10.5", false},
           Row{"::FFFF:c0a8:0a06", "192.168.10.6", "192.168.10.6", false},
           Row{"127.0.0.2", "127.0.0.2", "127.0.0.2", true},
           Row{"::ffff:127.0.0.1", "127.0.0.1", "127.0.0.1", true},
           Row{"::1", "::1", "::1", true},
           Row{"0:0:0:0:0:0:0:1", "::1", "::1", true},
           Row{"2001:db8:0:1:aaaa::1", "2001:db8:0:1:aaaa::1", "2001:db8:0:1::/64", false},
           Row{"2001:DB8:0:1:bbbb:0:0:2", "2001:db8:0:1:bbbb::2", "2001:db8:0:1::/64", false},
           Row{"2001:db8:0:2::1", "2001:db8:0:2::1", "2001:db8:0:2::/64", false},
           Row{"fd00::1:2:3:4", "fd00::1:2:3:4", "fd00::/64", false},
           Row{"fe80::1%eth0", "fe80::1%eth0", "fe80::1%eth0", false},
           Row{"fe80::2%eth0", "fe80::2%eth0", "fe80::2%eth0", false},
           Row{"fe80::1%eth1", "fe80::1%eth1", "fe80::1%eth1", false},
           Row{"local", "local", "local", false},
           Row{"pos.example", "pos.example", "pos.example", false},
           Row{"", "", "", false},
       }) {
    INFO(row.address);
    CHECK(plain_address(row.address) == row.plain);
    CHECK(address_key(row.address) == row.key);
    CHECK(is_loopback(row.address) == row.loopback);
  }
}
