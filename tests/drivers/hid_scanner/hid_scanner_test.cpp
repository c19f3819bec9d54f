// SPDX-License-Identifier: Apache-2.0
// A scanner that types, read through the kernel's input layer where the machine has /dev/uinput, and over a recorded
// stream of the same events everywhere.
#include "simulated/devices/hid_scanner.h"

#include <fcntl.h>
#include <linux/input-event-codes.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>

#include "drivers/hid_scanner/input_devices.h"
#include "drivers/serial_scanner/serial_line.h"
#include "models/visit/credential.h"
#include "support/scanner_desk.h"
#include "support/skip.h"

using namespace gapura;
using simulated::KeyEvent;
using tests::wait_until;

namespace {

const std::string badge = make_token(TokenBytes{200, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255});

struct Desk : tests::ScannerDesk<simulated::HidScanner> {
  explicit Desk(drivers::FrameRules frame = {}) {
    place(simulated::HidScanner::create_stream(folder / "scanner"));
    drivers::ScannerSettings settings;
    settings.device = device->path();
    settings.frame = std::move(frame);
    read(std::move(settings));
    REQUIRE(becomes_online());
  }
  explicit Desk(std::unique_ptr<simulated::HidScanner> of_the_kernel) {
    device = std::move(of_the_kernel);
    drivers::ScannerSettings settings;
    settings.usb = drivers::UsbId{0x6761, 0x7075};
    read(std::move(settings));
    REQUIRE(becomes_online());
  }
};

void reads_and_comes_back(Desk& desk) {
  REQUIRE(desk.device->scan(badge));
  REQUIRE(desk.has_reads(1));
  CHECK(desk.sink.reads().at(0).payloads == std::vector<std::string>{badge});
  CHECK(desk.sink.reads().at(0).fault == ScanFault::none);
  for (std::size_t round = 2; round <= 4; ++round) {
    desk.device->unplug();
    REQUIRE(desk.becomes_online(false));
    CHECK(desk.sink.healths().back().detail != "");
    REQUIRE(desk.device->plug());
    REQUIRE(desk.becomes_online());
    REQUIRE(desk.device->scan(badge));
    REQUIRE(desk.has_reads(round));
    CHECK(desk.sink.reads().back().payloads.at(0) == badge);
  }
  CHECK(desk.scanner->stats().reconnects == 3);
}

}  // namespace

TEST_CASE("a scanner that types is one badge read for each scan, and reads again after it was pulled out") {
  Desk desk;
  reads_and_comes_back(desk);
}

TEST_CASE("a daemon started again and again between two scans reads the next one, and only once") {
  Desk desk;
  drivers::ScannerSettings settings;
  settings.device = desk.device->path();
  for (int start = 0; start < 6; ++start) {
    desk.scanner.reset();
    desk.read(settings);
    REQUIRE(desk.becomes_online());
  }
  REQUIRE(desk.device->scan(badge));
  REQUIRE(desk.has_reads(1));
  CHECK(desk.sink.reads().size() == 1);
  CHECK(desk.sink.reads().at(0).payloads == std::vector<std::string>{badge});
}

TEST_CASE("the kernel's own input layer: found by its USB number, grabbed from everybody else, plugged in again") {
  auto made = simulated::HidScanner::create_uinput();
  if (!made)
    SKIP_TEST("no kernel input device can be made on this machine: "
              << made.error().message << ". Only recorded streams of the same events were tested.");
  Desk desk(std::move(*made));
  const int other = ::open(desk.device->path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  REQUIRE(other >= 0);
  REQUIRE(desk.device->scan("NOBODY ELSE"));
  REQUIRE(desk.has_reads(1));
  char byte = 0;
  CHECK(::read(other, &byte, 1) < 0);  // a browser's field, a console: not a key of it
  ::close(other);
  const auto known = desk.sink.reads().size();
  REQUIRE(desk.device->scan(badge));
  REQUIRE(desk.has_reads(known + 1));
  CHECK(desk.sink.reads().back().payloads.at(0) == badge);
  desk.device->unplug();
  REQUIRE(desk.becomes_online(false));
  REQUIRE(desk.device->plug());
  REQUIRE(desk.becomes_online());
  REQUIRE(desk.device->scan(badge));
  REQUIRE(desk.has_reads(known + 2));
}

TEST_CASE("half a scan, a key without a character and lost events refuse their scan by name, and only theirs") {
  Desk desk;
  REQUIRE(desk.device->send(simulated::typed(badge.substr(0, 9))));
  REQUIRE(desk.has_reads(1));
  REQUIRE(desk.device->send({{EV_KEY, KEY_F5, 1}, {EV_KEY, KEY_F5, 0}}));
  REQUIRE(desk.device->scan(badge));
  REQUIRE(desk.has_reads(2));
  REQUIRE(desk.device->send(simulated::typed(badge.substr(0, 9))));
  REQUIRE(desk.device->send({{EV_SYN, SYN_DROPPED, 0}}));
  REQUIRE(desk.device->scan(badge.substr(9)));
  REQUIRE(desk.has_reads(3));
  REQUIRE(desk.device->send({{EV_KEY, KEY_LEFTCTRL, 1}, {EV_KEY, KEY_B, 1}, {EV_KEY, KEY_LEFTCTRL, 0}}));
  REQUIRE(desk.device->scan(badge));
  REQUIRE(desk.has_reads(4));
  REQUIRE(desk.device->scan(badge));
  REQUIRE(desk.has_reads(5));
  const auto reads = desk.sink.reads();
  CHECK(reads[0].fault == ScanFault::incomplete);
  CHECK(reads[1].fault == ScanFault::unknown_key);
  CHECK(reads[2].fault == ScanFault::lost_events);
  CHECK(reads[3].fault == ScanFault::control_character);
  CHECK(reads[4].fault == ScanFault::none);
  CHECK(reads[4].payloads.at(0) == badge);
  CHECK(desk.scanner->stats().refused == 4);
}

TEST_CASE("random keys: every attempt is a bounded read, none is a badge, and the next scan is whole") {
  Desk desk(drivers::FrameRules{drivers::ScanEnd::enter_or_tab, "", "", Millis(100), 64});
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    std::vector<KeyEvent> events(random() % 40 + 1);
    for (KeyEvent& event : events)
      event = {static_cast<std::uint16_t>(random() % 3), static_cast<std::uint16_t>(random() % (round % 2 ? 768 : 30)),
               static_cast<std::int32_t>(random() % 4) - 1};
    while (!desk.device->send(events)) std::this_thread::yield();
  }
  // Whatever is held down is let go; Caps Lock may be on, as on a keyboard.
  std::vector<KeyEvent> release;
  for (const std::uint16_t code :
       {KEY_LEFTSHIFT, KEY_RIGHTSHIFT, KEY_LEFTCTRL, KEY_RIGHTCTRL, KEY_LEFTALT, KEY_RIGHTALT, KEY_LEFTMETA, KEY_RIGHTMETA})
    release.push_back({EV_KEY, code, 0});
  release.push_back({EV_KEY, KEY_ENTER, 1});
  REQUIRE(wait_until([&] { return desk.device->send(release).has_value(); }));
  const auto last = [&] {
    const auto reads = desk.sink.reads();
    return !reads.empty() && reads.back().fault == ScanFault::none ? reads.back().payloads.at(0) : std::string();
  };
  const auto is_badge_but_for_case = [&] {
    const std::string text = last();
    const auto alike = [](char a, char b) { return std::tolower(a) == std::tolower(b); };
    return std::equal(text.begin(), text.end(), badge.begin(), badge.end(), alike);
  };
  REQUIRE(desk.device->scan(badge));
  REQUIRE(wait_until(is_badge_but_for_case));
  if (last() != badge) {  // the keys left Caps Lock on
    REQUIRE(desk.device->send({{EV_KEY, KEY_CAPSLOCK, 1}, {EV_KEY, KEY_CAPSLOCK, 0}}));
    REQUIRE(desk.device->scan(badge));
    REQUIRE(wait_until([&] { return last() == badge; }));
  }
  const auto reads = desk.sink.reads();
  for (const BadgeRead& read : reads) {
    CHECK(read.payloads.size() == 1);
    CHECK(read.payloads[0].size() <= 64);
    const bool is_badge = std::holds_alternative<TokenBytes>(parse_token(read.payloads[0]));
    CHECK(is_badge == (read.payloads[0] == badge));
  }
  CHECK(reads.size() > 20);
}

TEST_CASE("a scanner that may not be read, or is no input device, says what to do") {
  tests::TemporaryFolder folder;
  std::ofstream(folder / "file") << "no device";
  tests::CollectingSink sink;
  drivers::ScannerSettings settings;
  settings.id = ReaderId("r");
  settings.device = folder / "file";
  auto scanner = drivers::Scanner::create(settings, sink);
  REQUIRE(scanner);
  REQUIRE(sink.wait_healths(1));
  CHECK(sink.healths().at(0).detail.find("no input device") != std::string::npos);
}

TEST_CASE("keyboards are found with their stable name, and a scanner is distinguished from a mouse and a power button") {
  namespace fs = std::filesystem;
  tests::TemporaryFolder root;
  const auto make = [&](const std::string& node, const std::string& name, const std::string& keys) {
    const fs::path folder = fs::path(root.path()) / "sys/class/input" / node / "device";
    fs::create_directories(folder / "id");
    fs::create_directories(folder / "capabilities");
    std::ofstream(folder / "name") << name << "\n";
    std::ofstream(folder / "id/vendor") << "0c2e\n";
    std::ofstream(folder / "id/product") << "0b61\n";
    std::ofstream(folder / "capabilities/key") << keys << "\n";
  };
  make("event3", "Contoh USB Barcode Scanner", "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe");
  make("event4", "Contoh Mouse", "70000 0 0 0 0");
  make("event5", "Power Button", "10000000000000 0");
  make("event6", "Contoh Keyboard", "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe");
  fs::create_directories(fs::path(root.path()) / "dev/input/by-id");
  fs::create_symlink("../event3", fs::path(root.path()) / "dev/input/by-id/usb-Contoh_Scanner-event-kbd");
  const auto devices = drivers::find_input_devices(root.path());
  REQUIRE(devices.size() == 4);
  CHECK(devices[0].types);
  CHECK(devices[0].looks_like_a_scanner);
  CHECK(devices[0].stable_path == "/dev/input/by-id/usb-Contoh_Scanner-event-kbd");
  CHECK(drivers::to_text(devices[0].usb) == "0c2e:0b61");
  CHECK_FALSE(devices[1].types);
  CHECK_FALSE(devices[2].types);
  CHECK(devices[3].types);
  CHECK_FALSE(devices[3].looks_like_a_scanner);
}
