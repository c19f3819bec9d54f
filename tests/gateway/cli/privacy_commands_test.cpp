// SPDX-License-Identifier: Apache-2.0
// gapura retention, subject, breach: what they ask the daemon, and what they say.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "shell.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

struct PrivacyShell : Shell {
  std::string password = folder / "kata-sandi";
  PrivacyShell() { std::ofstream(password) << "contoh-kata-sandi\n"; }
  boost::json::object last() { return last_body().as_object(); }
};

}  // namespace

TEST_CASE("retention due shows each class, what waits for agreement and which backups still hold data") {
  PrivacyShell desk;
  desk.daemon.answer("GET /api/v1/retention",
                     {200, R"({"classes":[{"class":"clip","jra":"HM.02","days":7,"action":"destroy","due":3,"held":1,
      "oldest":"2026-01-31T08:15:02.123+07:00","next":{"days":3,"action":"destroy","agreed_by":"wayan"}}],"open_visits":2,
      "anonymised":9,"backups":[{"name":"a.gapura","made":"2026-01-01T00:00:00.000+07:00","entries":4}],"run":null})"});
  const Run shown = desk.run({"retention", "due"});
  CHECK(shown.code == 0);
  for (const char* part : {"clip", "HM.02", "31.01.2026", "3 hari (1/2)", "Cadangan a.gapura"}) CHECK(has(shown.out, part));
}

TEST_CASE("who decides is named, and the password never stands on the command line") {
  PrivacyShell desk;
  desk.daemon.answer("POST /api/v1/retention/runs", {202, R"({"id":"r-1"})"});
  CHECK(desk.run({"retention", "approve"}).code == 2);
  CHECK(desk.run({"retention", "approve", "--officer", "wayan", "--password-file", desk.folder / "tak-ada"}).code == 2);
  const Run approved =
      desk.run({"retention", "approve", "clip", "nik", "--officer", "wayan", "--password-file", desk.password});
  CHECK(approved.code == 0);
  CHECK(desk.last().at("officer").as_string() == "wayan");
  CHECK(desk.last().at("password").as_string() == "contoh-kata-sandi");
  CHECK(desk.last().at("classes").as_array().size() == 2);
  CHECK_FALSE(has(approved.out, "contoh-kata-sandi"));
  desk.daemon.answer("POST /api/v1/retention/rules/visit/agree", {200, "{}"});
  CHECK(desk.run({"retention", "agree", "visit", "--officer", "wayan", "--password-file", desk.password}).code == 0);
  desk.daemon.answer("POST /api/v1/cases/c-1/close", {200, "{}"});
  CHECK(desk.run({"subject", "answer", "c-1", "--refuse", "--reason", "perkara", "--officer", "wayan", "--password-file",
                  desk.password})
            .code == 0);
  CHECK(desk.last().at("outcome").as_string() == "refused");
}

TEST_CASE("holds are of a visit or a person, by the id's first letter") {
  PrivacyShell desk;
  desk.daemon.answer("POST /api/v1/holds", {201, R"({"id":"h-1"})"});
  CHECK(has(desk.run({"retention", "hold", "v-12", "--reason", "perkara"}).out, "h-1"));
  CHECK(desk.last().at("visit").as_string() == "v-12");
  desk.run({"retention", "hold", "g-12", "--reason", "perkara"});
  CHECK(desk.last().at("guest").as_string() == "g-12");
  desk.daemon.answer("POST /api/v1/holds/h-1/release", {200, "{}"});
  CHECK(desk.run({"retention", "release", "h-1", "--reason", "selesai"}).code == 2);  // without a person
  CHECK(desk.run({"retention", "release", "h-1", "--reason", "selesai", "--officer", "wayan", "--password-file",
                  desk.password})
            .code == 0);
}

TEST_CASE("the standing holds are listed with whom they keep, since when, by whom and for which case") {
  PrivacyShell desk;
  desk.daemon.answer("GET /api/v1/holds", {200, R"({"holds":[{"id":"h-1","guest":"g-12","visit":null,"made_by":"wayan",
      "made":"2026-01-31T08:15:02.123+07:00","reason":"perkara \u001b[2J contoh"},{"id":"h-2","guest":null,"visit":"v-9",
      "made_by":"ketut","made":"2026-02-01T08:15:02.123+07:00","reason":"lain"}]})"});
  const Run listed = desk.run({"retention", "holds"});
  CHECK(listed.code == 0);
  for (const char* part : {"h-1", "g-12", "31.01.2026 08:15", "wayan", "perkara", "h-2", "v-9", "ketut"})
    CHECK(has(listed.out, part));
  CHECK_FALSE(has(listed.out, "\x1b"));  // nothing from outside moves the cursor
  CHECK(boost::json::parse(desk.run({"retention", "holds", "--json"}).out).at("holds").as_array().size() == 2);
}

TEST_CASE("a case's copy is written byte for byte, for its owner alone, and a refusal writes nothing") {
  PrivacyShell desk;
  const std::string pdf = std::string("%PDF-1.7\n\0\xff", 11) + "akhir", data = R"({"person":{"name":"Tamu Contoh"}})";
  desk.daemon.answer("GET /api/v1/cases/c-1/export.json", {200, data});
  desk.daemon.answer("GET /api/v1/cases/c-1/export.pdf", {200, pdf, "application/pdf"});
  const Run both = desk.run({"subject", "export", "c-1", "--out", desk.folder.path()});
  CHECK(both.code == 0);
  CHECK(has(both.out, "tercatat"));
  const auto bytes = [&](const std::string& name) {
    std::ifstream file(desk.folder / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  CHECK(bytes("data-c-1.json") == data);
  CHECK(bytes("data-c-1.pdf") == pdf);
  const auto mode = std::filesystem::status(desk.folder / "data-c-1.pdf").permissions();
  CHECK(mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));

  const auto asked = desk.daemon.requests().size();
  const Run one = desk.run({"subject", "export", "c-1", "--format", "pdf", "--out", desk.folder.path(), "--json"});
  CHECK(boost::json::parse(one.out).at("files").as_array().size() == 1);
  CHECK(desk.daemon.requests().size() == asked + 1);  // what was not asked for is not entered as read
  CHECK(desk.run({"subject", "export", "c-1", "--format", "xml"}).code == 2);
  CHECK(desk.run({"subject", "export", "c-9", "--out", desk.folder.path()}).code != 0);
  CHECK_FALSE(std::filesystem::exists(desk.folder / "data-c-9.json"));
  CHECK(desk.run({"subject", "export", "c-1", "--out", desk.folder / "tak-ada"}).code == 1);
}

TEST_CASE("the desk finds, opens and lists; the breach list is CSV that no spreadsheet runs") {
  PrivacyShell desk;
  desk.daemon.answer("POST /api/v1/subjects/find",
                     {200, R"({"people":[{"guest":"g-1","name":"T*** C*****","phone":"***123","visits":2,"last":null,
      "restricted":false,"erased":null,"held":true}]})"});
  CHECK(has(desk.run({"subject", "find", "--phone", "0812000123"}).out, "ditahan"));
  CHECK(desk.last().at("phone").as_string() == "0812000123");
  desk.daemon.answer("POST /api/v1/cases", {201, R"({"id":"c-1","due":"2026-01-31T08:15:02.123+07:00"})"});
  CHECK(has(desk.run({"subject", "open", "g-1", "--kind", "erase", "--requester", "Tamu Contoh", "--purpose", "uji"}).out,
            "c-1"));
  desk.daemon.answer("GET /api/v1/cases", {200, R"({"cases":[{"id":"c-1","kind":"erase","state":"open","guest":"g-1",
      "due":"2026-01-31T08:15:02.123+07:00","minutes_left":120}]})"});
  CHECK(has(desk.run({"subject", "cases"}).out, "c-1"));
  desk.daemon.answer(
      "POST /api/v1/breach",
      {200, R"x({"people":[{"guest":"g-1","name":"=HYPERLINK(\"x\")","phone":"0812","how":"touched","visits":1,
      "first":"2026-01-31T08:15:02.123+07:00","last":"2026-01-31T08:15:02.123+07:00","fields":["name","phone"]}],"entries":3})x"});
  const Run breach = desk.run({"breach", "--account", "sari", "--from", "2026-01-31T00:00:00+07:00"});
  CHECK(breach.code == 0);
  CHECK(has(breach.out, "guest,name,phone,how"));
  CHECK(has(breach.out, R"x(g-1,"'=HYPERLINK(""x"")",0812,touched,1,)x"));
  CHECK(desk.last().at("account").as_string() == "sari");
  CHECK_FALSE(desk.last().contains("device"));
}
