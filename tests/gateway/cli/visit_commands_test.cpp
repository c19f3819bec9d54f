// SPDX-License-Identifier: Apache-2.0
// gapura visit, badge, guest: what they ask the daemon, and what they say.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <tuple>

#include "gateway/cli/guest_file.h"
#include "gateway/cli/indonesian.h"
#include "models/visit.h"
#include "shell.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

struct Desk : Shell {
  std::string file(const std::string& text) const {
    std::ofstream(folder.path() + "/tamu.csv", std::ios::binary) << text;
    return folder.path() + "/tamu.csv";
  }
};

const std::string header = "name,phone,institution,purpose,whom,category,from,until\n";
const std::string good_line = "Tamu Contoh 01,0811,Dinas Contoh,rapat,Sekretaris,umum,2026-02-01 08:00,2026-02-01 10:00\n";

std::vector<std::string> mistakes(const std::string& text) {
  std::vector<std::string> all;
  for (const BadLine& bad : read_guest_file(text, "+07:00").bad) all.push_back(std::to_string(bad.line) + ": " + bad.why);
  return all;
}

}  // namespace

TEST_CASE("visit add registers a guest with what was given and says what the post says") {
  Desk shell;
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
  Desk shell;
  shell.daemon.answer("GET /api/v1/visits?state=open&limit=500",
                      {200,
                       "{\"visits\":[{\"id\":\"v1\",\"name\":\"Tamu\\u001b[31m\",\"party\":2,\"state\":\"in_meeting\","
                       "\"approval\":\"accepted_later\",\"screening\":\"cleared_by_check\","
                       "\"arrived\":\"2026-02-01T08:15:02.123+07:00\",\"whom\":\"Sekretaris\"}]}"});
  const Run list = shell.run({"visit", "list"});
  CHECK(list.code == 0);
  CHECK(has(list.out, "Sedang bertamu  Diterima nanti  Bersih setelah diperiksa  01.02.2026 08:15  Sekretaris"));
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
  Desk shell;
  const auto page = [](const char* list, const std::string& prefix, int from, int until, const std::string& more) {
    std::string rows;
    for (int n = from; n < until; ++n)
      rows += fmt::format(R"({}{{"id":"{}{}","name":"Tamu Contoh {}","state":"waiting"}})", n > from ? "," : "", prefix, n, n);
    return FakeDaemon::Answer{200, fmt::format(R"({{"{}":[{}],"total":1100,"more":{}}})", list, rows, more)};
  };
  for (const auto& [list, path, prefix] : {std::tuple("visits", "/visits?state=open", "v"), {"badges", "/badges?state=out", "b"}}) {
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
  Desk shell;
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
  Desk shell;
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
  const auto all_known = [](const auto& words) {
    for (const char* word : words) {
      INFO(word);
      CHECK(in_indonesian(word) != word);
    }
  };
  all_known(words<VisitState>);
  all_known(words<Approval>);
  all_known(words<Screening>);
  all_known(words<Presence>);
  all_known(words<BadgeState>);
  CHECK(in_indonesian("of_a_newer_version") == "of_a_newer_version");
}

TEST_CASE("guest import plans every line at the site's time, whatever spreadsheet saved it") {
  Desk shell;
  shell.daemon.answer("GET /api/v1/status", {200, R"({"time":"2026-01-31T12:00:00.000+08:00"})"});
  shell.daemon.answer("POST /api/v1/visits/plan", {201, R"({"id":"v1"})"});
  const std::string semicolons =
      "\xef\xbb\xbfName;Phone;Institution;Purpose;Whom;Category;From;Until\r\n"
      "\"Tamu; \"\"Contoh\"\" 01\";+62 811;;rapat;Sekretaris;KHUSUS;2026-02-01 08:00;2026-02-01T10:00:00+07:00\r\n\r\n";
  const Run imported = shell.run({"guest", "import", shell.file(semicolons)});
  INFO(imported.err);
  CHECK(imported.code == 0);
  CHECK(has(imported.out, "1 kunjungan dijadwalkan"));
  CHECK(shell.last_body() ==
        boost::json::parse(R"({"name":"Tamu; \"Contoh\" 01","purpose":"rapat","whom":"Sekretaris","category":"special",)"
                           R"("from":"2026-02-01T08:00:00+08:00","until":"2026-02-01T10:00:00+07:00","phone":"+62 811"})"));
}

TEST_CASE("guest import sends nothing while a line is bad, and names every bad line") {
  Desk shell;
  shell.daemon.answer("GET /api/v1/status", {200, R"({"time":"2026-01-31T12:00:00.000+07:00"})"});
  const std::string file =
      shell.file(header + good_line + "=1+1,,,rapat,Sekretaris,umum,besok,2026-02-01 10:00\nkurang,sel\n");
  const Run text = shell.run({"guest", "import", file});
  CHECK(text.code == 2);
  CHECK(has(text.err, "baris 3: name begins like a formula (=)"));
  CHECK(has(text.err, "; from: expected a time like 2026-01-31 08:00"));
  CHECK(has(text.err, "baris 4: 2 cells, expected 8"));
  CHECK(has(text.err, "2 baris salah"));
  for (const auto& request : shell.daemon.requests()) CHECK_FALSE(has(request.head, "/visits/plan"));
  const auto data = boost::json::parse(shell.run({"guest", "import", file, "--json"}).out);
  CHECK(data.at("planned").as_int64() == 0);
  CHECK(data.at("bad").as_array().at(1).at("line").as_int64() == 4);
  CHECK(shell.run({"guest", "import", shell.folder.path() + "/none.csv"}).code == 2);
}

TEST_CASE("guest import --dry-run sends nothing, and what the daemon refuses is told by its line") {
  Desk shell;
  shell.daemon.answer("GET /api/v1/status", {200, R"({"time":"2026-01-31T12:00:00.000+07:00"})"});
  const std::string file = shell.file(header + good_line);
  const Run dry = shell.run({"guest", "import", file, "--dry-run"});
  CHECK(dry.code == 0);
  CHECK(has(dry.out, "1 kunjungan dapat dijadwalkan (belum disimpan)"));
  CHECK(shell.daemon.requests().size() == 1);
  shell.daemon.answer("POST /api/v1/visits/plan",
                      {400, R"({"type":"/problems/bad_input","detail":"until: this time has passed"})"});
  const Run refused = shell.run({"guest", "import", file});
  CHECK(refused.code == 1);
  CHECK(has(refused.err, "baris 2: until: this time has passed"));
  CHECK(has(refused.out, "0 kunjungan dijadwalkan"));
}

TEST_CASE("a guest file's columns and cells are judged one by one") {
  CHECK(mistakes(header + good_line).empty());
  CHECK(mistakes("") == std::vector<std::string>{"1: the file is empty"});
  CHECK(mistakes("name,whom\n") == std::vector<std::string>{"1: column \"purpose\" is missing"});
  CHECK(mistakes("name,nik\n") == std::vector<std::string>{"1: unknown column \"nik\""});
  CHECK(mistakes("name,name\n") == std::vector<std::string>{"1: column \"name\" stands there twice"});
  const auto with = [](const std::string& name, const std::string& phone, const std::string& category) {
    return mistakes(header + name + "," + phone + ",,rapat,Sekretaris," + category +
                    ",2026-02-01 08:00,2026-02-01 10:00\n");
  };
  CHECK(with("Tamu", "", "umum").empty());
  CHECK(with("", "", "umum") == std::vector<std::string>{"2: name is empty"});
  CHECK(with("Tamu", "", "vip") == std::vector<std::string>{"2: category: expected umum or khusus"});
  CHECK(with(std::string(201, 'a'), "", "umum") == std::vector<std::string>{"2: name is longer than 200 bytes"});
  CHECK(with("\"Tamu\nContoh\"", "", "umum") ==
        std::vector<std::string>{"2: name holds a control character or a line break"});
  for (const char* formula : {"=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)"})
    CHECK(with(formula, "", "umum").size() == 1);
  CHECK(with("Tamu", "+62811", "umum").empty());
  CHECK(with("Tamu", "+62811=1", "umum").size() == 1);
  CHECK(with("\"Tamu", "", "umum") == std::vector<std::string>{"2: a quotation mark is not closed, or text follows it"});
  CHECK(with("\"Tamu\" x", "", "umum") ==
        std::vector<std::string>{"2: a quotation mark is not closed, or text follows it"});
  CHECK(mistakes(header + "Tamu,,,rapat,Sekretaris,umum,2026-02-01 10:00,2026-02-01 08:00\n") ==
        std::vector<std::string>{"2: until is not after from"});
  CHECK(mistakes(header + "Tamu,,,rapat,Sekretaris,umum,2026-13-01 10:00,2026-02-01 25:00\n").size() == 1);
}

TEST_CASE("a guest file of random bytes is only ever a list of bad lines") {
  std::uint32_t seed = 7;
  for (int round = 0; round < 2000; ++round) {
    std::string text = round % 2 ? header : "";
    for (int i = 0; i < 60; ++i) {
      seed = seed * 1664525 + 1013904223;
      text += "\",;\n\r=A1 \xc3\x00\x7f+"[(seed >> 24) % 14];
    }
    const GuestFile file = read_guest_file(text, "+07:00");
    CHECK(file.guests.empty());
  }
}

TEST_CASE("duty show and appoint say who is on duty, as JSON too") {
  Desk shell;
  shell.daemon.answer("GET /api/v1/duty", {200, R"({"first":{"id":"u1","name":"budi"},"second":null})"});
  shell.daemon.answer("POST /api/v1/duty/take",
                      {200, R"({"first":{"id":"u1","name":"budi"},"second":{"id":"u2","name":"citra"}})"});
  CHECK(shell.run({"duty", "show"}).out == "Bertugas: budi. Ajudan kedua: -.\n");
  CHECK(shell.run({"duty", "appoint", "citra", "--second"}).out == "Bertugas: budi. Ajudan kedua: citra.\n");
  CHECK(shell.last_body() == boost::json::parse(R"({"user":"citra","second":true})"));
  CHECK(has(shell.run({"duty", "show", "--json"}).out, "\"second\":null"));
  CHECK(shell.run({"duty", "appoint"}).code == 2);
}
