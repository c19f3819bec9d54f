// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/doctor.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "fake_daemon.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/probe.h"
#include "gateway/contract/version.h"
#include "gateway/journal/broken_marker.h"
#include "shell.h"
#include "simulated/devices/modbus_device.h"
#include "support/connection_server.h"
#include "support/signed_site.h"
#include "support/temporary_folder.h"

using namespace gapura;
using namespace gapura::gateway;
using tests::FakeDaemon;
using tests::TemporaryFolder;
using Grade = Finding::Level;

namespace {

const std::string shipped = std::string(GAPURA_SOURCE_DIR) + "/config";

void make_site(const std::string& folder) {
  std::ostringstream out, err;
  REQUIRE(init_site({out, err}, {folder, "demo", "", {}, false, false}) == done);
}

// The worst finding of a subject, and its words.
std::pair<Grade, std::string> about(const Findings& findings, const std::string& subject) {
  std::pair<Grade, std::string> worst{Grade::ok, ""};
  bool found = false;
  for (const Finding& f : findings.list()) {
    if (f.subject != subject) continue;
    if (!found || f.level > worst.first) worst = {f.level, f.text};
    found = true;
  }
  INFO(subject);
  REQUIRE(found);
  return worst;
}

// What doctor finds on a new site whose daemon answers this of its state.
Findings examined_beside(const std::string& status) {
  const TemporaryFolder parent;
  const std::string folder = parent.path() + "/site";
  make_site(folder);
  FakeDaemon daemon(folder);
  daemon.answer("GET /api/v1/status", {200, status});
  return examine(shipped + "/demo.toml", folder);
}

Settings site_on(int modbus_port, int unit) {
  drivers::ControllerSettings door;
  door.id = ControllerId("d1");
  door.unit = unit;
  door.profile = *drivers::load_controller_profile(shipped + "/controllers/door.toml");
  drivers::BusSettings bus;
  bus.id = BusId("lan");
  bus.host = "127.0.0.1";
  bus.port = modbus_port;
  bus.controllers = {door};
  Settings settings;
  settings.buses = {bus};
  return settings;
}

}  // namespace

TEST_CASE("a healthy data folder has nothing wrong") {
  const TemporaryFolder parent;
  const std::string folder = parent.path() + "/site";
  make_site(folder);
  Findings findings;
  examine_folder(findings, folder);
  examine_certificates(findings, nullptr, folder);
  for (const Finding& f : findings.list()) {
    INFO(f.subject << ": " << f.text);
    CHECK(f.level != Grade::wrong);
  }
  CHECK(about(findings, "certificate").first == Grade::ok);
  CHECK_FALSE(std::filesystem::exists(folder + "/doctor.probe"));
}

TEST_CASE("what is said of a full disk names no limit that the gateway does not have") {
  constexpr double whole = 100.0 * (1u << 30);
  for (const auto& [percent, level] : {std::pair{50.0, Grade::ok}, {9.0, Grade::attention}, {1.5, Grade::wrong}}) {
    Findings findings;
    judge_space(findings, percent * whole / 100, whole);
    REQUIRE(findings.list().size() == 1);
    const Finding& disk = findings.list().front();
    CHECK(disk.level == level);
    CHECK(disk.text.ends_with("%)"));
    CHECK(disk.what_to_do.find('%') == std::string::npos);
    CHECK((disk.what_to_do.find("once an entry cannot be written") != std::string::npos) == (level != Grade::ok));
  }
}

TEST_CASE("a risk that the configuration accepts is repeated with its reason") {
  Settings settings;
  PortalConfig door;
  door.id = PortalId("side");
  settings.site.portals = {door};
  Findings none;
  examine_risks(none, settings);
  CHECK(none.list().empty());
  settings.site.portals[0].accept_hold_on_loss = "latches by itself";
  CameraEntry camera;
  camera.driver.id = CameraId("gate");
  camera.driver.tls.verify = false;
  camera.accept_unverified_tls = "on a wire of its own";
  settings.cameras = {camera};
  Findings findings;
  examine_risks(findings, settings);
  CHECK(about(findings, "portal side").first == Grade::attention);
  CHECK(about(findings, "portal side").second.ends_with("accepted: latches by itself"));
  CHECK(about(findings, "camera gate").first == Grade::attention);
  CHECK(about(findings, "camera gate").second.ends_with("accepted: on a wire of its own"));
}

TEST_CASE("a missing folder, an open folder, a readable key and a missing certificate are wrong, each with what to do") {
  const TemporaryFolder parent;
  const std::string folder = parent.path() + "/site";
  Findings missing;
  examine_folder(missing, folder);
  CHECK(about(missing, "data folder").first == Grade::wrong);
  make_site(folder);
  chmod(folder.c_str(), 0755);
  chmod((folder + "/tls/key.pem").c_str(), 0644);
  std::filesystem::remove(folder + "/tls/cert.pem");
  Findings findings;
  examine_folder(findings, folder);
  examine_certificates(findings, nullptr, folder);
  std::vector<std::string> advice;
  for (const Finding& f : findings.list())
    if (f.level == Grade::wrong) advice.push_back(f.what_to_do);
  CHECK(advice == std::vector<std::string>{"chmod 700 " + folder, "chmod 400 " + folder + "/tls/key.pem",
                                           "restart the gateway: it renews it"});
}

TEST_CASE("an older journal, another one and a lost checkpoint are distinguished from the one that was signed") {
  Findings none;
  const TemporaryFolder empty;
  examine_record(none, empty.path());
  CHECK(about(none, "record").first == Grade::ok);

  tests::SignedSite site;
  site.fill(40);
  site.close();
  const auto look = [&] {
    Findings findings;
    examine_record(findings, site.folder.path());
    return about(findings, "record");
  };
  namespace fs = std::filesystem;
  const auto file = [&](const char* name) { return fs::path(site.folder / name); };
  CHECK(look().first == Grade::ok);
  fs::copy_file(file("gapura.db"), file("yesterday"));
  site.open();
  site.fill(40);
  site.close();
  CHECK(look().first == Grade::ok);

  fs::rename(file("gapura.db"), file("today"));
  fs::copy_file(file("yesterday"), file("gapura.db"));
  CHECK(look().first == Grade::wrong);
  CHECK_THAT(look().second, Catch::StartsWith("it is older than what was signed: "));
  fs::remove(file("gapura.db"));
  CHECK(look() == std::pair{Grade::wrong, std::string("gapura.db is missing, and checkpoints of it were signed")});
  fs::rename(file("today"), file("gapura.db"));
  CHECK(look().first == Grade::ok);

  fs::rename(file("log/checkpoint"), file("note"));
  CHECK(look() == std::pair{Grade::wrong, std::string("the last checkpoint (log/checkpoint) is missing")});
  // Another site's checkpoint, as long and as well formed.
  tests::SignedSite other;
  other.scan("r-out");
  other.fill(40);
  other.close();
  fs::copy_file(other.folder / "log/checkpoint", file("log/checkpoint"));
  CHECK_THAT(look().second, Catch::StartsWith("it is not the one whose first "));
}

TEST_CASE("cameras are reached where their url points") {
  CHECK(endpoint_of("rtsp://u:p@10.0.0.2/main")->port == 554);
  CHECK(endpoint_of("http://cam.local:8081/x")->port == 8081);
  CHECK(endpoint_of("rtsp://u:p@ss@[fd00::2]:8554/x")->host == "fd00::2");
  CHECK(endpoint_of("rtsps://[fd00::2]/x")->port == 322);
  CHECK_FALSE(endpoint_of("/dev/video0"));
  const tests::ListeningSocket there;
  Settings settings;
  for (const auto& [id, url] :
       std::vector<std::pair<std::string, std::string>>{{"up", "rtsp://127.0.0.1:" + std::to_string(there.port()) + "/x"},
                                                        {"down", "rtsp://127.0.0.1:1/x"},
                                                        {"usb", "/dev/video99"}}) {
    CameraEntry camera;
    camera.driver.id = CameraId(id);
    camera.driver.url = url;
    settings.cameras.push_back(camera);
  }
  Findings findings;
  examine_devices(findings, settings, nullptr);
  CHECK(about(findings, "camera up").first == Grade::ok);
  CHECK(about(findings, "camera down") == std::pair{Grade::wrong, std::string("127.0.0.1:1: Connection refused")});
  CHECK(about(findings, "camera usb").first == Grade::wrong);
}

TEST_CASE("a controller that answers is fine, one that does not is named with its unit") {
  simulated::SimulatedBus board;
  board.add_door(1);
  Findings findings;
  examine_devices(findings, site_on(board.port(), 1), nullptr);
  CHECK(about(findings, "bus lan").first == Grade::ok);
  CHECK(about(findings, "controller d1") == std::pair{Grade::ok, std::string("unit 1 answers as door")});
  board.misbehave(1, *simulated::misbehaviour_from_text("exception 2"));
  Findings refused;
  examine_devices(refused, site_on(board.port(), 1), nullptr);
  CHECK(about(refused, "controller d1").first == Grade::wrong);
  Findings gone;
  examine_devices(gone, site_on(1, 1), nullptr);
  CHECK(about(gone, "bus lan").first == Grade::wrong);
}

TEST_CASE("the web port is free, taken, or not of this machine") {
  const tests::ListeningSocket taken;
  Findings findings, free, elsewhere;
  examine_port(findings, {"127.0.0.1", taken.port(), {}, "", ""}, false);
  CHECK(about(findings, "web").first == Grade::wrong);
  examine_port(free, {"127.0.0.1", 0, {}, "", ""}, false);
  CHECK(about(free, "web").first == Grade::ok);
  examine_port(elsewhere, {"203.0.113.1", 8443, {}, "", ""}, false);
  CHECK(about(elsewhere, "web").first == Grade::wrong);
}

TEST_CASE("a running daemon is believed about its devices and about why it does not grant") {
  const Findings findings = examined_beside(
      R"({"version":"1.2.3","granting":false,"why_not":["the disk is full"],"devices":[)"
      R"({"id":"gate1","kind":"controller","online":false,"detail":"another identity"},{"id":"cam","kind":"camera","online":true,"since":"t"}]})");
  CHECK(about(findings, "configuration").first == Grade::ok);
  CHECK(about(findings, "controller gate1") == std::pair{Grade::wrong, std::string("offline: another identity")});
  CHECK(about(findings, "camera cam").first == Grade::ok);
  CHECK(about(findings, "gateway") == std::pair{Grade::wrong, std::string("grants nothing: the disk is full")});
}

TEST_CASE("a device that chatters is reported as such, and a camera's advice follows what is wrong with it") {
  const Findings findings = examined_beside(
      R"({"version":"1.2.3","granting":true,"why_not":[],"devices":[)"
      R"({"id":"gate1","kind":"controller","online":true,"detail":"answers","outages":12},)"
      R"({"id":"cam","kind":"camera","online":false,"since":"t","fault":"refused_login","detail":"it refuses","outages":1}]})");
  CHECK(about(findings, "controller gate1") ==
        std::pair{Grade::wrong, std::string("12 outages within a minute; now: answers")});
  CHECK(about(findings, "camera cam") == std::pair{Grade::wrong, std::string("offline: it refuses")});
  for (const Finding& finding : findings.list())
    if (finding.subject == "camera cam") CHECK_THAT(finding.what_to_do, Catch::Contains("user name and password"));
  const Findings untrusted = examined_beside(
      R"({"version":"1.2.3","granting":true,"why_not":[],"devices":[)"
      R"({"id":"cam","kind":"camera","online":false,"since":"t","fault":"untrusted","detail":"another certificate","outages":1}]})");
  for (const Finding& finding : untrusted.list())
    if (finding.subject == "camera cam") CHECK_THAT(finding.what_to_do, Catch::Contains("tls_fingerprint"));
}

TEST_CASE("why a door does not open is said by portal, each with the next thing to do") {
  const auto settings = load_settings(shipped + "/demo.toml", shipped + "/controllers").settings;
  REQUIRE(settings);
  const auto look = [&](const std::string& portal, const std::string& detail) {
    Findings findings;
    examine_portals(findings, *settings,
                    boost::json::parse(R"({"devices":[{"id":"door1","kind":"controller","online":false,"detail":")" +
                                       detail + R"("}],"portals":[{"id":"inner-door",)" + portal + "}]}"));
    return findings.list();
  };
  struct Row {
    std::string portal, detail, text, advice;
  };
  const std::string well = R"("online":true,"mode":"locked","contact":"off","alarms":[])";
  const std::string off = R"("online":false,"mode":"locked","contact":"unknown","alarms":[])";
  const std::vector<Row> rows{
      {well, "", "it can be opened", ""},
      {off, "no answer within 300 ms", "controller door1 is offline", "its unit and speed; gapura devices probe"},
      {off, "no answer within 300 ms, on new connections neither", "offline", "settle_ms = 500 in its [[bus]]"},
      {off, "the answer carries transaction 0 instead of the question's 7: this", "offline", "kind = \"modbus-rtu-tcp\""},
      {off, "the device closes the connection after each answer; one_answer = true in", "offline",
       "write one_answer = true"},
      {off, "exception 6 (busy): it cannot keep up; a larger poll_ms", "offline", "poll_ms = 200"},
      {off, "127.0.0.1:1502 refused the connection; is", "offline", "set the board to the protocol of the bus"},
      {off, "quarantined: register 32768 reads 201, and 200 before", "offline", "look which board is there"},
      {off, "not armed: the watchdog is off (holding", "offline", "switch the board's host watchdog on (docs/wiring.md)"},
      {off, "not armed: a channel is not in normal mode", "offline", "correct the board's settings as it says"},
      {off, "/dev/ttyUSB0 is not there; is the adapter plugged in?", "offline", "plug the serial adapter in"},
      {off, "the answer is damaged (its check sum is wrong)", "offline", "at A and B"},
      {R"("online":true,"mode":"blocked","contact":"off","alarms":[])", "", "blocked by a person",
       "set its mode to locked"},
      {R"("online":true,"mode":"locked_down","contact":"off","alarms":[])", "", "a lockdown covers it", "end the lockdown"},
      {R"("online":true,"mode":"locked","contact":"unknown","alarms":[])", "", "its contact's board does not answer",
       "door1"},
      {R"("online":true,"mode":"locked","contact":"on","alarms":["held_open"])", "", "held open", "its closer"},
      {R"("online":true,"mode":"locked","contact":"off","alarms":["released_by_unknown"])", "", "nobody ordered it",
       "who else"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.portal, row.detail);
    const auto found = look(row.portal, row.detail);
    REQUIRE(found.size() == 1);
    CHECK(found[0].subject == "portal inner-door");
    CHECK_THAT(found[0].text, Catch::Contains(row.text));
    CHECK_THAT(found[0].what_to_do, Catch::Contains(row.advice));
    CHECK(found[0].what_to_do.empty() == row.advice.empty());
  }
}

TEST_CASE("doctor prints one line a finding, ends with 1 when something is wrong, and says the same as JSON") {
  const TemporaryFolder folder;
  std::ostringstream out, err, data;
  CHECK(run_doctor({out, err}, folder.path() + "/none.toml", folder.path() + "/none") == failed);
  CHECK(out.str().find("SALAH      configuration: ") != std::string::npos);
  CHECK(out.str().find(" -> gapura init " + folder.path() + "/none --site ID\n") != std::string::npos);
  CHECK(run_doctor({data, err, true}, folder.path() + "/none.toml", folder.path() + "/none") == failed);
  const std::string line = data.str();
  CHECK(line.find('\n') == line.size() - 1);
  const boost::json::value answer = boost::json::parse(line);
  CHECK_FALSE(answer.at("healthy").as_bool());
  const std::string text = out.str();
  CHECK(answer.at("findings").as_array().size() == static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')));
}

TEST_CASE("doctor says that the gateway found a fault in itself, and when it is not started any more") {
  const TemporaryFolder folder;
  Findings none;
  examine_faults(none, folder.path());
  CHECK(about(none, "faults").first == Grade::ok);
  const std::string program = std::string("gapura ") + version;
  const std::string line = "2026-01-31T08:00:00Z " + program + " models/access/portal.cpp:82: a sentence\n";
  for (int times = 1; times <= most_broken; ++times) {
    std::ofstream(broken_marker_path(folder.path()), std::ios::app) << line;
    Findings findings;
    examine_faults(findings, folder.path());
    const auto [grade, text] = about(findings, "faults");
    CHECK(grade == Grade::wrong);
    CHECK_THAT(text, Catch::Contains("models/access/portal.cpp:82: a sentence"));
    CHECK((text.find("not started any more") != std::string::npos) == (times == most_broken));
  }
}
