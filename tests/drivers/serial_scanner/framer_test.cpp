// SPDX-License-Identifier: Apache-2.0
// Characters into scans: framings, faults, bounds.
#include "drivers/serial_scanner/framer.h"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

using namespace gapura;
using namespace gapura::drivers;

namespace {

using Scans = std::vector<std::pair<std::string, ScanFault>>;

Scans feed(ScanFramer& framer, std::string_view characters, bool silent_after = false) {
  Scans scans;
  const auto keep = [&](std::optional<Scan> scan) {
    if (scan) scans.emplace_back(scan->payload, scan->fault);
  };
  for (const char c : characters) keep(framer.put(c));
  if (silent_after && framer.waits()) keep(framer.silence());
  return scans;
}

FrameRules rules(ScanEnd end, std::string prefix = "", std::string suffix = "") {
  FrameRules made;
  made.end = end;
  made.prefix = std::move(prefix);
  made.suffix = std::move(suffix);
  return made;
}

const std::string code = "G1:0123456789ABC $%*+-./:XYZ";

}  // namespace

TEST_CASE("each framing ends a scan with its own terminator, and a terminator alone is no attempt") {
  struct Row {
    ScanEnd end;
    std::string sent;
  };
  for (const Row& row :
       {Row{ScanEnd::enter, code + "\r"}, Row{ScanEnd::enter, code + "\n"}, Row{ScanEnd::enter, "\r\n" + code + "\r\n"},
        Row{ScanEnd::tab, code + "\t"}, Row{ScanEnd::enter_or_tab, code + "\t\r\n"},
        Row{ScanEnd::enter_or_tab, code + "\n\n"}, Row{ScanEnd::stx_etx, "\x02" + code + "\x03"},
        Row{ScanEnd::stx_etx, "\x02" + code + "\x03\r\n"}}) {
    ScanFramer framer(rules(row.end));
    CHECK(feed(framer, row.sent) == Scans{{code, ScanFault::none}});
    CHECK_FALSE(framer.waits());
  }
  ScanFramer idle(rules(ScanEnd::idle));
  CHECK(feed(idle, code) == Scans{});
  CHECK(feed(idle, "", true) == Scans{{code, ScanFault::none}});
}

TEST_CASE("a scan without its end is refused as incomplete, and the next one is whole") {
  ScanFramer framer(rules(ScanEnd::enter));
  CHECK(feed(framer, "G1:0123", true) == Scans{{"G1:0123", ScanFault::incomplete}});
  CHECK(feed(framer, code + "\r") == Scans{{code, ScanFault::none}});
}

TEST_CASE("a control character refuses its scan by name, and no other") {
  for (const std::string& control : {std::string(1, '\0'), std::string("\x1b"), std::string("\x7f"), std::string("\x02")}) {
    ScanFramer framer(rules(ScanEnd::enter));
    const Scans scans = feed(framer, "G1:01" + control + "23\r" + code + "\r");
    CHECK(scans == Scans{{"G1:01" + control + "23", ScanFault::control_character}, {code, ScanFault::none}});
  }
  ScanFramer tabbed(rules(ScanEnd::enter));  // Tab ends nothing here
  CHECK(feed(tabbed, "A\tB\r") == Scans{{"A\tB", ScanFault::control_character}});
}

TEST_CASE("a scan that is too long is reported once, whatever follows up to its end or to silence") {
  ScanFramer framer(rules(ScanEnd::enter));
  const std::size_t longest = framer.rules().longest;
  const Scans scans = feed(framer, std::string(100'000, 'A') + "\r" + code + "\r");
  CHECK(scans == Scans{{std::string(longest, 'A'), ScanFault::too_long}, {code, ScanFault::none}});
  CHECK(feed(framer, std::string(longest, 'B') + "\r") == Scans{{std::string(longest, 'B'), ScanFault::none}});
  CHECK(feed(framer, std::string(5'000, 'C'), true) == Scans{{std::string(longest, 'C'), ScanFault::too_long}});
  CHECK(feed(framer, code + "\r") == Scans{{code, ScanFault::none}});
}

TEST_CASE("noise outside of STX and ETX is refused as such and spoils no scan") {
  ScanFramer framer(rules(ScanEnd::stx_etx));
  CHECK(feed(framer, "xyz\x02" + code + "\x03") == Scans{{"xyz", ScanFault::noise}, {code, ScanFault::none}});
  CHECK(feed(framer, "xyz", true) == Scans{{"xyz", ScanFault::noise}});
  CHECK(feed(framer, std::string("\x02") + "G1:0\x02" + code + "\x03") ==
        Scans{{"G1:0", ScanFault::incomplete}, {code, ScanFault::none}});
  CHECK(feed(framer, "\x02" + code, true) == Scans{{code, ScanFault::incomplete}});
}

TEST_CASE("prefix and suffix are taken off, and a scan without them is refused") {
  ScanFramer framer(rules(ScanEnd::enter, "]Q1", "#"));
  CHECK(feed(framer, "]Q1" + code + "#\r") == Scans{{code, ScanFault::none}});
  CHECK(feed(framer, code + "#\r") == Scans{{code + "#", ScanFault::prefix_missing}});
  CHECK(feed(framer, "]Q1" + code + "\r") == Scans{{"]Q1" + code, ScanFault::suffix_missing}});
  ScanFramer overlapping(rules(ScanEnd::enter, "##", "##"));
  CHECK(feed(overlapping, "###\r") == Scans{{"###", ScanFault::suffix_missing}});
}

TEST_CASE("any bytes at all give scans of bounded size, and what is whole is what was sent") {
  std::mt19937 random(20260131);
  for (int round = 0; round < 2'000; ++round) {
    ScanFramer framer(rules(static_cast<ScanEnd>(round % 5), round % 3 == 0 ? "]Q1" : "", round % 7 == 0 ? "!" : ""));
    std::string bytes(random() % 700, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % (round % 2 ? 256 : 8));
    for (const auto& [payload, fault] : feed(framer, bytes, true)) {
      REQUIRE(payload.size() <= framer.rules().longest);
      if (fault != ScanFault::none) continue;
      REQUIRE(bytes.find(payload) != std::string::npos);
      for (const char c : payload) REQUIRE((static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
    }
    REQUIRE_FALSE(framer.waits());
  }
}
