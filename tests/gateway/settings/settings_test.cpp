// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/settings.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>

#include "gateway/settings/shipped.h"
#include "support/temporary_folder.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

SettingsReport load_text(const std::string& text) {
  const tests::TemporaryFolder folder;
  const std::string file = folder.path() + "/site.toml";
  std::ofstream(file) << text;
  return load_settings(file, config + "/controllers");
}

// Mistakes as "line:column: key: message".
std::vector<std::string> mistakes_of(const SettingsReport& report) {
  std::vector<std::string> lines;
  for (const Mistake& m : report.mistakes) lines.push_back(m.text().substr(m.file.size() + 1));
  return lines;
}

// A small site without a mistake, as lines, so that a test replaces one and knows its number.
const std::vector<std::string> good = {
    "[site]",                          // 1
    "id = \"pos\"",                    // 2
    "timezone = \"Asia/Jakarta\"",     // 3
    "[[area]]",                        // 4
    "id = \"out\"",                    // 5
    "[[area]]",                        // 6
    "id = \"in\"",                     // 7
    "[[camera]]",                      // 8
    "id = \"cam\"",                    // 9
    "url = \"rtsp://10.0.0.2/main\"",  // 10
    "roles = [\"badge\"]",             // 11
    "[[bus]]",                         // 12
    "id = \"lan\"",                    // 13
    "kind = \"modbus-tcp\"",           // 14
    "host = \"10.0.0.3\"",             // 15
    "[[controller]]",                  // 16
    "id = \"d1\"",                     // 17
    "bus = \"lan\"",                   // 18
    "profile = \"door\"",              // 19
    "[[controller]]",                  // 20
    "id = \"t1\"",                     // 21
    "bus = \"lan\"",                   // 22
    "unit = 2",                        // 23
    "profile = \"turnstile\"",         // 24
    "[[reader]]",                      // 25
    "id = \"r\"",                      // 26
    "kind = \"camera\"",               // 27
    "camera = \"cam\"",                // 28
    "[[portal]]",                      // 29
    "id = \"door\"",                   // 30
    "kind = \"door\"",                 // 31
    "controller = \"d1\"",             // 32
    "lock = \"lock\"",                 // 33
    "contact = \"contact\"",           // 34
    "[[portal]]",                      // 35
    "id = \"gate\"",                   // 36
    "kind = \"turnstile\"",            // 37
    "controller = \"t1\"",             // 38
    "entry_release = \"release_in\"",  // 39
    "[[access_point]]",                // 40
    "id = \"door.in\"",                // 41
    "portal = \"door\"",               // 42
    "from = \"out\"",                  // 43
    "to = \"in\"",                     // 44
    "reader = \"r\"",                  // 45
    "requires = [\"decision\"]",       // 46
    "[[detector]]",                    // 47
    "id = \"wtmd\"",                   // 48
    "controller = \"t1\"",             // 49
    "alarm = \"fault\"",               // 50
};

std::string site_with(int line, const std::string& replacement) {
  std::string text;
  for (std::size_t i = 0; i < good.size(); ++i) text += (static_cast<int>(i) + 1 == line ? replacement : good[i]) + "\n";
  return text;
}

struct Broken {
  int line;
  std::string replacement;
  std::vector<std::string> mistakes;
};

const std::vector<Broken> table = {
    // syntax
    {3, "timezone = ", {"3:12: Error while parsing key-value pair: expected value, saw '\\n'"}},
    // unknown keys
    {2, "id = \"pos\"\nnmae = \"x\"", {"3:1: site.nmae: unknown key; did you mean \"name\"?"}},
    {9, "id = \"cam\"\ncolour = 1", {"10:1: camera[0].colour: unknown key"}},
    {1, "[sites]\n[site]", {"1:2: sites: unknown key; did you mean \"site\"?"}},
    // types, ranges, missing keys
    {2, "id = 7", {"2:6: site.id: expected an id of 1 to 64 lower-case letters, digits, \"_\", \"-\", \".\", found 7"}},
    {2, "", {"1:1: site.id: missing; expected an id"}},
    {2,
     "id = \"Pos 1\"",
     {"2:6: site.id: expected an id of 1 to 64 lower-case letters, digits, \"_\", \"-\", \".\", found \"Pos 1\""}},
    {3,
     "timezone = \"Asia/Djakarta\"",
     {"3:12: site.timezone: expected an IANA time zone such as \"Asia/Jakarta\", \"Asia/Makassar\" or \"Asia/Jayapura\", "
      "found \"Asia/Djakarta\""}},
    {3,
     "timezone = \"Asia/Jakarta\"\nlanguage = \"jv\"",
     {"4:12: site.language: expected one of \"id\", \"en\", found \"jv\""}},
    {3,
     "timezone = \"Asia/Jakarta\"\ncoordinates = [-8.5, \"x\"]",
     {"4:15: site.coordinates: expected a list of 2 numbers, found a list"}},
    {3,
     "timezone = \"Asia/Jakarta\"\ncoordinates = [-98.5, 115]",
     {"4:15: site.coordinates: expected [latitude, longitude] in degrees, within ±90 and ±180"}},
    {3,
     "timezone = \"Asia/Jakarta\"\n[http]\nport = 70000\nlisten = \"everywhere\"",
     {"5:8: http.port: expected a whole number from 0 to 65535, found 70000",
      "6:10: http.listen: expected an address such as \"127.0.0.1\", \"0.0.0.0\" or \"::\", found \"everywhere\""}},
    {3,
     "timezone = \"Asia/Jakarta\"\n[http]\ncertificate = \"nowhere.pem\"",
     {"5:15: http.certificate: expected both certificate and key, or neither",
      "5:15: http.certificate: expected a certificate as a PEM file, found \"nowhere.pem\""}},
    {3,
     "timezone = \"Asia/Jakarta\"\n[journal]\nreserve_mib = 1.5",
     {"5:15: journal.reserve_mib: expected a whole number from 16 to 65536, found 1.5"}},
    {1,
     "printre = 1\nhttp = 2\n[site]",
     {"1:1: printre: unknown key; did you mean \"printer\"?", "2:8: http: expected a table: [http], found 2"}},
    // cameras and readers
    {10,
     "url = \"ftp://x\"",
     {"10:7: camera[0].url: expected rtsp://host…, http://host…, /dev/video… or a file, found \"ftp://x\""}},
    {10,
     "url = \"rtsp://:99999/a\"",
     {"10:7: camera[0].url: expected rtsp://host…, http://host…, /dev/video… or a file, found \"rtsp://:99999/a\""}},
    {10,
     "url = \"nowhere.mp4\"",
     {"10:7: camera[0].url: expected rtsp://…, http://…, /dev/video… or a file that exists, found \"nowhere.mp4\""}},
    {11,
     "roles = [\"badge\", \"bagde\"]",
     {"11:19: camera[0].roles[1]: expected one of \"badge\", \"evidence\", \"waiting_room\", found \"bagde\""}},
    {11, "roles = [\"badge\", \"badge\"]", {"11:19: camera[0].roles[1]: expected every word once, found \"badge\""}},
    {11,
     "roles = [\"evidence\"]",
     {"28:10: reader[0].camera: expected a camera whose roles hold \"badge\", found \"cam\""}},
    {11,
     "",
     {"8:1: camera[0].roles: missing; expected a list with any of \"badge\", \"evidence\", \"waiting_room\"",
      "28:10: reader[0].camera: expected a camera whose roles hold \"badge\", found \"cam\""}},
    {27,
     "kind = \"hid\"",
     {"11:9: camera[0].roles: expected a [[reader]] with camera = \"cam\" for the role \"badge\", found none",
      "25:1: reader[0].device: missing; expected the path of the scanner's device, or usb = \"vendor:product\"",
      "28:1: reader[0].camera: unknown key"}},
    {28,
     "camera = \"cam\"\n[[reader]]\nid = \"d1\"\nkind = \"serial\"\nusb = \"0c2e\"\nbaud = 9601\nlayout = "
     "\"us\"\nends_with = "
     "\"cr\"",
     {"30:6: reader[1].id: expected an id that no camera or controller has, found \"d1\"",
      "32:7: reader[1].usb: expected a vendor and product number such as \"0c2e:0b61\" (lsusb shows it), found \"0c2e\"",
      "33:8: reader[1].baud: expected 1200, 2400, 4800, 9600, 19200, 38400, 57600 or 115200, found 9601",
      "34:1: reader[1].layout: unknown key",
      "35:13: reader[1].ends_with: expected one of \"enter\", \"tab\", \"enter_or_tab\", \"stx_etx\", \"idle\", found "
      "\"cr\""}},
    {28,
     "camera = \"cam\"\n[[reader]]\nid = \"s\"\nkind = \"hid\"\nusb = \"0c2e:0b61\"\ndevice = \"x\"\n[[reader]]\nid = "
     "\"t\"\nkind = "
     "\"hid\"\ndevice = \"keyboard\"",
     {"32:7: reader[1].usb: expected device or usb, not both",
      "37:10: reader[2].device: expected an absolute path such as \"/dev/input/by-id/usb-…-event-kbd\" or "
      "\"/dev/serial/by-id/usb-…\", found \"keyboard\""}},
    {28,
     "camera = \"cam1\"",
     {"11:9: camera[0].roles: expected a [[reader]] with camera = \"cam\" for the role \"badge\", found none",
      "28:10: reader[0].camera: expected the id of a [[camera]], found \"cam1\"; did you mean \"cam\"?"}},
    {28,
     "camera = \"cam\"\n[[reader]]\nid = \"r\"\nkind = \"camera\"\ncamera = \"cam\"",
     {"30:6: reader[1].id: id \"r\" is already used on line 26",
      "32:10: reader[1].camera: camera \"cam\" is already used on line 28"}},
    // buses and controllers
    {19,
     "profile = \"doors\"",
     {"19:11: controller[0].profile: expected the name of a profile in " + config +
      "/controllers, or the path of one, found \"doors\""}},
    {14,
     "kind = \"modbus-rtu\"",
     {"12:1: bus[0].device: missing; expected a text", "15:8: bus[0].host: expected not with kind = \"modbus-rtu\""}},
    {14,
     "kind = \"modbus-rtu-tcp\"\nbaud = 14400\nparity = \"mark\"",
     {"15:8: bus[0].baud: expected 1200, 2400, 4800, 9600, 19200, 38400, 57600 or 115200, found 14400",
      "16:10: bus[0].parity: expected one of \"none\", \"even\", \"odd\", found \"mark\""}},
    {24,
     "profile = \"turnstile\"\n[[controller]]\nid = \"a\"\nbus = \"lan\"\nunit = 3\nprofile = \"adam-6060\"",
     {"25:1: controller[2].watchdog_register: missing; expected the register in which this firmware of \"adam-6060\" keeps "
      "its host watchdog's time: without one its outputs hold when the line is cut"}},
    {19,
     "profile = \"door\"\ninverted = [\"bell\"]\nidentity = 3\nwatchdog_register = 4",
     {"20:13: controller[0].inverted[0]: expected an input of profile \"door\", found \"bell\"",
      "21:12: controller[0].identity: expected a profile with [identity]; \"door\" has none",
      "22:21: controller[0].watchdog_register: expected a profile with [watchdog]; \"door\" has none"}},
    {15,
     "host = \"10.0.0.3\"\nsettle_ms = 6000\none_answer = 1",
     {"16:13: bus[0].settle_ms: expected a whole number from 0 to 5000, found 6000",
      "17:14: bus[0].one_answer: expected true or false, found 1"}},
    {14,
     "kind = \"modbus-rtu\"\ndevice = \"/dev/ttyUSB0\"\none_answer = true",
     {"16:14: bus[0].one_answer: expected not with kind = \"modbus-rtu\"",
      "17:8: bus[0].host: expected not with kind = \"modbus-rtu\""}},
    {15, "host = \"10.0.0.3\"\nport = 0", {"16:8: bus[0].port: expected a whole number from 1 to 65535, found 0"}},
    {15,
     "host = \"10.0.0.3\"\n[[bus]]\nid = \"lan2\"\nkind = \"modbus-tcp\"\nhost = \"10.0.0.3\"",
     {"19:8: bus[1].host: endpoint \"10.0.0.3:502\" is already used on line 15"}},
    {17,
     "id = \"d.1\"",
     {"17:6: controller[0].id: expected an id of 1 to 64 lower-case letters, digits, \"_\", \"-\", found \"d.1\"",
      "32:14: portal[0].controller: expected the id of a [[controller]], found \"d1\"; did you mean \"t1\"?"}},
    {18, "bus = \"wan\"", {"18:7: controller[0].bus: expected the id of a [[bus]], found \"wan\"; did you mean \"lan\"?"}},
    {23, "unit = 1", {"23:8: controller[1].unit: bus and unit \"lan/1\" is already used on line 17"}},
    {23, "unit = 250", {"23:8: controller[1].unit: expected a whole number from 1 to 247, or 255, found 250"}},
    // portals
    {30,
     "id = \"gate\"",
     {"36:6: portal[1].id: id \"gate\" is already used on line 30",
      "42:10: access_point[0].portal: expected the id of a [[portal]], found \"door\""}},
    {31, "kind = \"window\"", {"31:8: portal[0].kind: expected one of \"door\", \"turnstile\", found \"window\""}},
    {33,
     "lock = \"lokc\"",
     {"33:8: portal[0].lock: expected an output of profile \"door\", found \"lokc\"; did you mean \"lock\"?"}},
    {33, "", {"29:1: portal[0].lock: missing; expected the output that releases the door"}},
    {34, "contact = \"lock\"", {"34:11: portal[0].contact: expected an input of profile \"door\", found \"lock\""}},
    {34, "contact = \"x9.contact\"", {"34:11: portal[0].contact: expected the id of a [[controller]], found \"x9\""}},
    {34, "entry_passage = \"contact\"", {"34:17: portal[0].entry_passage: expected only on a turnstile"}},
    {34,
     "pulse_ms = 45000\npassage_ms = 60000",
     {"34:12: portal[0].pulse_ms: expected at most 30000 ms, which is what \"d1.lock\" can time, found 45000"}},
    {34,
     "pulse_ms = 1050",
     {"34:12: portal[0].pulse_ms: expected a multiple of 100 ms, in which \"d1.lock\" counts, found 1050"}},
    {34,
     "pulse_ms = 7000",
     {"29:1: portal[0].passage_ms: expected at least pulse_ms: who is let in late in the pulse needs time to pass"}},
    {39, "exit_release = \"d1.lock\"", {"39:16: portal[1].exit_release: output \"d1.lock\" is already used on line 33"}},
    {39, "", {"35:1: portal[1].entry_release: missing; expected entry_release, exit_release or both"}},
    {39, "entry_release = \"release_in\"\nheld_ms = 5000", {"40:11: portal[1].held_ms: expected only on a door"}},
    // access points
    {42,
     "portal = \"dor\"",
     {"42:10: access_point[0].portal: expected the id of a [[portal]], found \"dor\"; did you mean \"door\"?"}},
    {42,
     "portal = \"gate\"\ndirection = \"exit\"",
     {"43:13: access_point[0].direction: expected a turnstile with exit_release, found \"gate\" without"}},
    {43, "from = \"in\"", {"44:6: access_point[0].to: expected another area than from, found \"in\""}},
    {44, "to = \"inn\"", {"44:6: access_point[0].to: expected the id of a [[area]], found \"inn\"; did you mean \"in\"?"}},
    {45,
     "reader = \"q\"",
     {"45:10: access_point[0].reader: expected the id of a [[reader]], found \"q\"; did you mean \"r\"?"}},
    {46, "", {"40:1: access_point[0].requires: missing; expected a list with any of \"decision\", \"screening\""}},
    {46,
     "requires = [\"decision\"]\n[[access_point]]\nid = \"b\"\nportal = \"door\"\nfrom = \"out\"\nto = \"in\"\nreader = "
     "\"r\"\nrequires = []",
     {"49:10: access_point[1].portal: portal and direction \"door entry\" is already used on line 42",
      "52:10: access_point[1].reader: reader \"r\" is already used on line 45"}},
    // detectors
    {50, "alarm = \"alarm\"", {"50:9: detector[0].alarm: expected an input of profile \"turnstile\", found \"alarm\""}},
    {50, "", {"47:1: detector[0].alarm: missing; expected the input that says that metal was found"}},
};

}  // namespace

TEST_CASE("the small site of this test has no mistake") {
  const SettingsReport report = load_text(site_with(0, ""));
  CHECK(mistakes_of(report) == std::vector<std::string>{});
  REQUIRE(report.settings);
  CHECK(report.settings->site_name == "pos");
  CHECK(report.settings->site.portals.at(0).lock == "d1.lock");
  CHECK(report.settings->site.points.at(0).needs_decision);
  CHECK_FALSE(report.settings->site.points.at(0).needs_screening);
  CHECK(report.settings->buses.at(0).controllers.size() == 2);
  CHECK(report.settings->cameras.at(0).driver.reader == ReaderId("r"));
}

TEST_CASE("a scanner's settings arrive where they belong") {
  const SettingsReport report = load_text(site_with(
      28,
      "camera = \"cam\"\n[[reader]]\nid = \"s\"\nkind = \"serial\"\nusb = \"0C2E:0b61\"\nbaud = 115200\nparity = \"even\"\n"
      "ends_with = \"stx_etx\"\nprefix = \"]Q1\"\ngap_ms = 500\nrole = \"return_box\""));
  REQUIRE(report.settings);
  REQUIRE(report.settings->scanners.size() == 1);
  const drivers::ScannerSettings& scanner = report.settings->scanners[0];
  CHECK(scanner.kind == drivers::ScannerSettings::Kind::serial);
  REQUIRE(scanner.usb);
  CHECK(scanner.usb->vendor == 0x0c2e);
  CHECK(scanner.baud == 115200);
  CHECK(scanner.parity == drivers::Parity::even);
  CHECK(scanner.frame.end == drivers::ScanEnd::stx_etx);
  CHECK(scanner.frame.prefix == "]Q1");
  CHECK(scanner.frame.gap == Millis(500));
  REQUIRE(report.settings->site.post_readers.size() == 1);
  CHECK(report.settings->site.post_readers[0].kind == PostReaderKind::return_box);
}

TEST_CASE("a printer's settings arrive where they belong, and the first one prints badges") {
  const SettingsReport report = load_text(site_with(
      50,
      "alarm = \"fault\"\n[[printer]]\nid = \"pos\"\nkind = \"escpos\"\nhost = \"10.0.0.9\"\nwidth_mm = 58\ncut = false\n"
      "status = false\n[[printer]]\nid = \"kantor\"\nkind = \"cups\"\nqueue = "
      "\"ipp://localhost/printers/kartu\"\ndeadline_s = 30"));
  CHECK(mistakes_of(report) == std::vector<std::string>{});
  REQUIRE(report.settings);
  REQUIRE(report.settings->printers.size() == 2);
  const drivers::PrinterSettings& first = report.settings->printers[0];
  CHECK(first.kind == drivers::PrinterSettings::Kind::escpos);
  CHECK(first.port == 9100);
  CHECK(first.dots() == 384);
  CHECK_FALSE(first.cut);
  CHECK_FALSE(first.asks_status);
  CHECK(report.settings->printers[1].kind == drivers::PrinterSettings::Kind::cups);
  CHECK(report.settings->printers[1].deadline == Millis(30000));
  CHECK(report.settings->site.badge_printer == "pos");
}

TEST_CASE("a printer that cannot be is named with its line") {
  const auto mistakes = mistakes_of(
      load_text(site_with(50,
                          "alarm = \"fault\"\n[[printer]]\nid = \"cam\"\nkind = \"escpos\"\nwidth_mm = 60\n[[printer]]\nid "
                          "= \"q\"\nkind = \"cups\"\nqueue = "
                          "\"kartu\"\n[[printer]]\nid = \"f\"\nkind = \"pdf\"\nfolder = \"x\"\nhost = \"10.0.0.9\"")));
  CHECK(mistakes ==
        std::vector<std::string>{
            "51:1: printer[0].host: missing; expected the printer's address, or the path of its device",
            "52:6: printer[0].id: expected an id that no other device has, found \"cam\"",
            "54:12: printer[0].width_mm: expected 58 or 80, the width of the paper, found 60",
            "58:9: printer[1].queue: expected an address such as \"ipp://localhost/printers/kartu\" (lpstat -v shows the "
            "queues), found \"kartu\"",
            "63:1: printer[2].host: unknown key"});
}

TEST_CASE("every mistake is named with its line, column, key and what was expected") {
  for (const Broken& broken : table) {
    CAPTURE(broken.line, broken.replacement);
    const SettingsReport report = load_text(site_with(broken.line, broken.replacement));
    CHECK_FALSE(report.settings);
    CHECK(mistakes_of(report) == broken.mistakes);
  }
}

TEST_CASE("a board that holds its output on a cut line is refused for a door, unless the risk is accepted with a reason") {
  for (const std::string board :
       {"ed-588", "kmtronic-8ch", "r4d3b16", "generic-4", "adam-6060", "waveshare-8ch", "wago-750-352"}) {
    CAPTURE(board);
    const auto profile = gapura::drivers::load_controller_profile(config + "/controllers/" + board + ".toml");
    REQUIRE(profile);
    const std::string out = profile->outputs.front().name;
    const bool holds = gapura::drivers::holds_without_gateway(*profile, profile->outputs.front());
    CHECK(holds == (board != "adam-6060" && board != "waveshare-8ch" && board != "wago-750-352"));
    const auto site = [&](const std::string& accept) {
      std::string text;
      for (std::size_t i = 0; i < good.size(); ++i) {
        if (i == 33) continue;  // no contact: not every board has inputs
        if (i == 18)
          text += "profile = \"" + board + "\"\n" + (board == "adam-6060" ? "watchdog_register = 40\n" : "");
        else if (i == 32)
          text += "lock = \"" + out + "\"\n" + accept;
        else
          text += good[i] + "\n";
      }
      return load_text(text);
    };
    const SettingsReport plain = site(""), blank = site("accept_hold_on_loss = \"  \"\n"),
                         accepted = site("accept_hold_on_loss = \"latches by itself\"\n");
    CHECK(plain.settings.has_value() == !holds);
    CHECK_FALSE(blank.settings);
    CHECK(accepted.settings.has_value() == holds);
    if (!holds) continue;
    REQUIRE(plain.mistakes.size() == 1);
    CHECK(plain.mistakes[0].key == "portal[0].controller");
    CHECK(plain.mistakes[0].message.find("d1." + out + " stays on when the line is cut") == 0);
    CHECK(blank.mistakes[0].key == "portal[0].accept_hold_on_loss");
    REQUIRE(accepted.warnings.size() == 1);
    CHECK(accepted.warnings[0].message.ends_with("accepted: latches by itself"));
    REQUIRE(accepted.settings);
    CHECK(accepted.settings->site.portals[0].accept_hold_on_loss == "latches by itself");
  }
}

TEST_CASE("a camera's certificate is checked unless a reason says why not, by an authority or by its fingerprint") {
  const std::string secured = "url = \"rtsps://u:p@10.0.0.2/main\"\n", hash(64, 'A');
  const auto read = [&](const std::string& keys, bool tls = true) {
    return load_text(site_with(10, (tls ? secured : good[9] + "\n") + keys));
  };
  const SettingsReport plain = read("");
  REQUIRE(plain.settings);
  CHECK(plain.settings->cameras[0].driver.tls.verify);
  CHECK(plain.settings->cameras[0].driver.tls.fingerprint.empty());
  const SettingsReport pinned = read("tls_fingerprint = \"" + hash.substr(0, 2) + ":" + hash.substr(2) + "\"");
  REQUIRE(pinned.settings);
  CHECK(pinned.settings->cameras[0].driver.tls.fingerprint == std::string(64, 'a'));
  const SettingsReport off = read("tls_verify = false\naccept_unverified_tls = \"a wire of its own\"");
  REQUIRE(off.settings);
  CHECK_FALSE(off.settings->cameras[0].driver.tls.verify);
  CHECK(off.settings->cameras[0].accept_unverified_tls == "a wire of its own");
  const auto refused = [&](const SettingsReport& report, const std::string& key) {
    CAPTURE(key);
    CHECK_FALSE(report.settings);
    REQUIRE(report.mistakes.size() == 1);
    CHECK(report.mistakes[0].key == "camera[0]." + key);
  };
  refused(read("tls_verify = false"), "tls_verify");
  refused(read("tls_verify = false\naccept_unverified_tls = \" \""), "tls_verify");
  refused(read("accept_unverified_tls = \"why\""), "accept_unverified_tls");
  refused(read("tls_fingerprint = \"abc\""), "tls_fingerprint");
  refused(read("tls_ca = \"nowhere.pem\""), "tls_ca");
  refused(read("tls_verify = false\naccept_unverified_tls = \"why\"\ntls_fingerprint = \"" + hash + "\""), "tls_verify");
  refused(read("tls_verify = true", false), "tls_verify");
}

TEST_CASE("a profile that cannot be used is named with its own line") {
  const tests::TemporaryFolder folder;
  const std::string file = folder.path() + "/site.toml";
  std::ofstream(file) << site_with(19, "profile = \"./own.toml\"");
  std::ofstream(folder.path() + "/own.toml") << "name = \"own\"\n[[output]]\nname = 7\naddress = 0\n";
  const SettingsReport report = load_settings(file, config + "/controllers");
  REQUIRE(report.mistakes.size() == 1);
  CHECK(report.mistakes.at(0).key == "controller[0].profile");
  CHECK(report.mistakes.at(0).message.find("own.toml:3:8") != std::string::npos);
}

TEST_CASE("a file that is missing, a folder, or no text is one mistake, not a crash") {
  const tests::TemporaryFolder folder;
  CHECK(load_settings(folder.path() + "/none.toml", "").mistakes.size() == 1);
  CHECK(load_settings(folder.path(), "").mistakes.size() == 1);
  CHECK(load_text(std::string("\0\xff\xfe[[", 5)).mistakes.size() == 1);
  CHECK(load_text("").mistakes.size() == 2);  // site.id and site.timezone
  CHECK(load_text(std::string(2u << 20, '#')).mistakes.size() == 1);
  CHECK(load_text("a = " + std::string(100000, '[')).mistakes.size() == 1);
}

TEST_CASE("any damage to a good file is reported or harmless, and every mistake has a place") {
  std::mt19937 random(20260301);
  const std::string whole = site_with(0, "");
  const std::string pieces = "\"[]=.#\n\\'{},x9-\x1b\t";
  for (int round = 0; round < 700; ++round) {
    std::string text = whole;
    for (unsigned edits = 1 + random() % 3; edits > 0; --edits) {
      const std::size_t at = random() % text.size();
      if (random() % 3 == 0)
        text.erase(at, 1 + random() % 8);
      else if (random() % 2 == 0)
        text[at] = pieces[random() % pieces.size()];
      else
        text.insert(at, 1, pieces[random() % pieces.size()]);
    }
    const SettingsReport report = load_text(text);
    CAPTURE(round, text);
    REQUIRE(report.settings.has_value() == report.mistakes.empty());
    for (const Mistake& mistake : report.mistakes) {
      REQUIRE(mistake.line >= 1);
      REQUIRE_FALSE(mistake.message.empty());
    }
  }
}
