// SPDX-License-Identifier: Apache-2.0
// A scanner on a pseudo-terminal: the kernel's own line discipline, unplugged and plugged in while it is read.
#include "simulated/devices/serial_scanner.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>

#include "drivers/serial_scanner/serial_line.h"
#include "models/visit/credential.h"
#include "support/scanner_desk.h"

using namespace gapura;
using tests::wait_until;

namespace {

constexpr Millis limit{5000};
const std::string badge = make_token(TokenBytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255});

struct Desk : tests::ScannerDesk<simulated::SerialScanner> {
  explicit Desk(drivers::FrameRules frame = {}, bool plugged = true) {
    place(simulated::SerialScanner::create(folder / "scanner"));
    if (!plugged) device->unplug();
    drivers::ScannerSettings settings;
    settings.kind = drivers::ScannerSettings::Kind::serial;
    settings.device = device->path();
    settings.frame = std::move(frame);
    read(std::move(settings));
    if (plugged) REQUIRE(becomes_online());
  }
};

}  // namespace

TEST_CASE("a scan at a serial line is one badge read of its reader, whatever pieces it comes in") {
  Desk desk;
  REQUIRE(desk.device->scan(badge));
  REQUIRE(desk.has_reads(1));
  for (const char c : badge) REQUIRE(desk.device->send(std::string(1, c)));
  REQUIRE(desk.device->send("\r\n"));
  REQUIRE(desk.has_reads(2));
  for (const BadgeRead& read : desk.sink.reads()) {
    CHECK(read.reader == ReaderId("r-desk"));
    CHECK(read.payloads == std::vector<std::string>{badge});
    CHECK(read.fault == ScanFault::none);
  }
  CHECK(desk.scanner->stats().reads == 2);
  CHECK(desk.scanner->stats().refused == 0);
}

TEST_CASE("half a scan at a serial line is refused after the silence, and the next one is read") {
  Desk desk;
  REQUIRE(desk.device->send(badge.substr(0, 10)));
  REQUIRE(desk.has_reads(1));
  CHECK(desk.sink.reads().at(0).fault == ScanFault::incomplete);
  CHECK(desk.sink.reads().at(0).payloads.at(0) == badge.substr(0, 10));
  REQUIRE(desk.device->scan(badge));
  REQUIRE(desk.has_reads(2));
  CHECK(desk.sink.reads().at(1).fault == ScanFault::none);
  CHECK(desk.scanner->stats().refused == 1);
}

TEST_CASE("the line's own characters (XOFF, ^C, ^D, DEL) control nothing and make the scan invalid") {
  Desk desk;
  REQUIRE(desk.device->send(std::string("\x13\x03\x04\x1a\x7f") + badge + "\r"));
  REQUIRE(desk.has_reads(1));
  CHECK(desk.sink.reads().at(0).fault == ScanFault::control_character);
  REQUIRE(desk.device->scan(badge));
  REQUIRE(desk.has_reads(2));
  CHECK(desk.sink.reads().at(1).payloads.at(0) == badge);
}

TEST_CASE("a serial scanner that is pulled out is reported, and reads again when it is back") {
  Desk desk;
  for (int round = 1; round <= 3; ++round) {
    desk.device->unplug();
    REQUIRE(desk.becomes_online(false));
    CHECK_FALSE(desk.sink.healths().back().online);
    CHECK(desk.sink.healths().back().detail != "");
    REQUIRE(desk.device->plug());
    REQUIRE(desk.becomes_online());
    REQUIRE(desk.device->scan(badge));
    REQUIRE(desk.has_reads(static_cast<std::size_t>(round)));
    CHECK(desk.scanner->stats().reconnects == static_cast<std::uint64_t>(round));
  }
  for (const DeviceHealth& health : desk.sink.healths()) {
    CHECK(health.kind == DeviceHealth::Kind::scanner);
    CHECK(health.device == "r-desk");
  }
}

TEST_CASE("a serial scanner that is not there at the start says what to look at, and is found when it comes") {
  Desk desk({}, false);
  REQUIRE(desk.sink.wait_healths(1));
  CHECK_FALSE(desk.sink.healths().at(0).online);
  CHECK(desk.sink.healths().at(0).detail.find("plugged in") != std::string::npos);
  REQUIRE(desk.device->plug());
  REQUIRE(desk.becomes_online());
  REQUIRE(desk.device->scan(badge));
  REQUIRE(desk.has_reads(1));
}

TEST_CASE("noise on a serial line: no byte gets lost track of, and no badge comes of it") {
  Desk desk(drivers::FrameRules{drivers::ScanEnd::enter, "", "", Millis(50), 64});
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string bytes(random() % 200 + 1, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    while (!desk.device->send(bytes)) std::this_thread::yield();  // its buffer is full: the reader is at it
  }
  const auto reads_last = [&](const std::string& text) {
    return wait_until([&] {
      const auto reads = desk.sink.reads();
      return !reads.empty() && reads.back().payloads.at(0) == text;
    });
  };
  // The noise may have ended in the middle of a scan that is too long: the next is whole all the same. Once its end is
  // read the line is empty, and takes a scan.
  while (!desk.device->send("\rakhir\r")) std::this_thread::yield();
  REQUIRE(reads_last("akhir"));
  REQUIRE(desk.device->scan(badge));
  REQUIRE(reads_last(badge));
  const auto reads = desk.sink.reads();
  for (std::size_t i = 0; i + 1 < reads.size(); ++i) {
    CHECK(reads[i].payloads.size() == 1);
    CHECK(reads[i].payloads[0].size() <= 64);
    CHECK(std::holds_alternative<TokenReject>(parse_token(reads[i].payloads[0])));
  }
  CHECK(reads.size() > 10);
}

TEST_CASE("serial ports are found with their stable name and USB number") {
  namespace fs = std::filesystem;
  tests::TemporaryFolder root;
  const fs::path usb = fs::path(root.path()) / "sys/devices/usb1/1-2";
  fs::create_directories(usb / "1-2:1.0");
  fs::create_directories(fs::path(root.path()) / "sys/class/tty/ttyACM0");
  fs::create_directories(fs::path(root.path()) / "sys/class/tty/tty1");
  fs::create_directories(fs::path(root.path()) / "dev/serial/by-id");
  fs::create_directory_symlink(usb / "1-2:1.0", fs::path(root.path()) / "sys/class/tty/ttyACM0/device");
  fs::create_symlink("../../ttyACM0", fs::path(root.path()) / "dev/serial/by-id/usb-Contoh_Scanner_1-if00");
  std::ofstream(usb / "idVendor") << "0c2e\n";
  std::ofstream(usb / "idProduct") << "0b61\n";
  std::ofstream(usb / "product") << "Contoh Scanner\n";
  const auto ports = drivers::find_serial_ports(root.path());
  REQUIRE(ports.size() == 1);
  CHECK(ports[0].path == "/dev/ttyACM0");
  CHECK(ports[0].stable_path == "/dev/serial/by-id/usb-Contoh_Scanner_1-if00");
  REQUIRE(ports[0].usb);
  CHECK(drivers::to_text(*ports[0].usb) == "0c2e:0b61");
  CHECK(ports[0].product == "Contoh Scanner");
}

TEST_CASE("a USB number is four and four hexadecimal digits") {
  CHECK(drivers::to_text(*drivers::parse_usb_id("0C2E:0b61")) == "0c2e:0b61");
  for (const char* text : {"", "0c2e", "0c2e:0b6", "0c2e-0b61", "0c2g:0b61", "0c2e:0b610", " c2e:0b61"})
    CHECK_FALSE(drivers::parse_usb_id(text));
}

TEST_CASE("a scanner that cannot be is a mistake, not a device that is away") {
  tests::CollectingSink sink;
  drivers::ScannerSettings settings;
  settings.kind = drivers::ScannerSettings::Kind::serial;
  settings.device = "/dev/ttyACM9";
  settings.baud = 12345;
  CHECK_FALSE(drivers::Scanner::create(settings, sink));
  settings.device = "";
  settings.baud = 9600;
  CHECK_FALSE(drivers::Scanner::create(settings, sink));
}
