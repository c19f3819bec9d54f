// SPDX-License-Identifier: Apache-2.0
// gapura visit, badge, guest: what they ask the daemon, and what they say.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <tuple>

#include "gateway/contract/command.h"
#include "gateway/locale/words.h"
#include "models/visit/visit.h"
#include "shell.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

struct GuardShell : Shell {
  std::string file(const std::string& text) const {
    std::ofstream(folder.path() + "/tamu.csv", std::ios::binary) << text;
    return folder.path() + "/tamu.csv";
  }
};

}  // namespace

TEST_CASE("visit add registers a guest with what was given and says what the post says") {
  GuardShell shell;
  shell.daemon.answer("POST /api/v1/visits",
                      {201, R"({"id":"v1","name":"Tamu Contoh 01","state":"registered","hours":{"rule":"visiting_hours",)"
                            R"("next_open":"2026-02-02T08:00:00.000+07:00"}})"});
  const Run added =
      shell.run({"visit", "add", "Tamu Contoh 01", "--whom", "Sekretaris", "--purpose", "rapat", "--party", "3"});
  CHECK(added.code == 0);
  CHECK(has(added.out, "v1 terdaftar: Tamu Contoh 01 (Terdaftar)"));
  CHECK(has(added.out, "Di luar jam bertamu: visiting_hours. Buka lagi: 02.02.2026 08:00"));
  CHECK(shell.last_body() ==
        boost::json::parse(
            R"({"name":"Tamu Contoh 01","whom":"Sekretaris","category":"general","purpose":"rapat","party":3})"));
  const Run data = shell.run({"visit", "add", "x", "--whom", "y", "--quick", "--json"});
  CHECK(boost::json::parse(data.out).at("id").as_string() == "v1");
  CHECK(shell.last_body().at("quick").as_bool());
  CHECK(shell.run({"visit", "add", "x"}).code == 2);
  CHECK(shell.run({"visit", "add", "x", "--whom", "y", "--party", "0"}).code == 2);
}

TEST_CASE("visits are listed and shown in Bahasa Indonesia, and a name cannot recolour the screen") {
  GuardShell shell;
  shell.daemon.answer("GET /api/v1/visits?state=open&limit=500",
                      {200,
                       "{\"visits\":[{\"id\":\"v1\",\"name\":\"Tamu\\u001b[31m\",\"party\":2,\"state\":\"in_meeting\","
                       "\"approval\":\"accepted_later\",\"screening\":\"cleared_by_check\","
                       "\"arrived\":\"2026-02-01T08:15:02.123+07:00\",\"whom\":\"Sekretaris\"}]}"});
  const Run list = shell.run({"visit", "list"});
  CHECK(list.code == 0);
  CHECK(has(list.out, "Sedang bertamu  Diterima, tunggu  Bersih setelah diperiksa  01.02.2026 08:15  Sekretaris"));
  CHECK_FALSE(has(list.out, "\x1b"));
  shell.daemon.answer(
      "GET /api/v1/visits/v1",
      {200,
       R"({"id":"v1","name":"Tamu Contoh 01","state":"waiting","where":{"waiting_room":2},"next":{"activity":"Menyerahkan kartu"},)"
       R"("events":[{"number":7,"time":"2026-02-01T08:15:02.123+07:00","type":"visit_registered","actor":"sari"}]})"});
  const Run shown = shell.run({"visit", "show", "v1"});
  CHECK(has(shown.out, "Keadaan          Menunggu"));
  CHECK(has(shown.out, "Per tempat       waiting_room 2"));
  CHECK(has(shown.out, "Langkah berikut  Menyerahkan kartu"));
  CHECK(has(shown.out, "visit_registered"));
  CHECK(shell.run({"visit", "show", "none"}).code == 1);
  CHECK(boost::json::parse(shell.run({"visit", "list", "--json"}).out).at("visits").as_array().size() == 1);
}

TEST_CASE("visit list and badge list give every page, and each row once") {
  GuardShell shell;
  const auto page = [](const char* list, const std::string& prefix, int from, int until, const std::string& more) {
    std::string rows;
    for (int n = from; n < until; ++n)
      rows +=
          fmt::format(R"({}{{"id":"{}{}","name":"Tamu Contoh {}","state":"waiting"}})", n > from ? "," : "", prefix, n, n);
    return FakeDaemon::Answer{200, fmt::format(R"({{"{}":[{}],"total":1100,"more":{}}})", list, rows, more)};
  };
  for (const auto& [list, path, prefix] :
       {std::tuple("visits", "/visits?state=open", "v"), {"badges", "/badges?state=out", "b"}}) {
    const std::string first = fmt::format("GET /api/v1{}&limit=500", path);
    shell.daemon.answer(first, page(list, prefix, 0, 500, "\"0.1.v499\""));
    // The guest of row 499 moved to the end of the list while it was read.
    shell.daemon.answer(first + "&after=0.1.v499", page(list, prefix, 499, 1000, "\"0.2.v999\""));
    shell.daemon.answer(first + "&after=0.2.v999", page(list, prefix, 1000, 1100, "null"));
  }
  for (const char* what : {"visit", "badge"}) {
    const Run all = shell.run({what, "list"});
    CHECK(all.code == 0);
    CHECK(std::count(all.out.begin(), all.out.end(), '\n') == 1101);
    CHECK(has(all.out, "Tamu Contoh 1099"));
  }
  const auto data = boost::json::parse(shell.run({"visit", "list", "--json"}).out);
  CHECK(data.at("visits").as_array().size() == 1100);
  CHECK(data.at("total").as_int64() == 1100);
}

TEST_CASE("visit close and move send state and reason, and say why the daemon refused") {
  GuardShell shell;
  shell.daemon.answer("POST /api/v1/visits/v1/close", {200, R"({"id":"v1","name":"A","state":"departed"})"});
  shell.daemon.answer("POST /api/v1/visits/v1/move",
                      {409, R"({"type":"/problems/conflict","detail":"a visit that is away cannot become arrived"})"});
  CHECK(has(shell.run({"visit", "close", "v1", "--outcome", "departed", "--reason", "x"}).out,
            "v1 ditutup: A (Sudah keluar)"));
  CHECK(shell.last_body() == boost::json::parse(R"({"outcome":"departed","reason":"x"})"));
  const Run moved = shell.run({"visit", "move", "v1", "arrived"});
  CHECK(moved.code == 1);
  CHECK(has(moved.err, "a visit that is away cannot become arrived"));
  CHECK(shell.run({"visit", "close", "v1", "--outcome", "vanished"}).code == 2);
}

TEST_CASE("badges are issued, taken back and changed, and the token is said once") {
  GuardShell shell;
  shell.daemon.answer(
      "POST /api/v1/visits/v1/badge",
      {201,
       R"({"badge":{"id":"b1","name":"Tamu Contoh 01","valid_until":"2026-02-01T17:00:00.000+07:00"},"token":"G1:ABC"})"});
  shell.daemon.answer("POST /api/v1/badges/b1/return", {200, R"({"id":"b1"})"});
  shell.daemon.answer("POST /api/v1/badges/b1/change", {200, R"({"id":"b1"})"});
  const Run issued = shell.run({"badge", "issue", "v1", "--another"});
  CHECK(has(issued.out,
            "Kartu b1 untuk Tamu Contoh 01, berlaku sampai 01.02.2026 17:00. Isi kode, hanya sekali ini: G1:ABC"));
  CHECK(shell.last_body() == boost::json::parse(R"({"another":true})"));
  CHECK(has(shell.run({"badge", "return", "b1"}).out, "Kartu b1 sudah kembali"));
  CHECK(has(shell.run({"badge", "change", "b1", "lost", "--reason", "jatuh"}).out, "Kartu b1: Hilang"));
  CHECK(shell.last_body() == boost::json::parse(R"({"to":"lost","reason":"jatuh"})"));
  CHECK(shell.run({"badge", "change", "b1", "lost"}).code == 2);
  CHECK(shell.run({"badge", "change", "b1", "eaten", "--reason", "x"}).code == 2);
}

TEST_CASE("every state of a visit and a badge has its word") {
  const Words say;
  const auto all_known = [&](const char* beginning, const auto& words) {
    for (const char* word : words) {
      INFO(beginning << word);
      CHECK(say.coded(beginning, word) != word);
    }
  };
  all_known("state.", words<VisitState>);
  all_known("approval.", words<Approval>);
  all_known("screening.", words<Screening>);
  all_known("presence.", words<Presence>);
  all_known("badge.", words<BadgeState>);
  all_known("kind.badge_", words<BadgeKind>);
  all_known("category.", words<GuestCategory>);
  CHECK(say.coded("state.", "of_a_newer_version") == "of_a_newer_version");
}

TEST_CASE("guest import hands the file over as it is, and says what then exists") {
  GuardShell shell;
  shell.daemon.answer("POST /api/v1/visits/import",
                      {200, R"({"stored":true,"dry_run":false,"planned":2,"merged":1,"bad":[]})"});
  const std::string list = "\xef\xbb\xbfnama;telepon\r\nRen\xe9;+62 811\r\n";
  const Run imported = shell.run({"guest", "import", shell.file(list)});
  INFO(imported.err);
  CHECK(imported.code == 0);
  CHECK(imported.out == "2 kunjungan dijadwalkan\n1 baris digabung dengan kunjungan yang sudah ada\n");
  CHECK(shell.daemon.requests().back().body == list);
  CHECK(has(shell.daemon.requests().back().head, "Content-Type: text/csv"));
  CHECK(shell.daemon.requests().size() == 1);
  CHECK(shell.run({"guest", "import", shell.folder.path() + "/none.csv"}).code == 2);
}

TEST_CASE("guest import --dry-run asks for the same check, and a list with mistakes is reported line by line") {
  GuardShell shell;
  shell.daemon.answer("POST /api/v1/visits/import?dry_run=1",
                      {200, R"({"stored":false,"dry_run":true,"planned":3,"merged":0,"bad":[]})"});
  const std::string file = shell.file("nama\n");
  const Run dry = shell.run({"guest", "import", file, "--dry-run"});
  CHECK(dry.code == 0);
  CHECK(dry.out == "3 kunjungan dapat dijadwalkan (belum disimpan)\n");
  shell.daemon.answer(
      "POST /api/v1/visits/import",
      {200,
       R"({"stored":false,"dry_run":false,"planned":0,"merged":0,"bad":[)"
       R"({"line":3,"column":"phone","what":"exponent","why":"no number","why_id":"bukan nomor","person":null},)"
       R"({"line":4,"column":null,"what":"cell_count","why":"cells","why_id":"jumlah sel\u001b[31m","person":null}]})"});
  const Run refused = shell.run({"guest", "import", file});
  CHECK(refused.code == 2);
  CHECK(refused.out.empty());
  CHECK(has(refused.err, "baris 3: kolom phone: bukan nomor\nbaris 4: jumlah sel"));
  CHECK(has(refused.err, "2 kesalahan; tidak ada yang disimpan"));
  CHECK_FALSE(has(refused.err, "\x1b"));
  const auto data = boost::json::parse(shell.run({"guest", "import", file, "--json"}).out);
  CHECK(data.at("bad").as_array().at(1).at("line").as_int64() == 4);
}

TEST_CASE("visit add names those who could be meant, and says who it is") {
  GuardShell shell;
  shell.daemon.answer("POST /api/v1/visits",
                      {409, R"({"type":"/problems/same_person","detail":"say who it is","candidates":[)"
                            R"({"person":"g-1","name":"Achmad Contoh"},{"person":"g-2","name":"Anak Contoh"}]})"});
  const Run asked = shell.run({"visit", "add", "Ahmad Contoh", "--whom", "Sekretaris", "--person", "new"});
  CHECK(asked.code == 1);
  CHECK(has(asked.err, "say who it is: Achmad Contoh (g-1), Anak Contoh (g-2)"));
  CHECK(shell.last_body().at("person").as_string() == "new");
}

TEST_CASE("duty show and appoint say who is on duty, as JSON too") {
  GuardShell shell;
  shell.daemon.answer("GET /api/v1/duty", {200, R"({"first":{"id":"u1","name":"budi"},"second":null})"});
  shell.daemon.answer("POST /api/v1/duty/take",
                      {200, R"({"first":{"id":"u1","name":"budi"},"second":{"id":"u2","name":"citra"}})"});
  CHECK(shell.run({"duty", "show"}).out == "Bertugas: budi. Ajudan kedua: -.\n");
  CHECK(shell.run({"duty", "appoint", "citra", "--second"}).out == "Bertugas: budi. Ajudan kedua: citra.\n");
  CHECK(shell.last_body() == boost::json::parse(R"({"user":"citra","second":true})"));
  CHECK(has(shell.run({"duty", "show", "--json"}).out, "\"second\":null"));
  CHECK(shell.run({"duty", "appoint"}).code == 2);
}
