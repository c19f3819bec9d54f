// SPDX-License-Identifier: Apache-2.0
// gapura retention, subject, breach: what they ask the daemon, and what they say.
#include <catch2/catch.hpp>
#include <fstream>

#include "shell.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

struct Desk : Shell {
  std::string password = folder / "kata-sandi";
  Desk() { std::ofstream(password) << "contoh-kata-sandi\n"; }
  boost::json::object last() { return last_body().as_object(); }
};

}  // namespace

TEST_CASE("retention due shows each class, what waits for agreement and which backups still hold data") {
  Desk desk;
  desk.daemon.answer("GET /api/v1/retention",
                     {200, R"({"classes":[{"class":"clip","jra":"HM.02","days":7,"action":"destroy","due":3,"held":1,
      "oldest":"2026-01-31T08:15:02.123+07:00","next":{"days":3,"action":"destroy","agreed_by":"wayan"}}],"open_visits":2,
      "anonymised":9,"backups":[{"name":"a.gapura","made":"2026-01-01T00:00:00.000+07:00","entries":4}],"run":null})"});
  const Run shown = desk.run({"retention", "due"});
  CHECK(shown.code == 0);
  for (const char* part : {"clip", "HM.02", "31.01.2026", "3 hari (1/2)", "Cadangan a.gapura"}) CHECK(has(shown.out, part));
}

TEST_CASE("who decides is named, and the password never stands on the command line") {
  Desk desk;
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
  Desk desk;
  desk.daemon.answer("POST /api/v1/holds", {201, R"({"id":"h-1"})"});
  CHECK(has(desk.run({"retention", "hold", "v-12", "--reason", "perkara"}).out, "h-1"));
  CHECK(desk.last().at("visit").as_string() == "v-12");
  desk.run({"retention", "hold", "g-12", "--reason", "perkara"});
  CHECK(desk.last().at("guest").as_string() == "g-12");
  desk.daemon.answer("POST /api/v1/holds/h-1/release", {200, "{}"});
  CHECK(desk.run({"retention", "release", "h-1", "--reason", "selesai"}).code == 2);  // by nobody in particular
  CHECK(desk.run({"retention", "release", "h-1", "--reason", "selesai", "--officer", "wayan", "--password-file",
                  desk.password})
            .code == 0);
}

TEST_CASE("the desk finds, opens and lists; the breach list is CSV that no spreadsheet runs") {
  Desk desk;
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
