// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/command_line.h"

#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "fake_daemon.h"
#include "gateway/contract/version.h"
#include "gateway/settings/certificate.h"
#include "gateway/settings/private_file.h"
#include "gateway/settings/setup_code.h"
#include "shell.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

const std::string demo = std::string(GAPURA_SOURCE_DIR) + "/config/demo.toml";

const char* const user_list =
    R"({"users":[{"id":"u1","name":"Wayan","role":"guard","disabled":false},{"id":"u/2","name":"Ketut","role":"admin","disabled":true}]})";

}  // namespace

TEST_CASE("bad usage ends with 2 and says on the error stream what is missing") {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{},
                                                                                     {"frobnicate"},
                                                                                     {"badge"},
                                                                                     {"badge", "revoke", "b1"},
                                                                                     {"user", "add", "x", "--role", "king"},
                                                                                     {"log", "tail", "-n", "0"},
                                                                                     {"check"}}) {
    const Run result = run(words);
    CHECK(result.code == 2);
    CHECK(result.out == "");
    CHECK(result.err != "");
  }
}

TEST_CASE("help and version end with 0, and the camera's worker is not advertised") {
  CHECK(run({"--version"}).out == std::string("gapura ") + version + "\n");
  const Run help = run({"--help"});
  CHECK(help.code == 0);
  CHECK(has(help.out, "doctor"));
  CHECK_FALSE(has(help.out, "camera-worker"));
}

TEST_CASE("check says 0 for the demo and 2 with every mistake for a broken file") {
  CHECK(run({"check", demo.c_str()}).code == 0);
  const TemporaryFolder folder;
  const std::string file = folder.path() + "/broken.toml";
  std::ofstream(file) << "[site]\nid = \"x\"\ntimezone = \"Mars/Olympus\"\n[htpp]\n";
  const Run text = run({"check", file.c_str()});
  CHECK(text.code == 2);
  CHECK(has(text.err, file + ":3:12: site.timezone: "));
  CHECK(has(text.err, file + ":4:2: htpp: unknown key; did you mean \"http\"?"));
  CHECK(has(text.err, "2 mistakes"));
  const Run data = run({"check", "--json", file.c_str()});
  CHECK(data.code == 2);
  const boost::json::value answer = boost::json::parse(data.out);
  CHECK_FALSE(answer.at("ok").as_bool());
  CHECK(answer.at("mistakes").at(1).at("line").as_int64() == 4);
  CHECK(run({"check", (folder.path() + "/none.toml").c_str()}).code == 2);
}

TEST_CASE("init makes a private site whose one-time code works and is stored nowhere") {
  const TemporaryFolder parent;
  const std::string folder = parent.path() + "/site";
  const Run made = run({"init", folder.c_str(), "--site", "demo", "--json"});
  REQUIRE(made.code == 0);
  const boost::json::value answer = boost::json::parse(made.out);
  const std::string code(answer.at("code").as_string());
  CHECK(setup_code_matches(folder, code));
  struct stat facts {};
  REQUIRE(stat(folder.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0700);
  CHECK(std::filesystem::exists(folder + "/gapura.db"));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) CHECK_FALSE(has(read_small_file(entry.path().string()).value_or(""), code));

  SECTION("a second init refuses, changes nothing and says what to do") {
    const std::string before = *read_small_file(folder + "/setup-code.sha256");
    const Run again = run({"init", folder.c_str(), "--site", "demo"});
    CHECK(again.code == 2);
    CHECK(has(again.err, "--new-code"));
    CHECK(*read_small_file(folder + "/setup-code.sha256") == before);
  }
  SECTION("--new-code gives another code and leaves keys and records alone") {
    const std::string certificate = *read_small_file(folder + "/tls/ca.pem");
    const Run renewed = run({"init", folder.c_str(), "--new-code", "--json"});
    CHECK(renewed.code == 0);
    const std::string other(boost::json::parse(renewed.out).at("code").as_string());
    CHECK(other != code);
    CHECK(setup_code_matches(folder, other));
    CHECK_FALSE(setup_code_matches(folder, code));
    CHECK(*read_small_file(folder + "/tls/ca.pem") == certificate);
  }
  SECTION("--new-certificates gives another CA and no code") {
    const std::string certificate = *read_small_file(folder + "/tls/ca.pem");
    const Run renewed = run({"init", folder.c_str(), "--new-certificates", "--name", "pos.example.org", "--json"});
    CHECK(renewed.code == 0);
    CHECK(boost::json::parse(renewed.out).as_object().count("code") == 0);
    CHECK(*read_small_file(folder + "/tls/ca.pem") != certificate);
    CHECK(setup_code_matches(folder, code));
  }
}

TEST_CASE("init asks for what it needs") {
  const TemporaryFolder folder;
  const std::string inside = folder.path() + "/a";
  CHECK(run({"init", inside.c_str()}).code == 2);
  CHECK(run({"init", inside.c_str(), "--site", "Not An Id"}).code == 2);
  CHECK(run({"init", inside.c_str(), "--new-code"}).code == 2);
  CHECK(run({"init", inside.c_str(), "--site", "x", "--name", "a,DNS:evil"}).code == 2);
  CHECK_FALSE(std::filesystem::exists(inside + "/site"));
  CHECK(run({"init", "/dev/null", "--site", "x"}).code == 2);
  CHECK(run({"init", inside.c_str(), "--site", "x"}).code == 0);  // after what the refused ones left
  std::ofstream(folder.path() + "/letter.txt") << "mine";
  const Run foreign = run({"init", folder.path().c_str(), "--site", "x"});
  CHECK(foreign.code == 2);
  CHECK(has(foreign.err, "holds other files"));
}

TEST_CASE("init takes the site's id and names from a configuration, which must have no mistake") {
  const TemporaryFolder folder;
  const std::string inside = folder.path() + "/a", file = folder.path() + "/site.toml";
  std::ofstream(file) << "[site]\nid = \"pos-7\"\ntimezone = \"Asia/Jakarta\"\n[http]\nnames = [\"pos.example.org\"]\n";
  CHECK(run({"init", inside.c_str(), "--config", file.c_str(), "--site", "other"}).code == 2);
  CHECK(run({"init", inside.c_str(), "--config", (file + "x").c_str()}).code == 2);
  REQUIRE(run({"init", inside.c_str(), "--config", file.c_str()}).code == 0);
  CHECK(*read_small_file(inside + "/site") == "pos-7\n");
  const auto names = read_certificate(inside + "/tls/cert.pem")->names;
  CHECK(std::count(names.begin(), names.end(), "pos.example.org") == 1);
}

TEST_CASE("serve refuses a broken configuration, an empty folder and another site's folder, each with 2") {
  const TemporaryFolder folder;
  const std::string file = folder.path() + "/broken.toml", other = folder.path() + "/other";
  std::ofstream(file) << "[site]\n";
  CHECK(run({"serve", "--config", file.c_str(), "--data", other.c_str()}).code == 2);
  const Run empty = run({"serve", "--config", demo.c_str(), "--data", other.c_str()});
  CHECK(empty.code == 2);
  CHECK(has(empty.err, "gapura init"));
  REQUIRE(run({"init", other.c_str(), "--site", "elsewhere"}).code == 0);
  const Run mixed = run({"serve", "--config", demo.c_str(), "--data", other.c_str()});
  CHECK(mixed.code == 2);
  CHECK(has(mixed.err, "\"elsewhere\""));
}

TEST_CASE("without a daemon every asking command ends with 4 and names the socket") {
  const TemporaryFolder folder;
  const char* data = folder.path().c_str();
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"status", "--data", data},
                                                                                     {"user", "list", "--data", data},
                                                                                     {"badge", "show", "b", "--data", data},
                                                                                     {"log", "tail", "--data", data}}) {
    const Run result = run(words);
    CHECK(result.code == 4);
    CHECK(has(result.err, folder.path() + "/gapura.sock"));
  }
  const Run data_run = run({"status", "--json", "--data", data});
  CHECK(boost::json::parse(data_run.err).at("error").as_string() == "unavailable");
  CHECK(run({"status", "--data", ("/tmp/" + std::string(120, 'x')).c_str()}).code == 2);
}

TEST_CASE("what the daemon refuses becomes an exit code and its own sentence") {
  const TemporaryFolder folder;
  FakeDaemon daemon(folder.path());
  const std::vector<std::tuple<int, std::string, int>> table = {
      {400, "bad_input", 2},       {404, "not_found", 1}, {403, "not_permitted", 3},
      {401, "unauthenticated", 3}, {409, "conflict", 1},  {503, "unavailable", 4},
      {429, "too_many", 4},        {500, "storage", 1},   {500, "bug", 1}};
  for (const auto& [status, kind, code] : table) {
    daemon.answer("GET /api/v1/status",
                  {status, R"({"type":"/problems/)" + kind + R"(","title":"t","detail":"because \u001b[2J"})"});
    const Run result = run({"status", "--data", folder.path().c_str()});
    INFO(kind);
    CHECK(result.code == code);
    CHECK(result.err == "gapura: because \\x1b[2J\n");
  }
  daemon.answer("GET /api/v1/status", {502, "<html>"});
  CHECK(run({"status", "--data", folder.path().c_str()}).code == 1);
  daemon.answer("GET /api/v1/status", {200, "{"});
  CHECK(run({"status", "--data", folder.path().c_str()}).code == 1);
}

TEST_CASE("status is a plain table, and the same answer as JSON") {
  const TemporaryFolder folder;
  FakeDaemon daemon(folder.path());
  const std::string answer =
      R"({"version":"1.2.3","site":{"id":"demo","name":"Pos"},"started":"2026-01-01T00:00:00+08:00","time":"t","clock":"ok","granting":false,)"
      R"("why_not":["the disk is full"],"journal":{"entries":12,"bytes":5242880},"disk":{"free_bytes":1073741824},)"
      R"("devices":[{"id":"cam","kind":"camera","online":false,"since":"s","detail":"no\u001b[31m frame","stats":{}}],)"
      R"("portals":[{"id":"gate","kind":"turnstile","mode":"locked","contact":"unknown","lock":{"commanded":false,"observed":"off"},"online":true,"alarms":["forced"]}]})";
  daemon.answer("GET /api/v1/status", {200, answer});
  const Run text = run({"status", "--data", folder.path().c_str()});
  CHECK(text.code == 0);
  for (const char* part :
       {"12 entries, 5.0 MiB", "1.0 GiB free", "granting  NO", "the disk is full", "cam     camera  OFFLINE  s",
        "no\\x1b[31m frame", "gate    turnstile  locked  unknown  off (told off)  online  forced"})
    CHECK(has(text.out, part));
  CHECK_FALSE(has(text.out, "\x1b"));
  const Run data = run({"status", "--json", "--data", folder.path().c_str()});
  CHECK(boost::json::parse(data.out) == boost::json::parse(answer));
}

TEST_CASE("accounts are named by people and sent by id") {
  const TemporaryFolder folder;
  FakeDaemon daemon(folder.path());
  daemon.answer("GET /api/v1/users", {200, user_list});
  daemon.answer("POST /api/v1/users", {201, R"({"user":{"id":"u3"},"password":"korek-api-3"})"});
  daemon.answer("POST /api/v1/users/u%2F2/disable", {200, R"({"user":{"id":"u/2"}})"});
  daemon.answer("POST /api/v1/users/u1/password", {200, R"({"password":"sapu-lidi-9"})"});
  const char* data = folder.path().c_str();
  const Run added = run({"user", "add", "Made", "--role", "aide", "--data", data});
  CHECK(added.code == 0);
  CHECK(has(added.out, "korek-api-3"));
  CHECK(daemon.requests().back().body == R"({"name":"Made","role":"aide"})");
  CHECK(has(daemon.requests().back().head, "X-Gapura: 1"));
  CHECK(has(run({"user", "list", "--data", data}).out, "Ketut  admin  disabled  u/2"));
  CHECK(run({"user", "disable", "ketut", "--data", data}).code == 0);
  CHECK(has(run({"user", "reset", "u1", "--data", data}).out, "sapu-lidi-9"));
  const Run unknown = run({"user", "reset", "Nyoman", "--data", data});
  CHECK(unknown.code == 1);
  CHECK(has(unknown.err, "no account \"Nyoman\""));
}

TEST_CASE("a badge is revoked with its reason") {
  const TemporaryFolder folder;
  FakeDaemon daemon(folder.path());
  daemon.answer("POST /api/v1/badges/b1/revoke", {200, R"({"badge":{"id":"b1"},"doors":[
                  {"point":"gate.in","refused":true,"door":"refuses","last_heard":"2026-01-31T17:00:00.000+08:00"},
                  {"point":"gate.out","refused":false,"door":"open","last_heard":"2026-01-31T17:00:00.000+08:00"},
                  {"point":"side.in","refused":false,"door":"offline","last_heard":null}]})"});
  daemon.answer("GET /api/v1/badges?state=out&limit=500",
                {200, R"({"badges":[{"id":"b1","state":"active","name":"Budi"}]})"});
  daemon.answer("GET /api/v1/badges/b1",
                {200, R"({"id":"b1","state":"revoked","events":[{"number":7,"type":"badge_revoked","data":{"a":1}}]})"});
  const char* data = folder.path().c_str();
  const Run revoked = run({"badge", "revoke", "b1", "--reason", "lost", "--data", data});
  CHECK(revoked.code == 0);
  CHECK(has(revoked.out, "Kartu b1 dicabut: ditolak di 1 dari 3 pembaca"));
  CHECK(has(revoked.out, "ditolak di gate.in"));
  CHECK(has(revoked.out, "gate.out: pintu sedang terbuka untuk semua orang"));
  CHECK(has(revoked.out, "side.in: tidak terhubung"));
  CHECK(daemon.requests().back().body == R"({"reason":"lost"})");
  CHECK(has(run({"badge", "list", "--data", data}).out, "b1     Dipakai  Budi"));
  CHECK(has(run({"badge", "show", "b1", "--data", data}).out, "badge_revoked"));
  CHECK(run({"badge", "list", "--all", "--data", data}).code == 1);
}

TEST_CASE("log tail shows the newest entries in order and follows from there") {
  const TemporaryFolder folder;
  FakeDaemon daemon(folder.path());
  daemon.answer("GET /api/v1/events?limit=1", {200, R"({"events":[],"last":41})"});
  daemon.answer(
      "GET /api/v1/events?after=39&limit=2",
      {200,
       R"({"events":[{"number":40,"type":"access_granted","data":{}},{"number":41,"type":"access_taken","data":{"why":"passage"}}]})"});
  daemon.answer("GET /api/v1/events/stream?after=41",
                {200,
                 "id: 42\nevent: entry\ndata: {\"number\":42,\"type\":\"access_denied\"}\n\n: still here\n\nid: 43\ndata: "
                 "{\"number\":43}\n\n",
                 "text/event-stream"});
  const Run tail = run({"log", "tail", "-n", "2", "--follow", "--json", "--data", folder.path().c_str()});
  CHECK(tail.code == 0);
  std::istringstream lines(tail.out);
  std::string line;
  std::vector<std::int64_t> numbers;
  while (std::getline(lines, line)) numbers.push_back(boost::json::parse(line).at("number").as_int64());
  CHECK(numbers == std::vector<std::int64_t>{40, 41, 42, 43});
  CHECK(has(run({"log", "tail", "-n", "2", "--data", folder.path().c_str()}).out, R"({"why":"passage"})"));
  daemon.answer("GET /api/v1/events?limit=1", {200, R"({"events":[],"last":0})"});
  daemon.answer("GET /api/v1/events?limit=20", {200, R"({"events":[{"number":0,"type":"site_opened"}]})"});
  CHECK(has(run({"log", "tail", "--data", folder.path().c_str()}).out, "site_opened"));
}

TEST_CASE("qr read prints one line of JSON for each file and goes on after a missing one") {
  const Run result = run({"qr", "read", "nowhere.png", "nowhere2.png"});
  CHECK(result.code == 2);
  std::istringstream lines(result.out);
  std::string line;
  int count = 0;
  while (std::getline(lines, line)) {
    CHECK(boost::json::parse(line).as_object().count("error") == 1);
    ++count;
  }
  CHECK(count == 2);
}

namespace {

boost::json::object only_line(const Run& result) {
  std::istringstream lines(result.out);
  std::string line, second;
  std::getline(lines, line);
  CHECK_FALSE(std::getline(lines, second));
  return boost::json::parse(line).as_object();
}

// An uncompressed grey picture: equal finder patterns of `module` pixels a module, as close together as allowed.
std::string finder_sheet(int width, int height, int module) {
  std::string pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), '\xff');
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const int ring = std::max(std::abs(x / module % 9 - 3), std::abs(y / module % 9 - 3));
      if (ring == 3 || ring < 2)
        pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] = 0;
    }
  return "P5\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n" + pixels;
}

}  // namespace

TEST_CASE("qr read answers for pictures made to exhaust it: huge dimensions, cut files, sheets of finder patterns") {
  const tests::TemporaryFolder folder;
  const auto file = [&](const std::string& name, const std::string& bytes) {
    std::ofstream(folder / name, std::ios::binary) << bytes;
    return folder / name;
  };
  using std::string;
  const string bmp = "BM" + string(8, '\0') + string("\x36\0\0\0\x28\0\0\0", 8) + string("\0\0\1\0\0\x80\0\0", 8) +
                     string("\1\0\x18\0", 4) + string(24, '\0');
  const string jpeg = string("\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00", 15);
  const string png = string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\0\0\0\0", 29);
  for (const auto& [name, bytes] :
       std::vector<std::pair<string, string>>{{"claims.bmp", bmp},
                                              {"claims.pgm", "P5\n65536 32768\n255\n"},
                                              {"claims_more.pgm", "P5\n2147483647 2147483647\n255\n"},
                                              {"claims.jpg", jpeg},
                                              {"claims.png", png},
                                              {"cut.pgm", finder_sheet(640, 480, 4).substr(0, 40)},
                                              {"cut.jpg", jpeg.substr(0, 6)},
                                              {"cut.png", png.substr(0, 20)}}) {
    INFO(name);
    const Run result = run({"qr", "read", file(name, bytes)});
    CHECK(result.code != 0);
    const auto line = only_line(result);
    CHECK(line.at("file").as_string().ends_with(name));
    CHECK(line.count("error") == 1);
  }
  const Run sheet = run({"qr", "read", file("sheet.pgm", finder_sheet(1920, 1080, 4))});
  CHECK(sheet.code == 0);
  const auto line = only_line(sheet);
  CHECK(line.at("texts").as_array().empty());
  CHECK(line.at("skipped").as_string() == "finder_patterns");
  CHECK(line.at("ms").to_number<double>() < 10'000);
}
