// SPDX-License-Identifier: Apache-2.0
// Who a guest is, over the API; and lists of guests, which are stored whole or not at all.
#include <catch2/catch.hpp>
#include <set>

#include "gateway/web/api/guest_file.h"
#include "gateway/web/client.h"
#include "gateway/web/real_post.h"

using namespace gapura;
using namespace gapura::test;
namespace json = boost::json;

namespace {

std::string guest(const std::string& name, const std::string& more = "") {
  return R"({"name":")" + name + R"(","purpose":"uji","whom":"Sekretaris","category":"special")" + more + "}";
}

// The site's day after tomorrow, so that no window has passed.
std::string day(std::chrono::hours from_now = std::chrono::hours(48)) {
  return format_rfc3339(shifted_now(from_now).utc, std::chrono::minutes(480)).substr(0, 10);
}
const std::string header = "name;phone;institution;purpose;whom;category;from;until\r\n";
std::string line(const std::string& name, const std::string& phone, const std::string& from = day() + " 09:00",
                 const std::string& until = day() + " 10:00") {
  return name + ";" + phone + ";CV Contoh;Antar surat;Pimpinan;umum;" + from + ";" + until + "\r\n";
}

// "3 phone exponent", in the order of the answer.
std::vector<std::string> mistakes(const Answer& answer) {
  std::vector<std::string> all;
  const json::array bad = answer.json().at("bad").as_array();
  for (const auto& one : bad) {
    const auto& column = one.at("column");
    all.push_back(std::to_string(one.at("line").as_int64()) + " " +
                  (column.is_null() ? "-" : std::string(column.as_string())) + " " +
                  std::string(one.at("what").as_string()));
    CHECK_FALSE(one.at("why").as_string().empty());
    CHECK_FALSE(one.at("why_id").as_string().empty());
  }
  return all;
}

std::size_t open_visits(Client& who) { return who.get("/api/v1/visits?state=open").json().at("visits").as_array().size(); }

struct Desk {
  RealPost post;
  Client guard = signed_in(post, "sari"), aide = signed_in(post, "budi");
  Answer import(const std::string& csv, const std::string& query = "") {
    return guard.post("/api/v1/visits/import" + query, csv);
  }
};

}  // namespace

TEST_CASE("One number under another name: a problem with both people's names, and the answer decides") {
  Desk desk;
  const Answer here = desk.guard.post("/api/v1/visits", guest("Achmad Contoh", R"(,"phone":"081234529000")"));
  REQUIRE(here.status == 201);
  const std::string ahmad = R"(,"phone":"+62 (0)812-3452-9000")";
  const Answer asked = desk.guard.post("/api/v1/visits", guest("Ahmad Contoh", ahmad), {"Idempotency-Key: tamu-1"});
  REQUIRE(asked.status == 409);
  CHECK(asked.text("type") == "/problems/same_person");
  const auto candidates = asked.json().at("candidates").as_array();
  REQUIRE(candidates.size() == 1);
  CHECK(candidates.at(0).at("name").as_string() == "Achmad Contoh");
  CHECK(candidates.at(0).at("visit").as_string() == here.text("id"));
  CHECK(candidates.at(0).at("state").as_string() == "registered");
  CHECK(asked.body.find("81234529000") == std::string::npos);  // no more than the names
  CHECK(open_visits(desk.guard) == 1);
  // The same draft, with the answer, under the same key.
  const std::string person(candidates.at(0).at("person").as_string());
  const auto answered_as = [&](const std::string& who) {
    return desk.guard.post("/api/v1/visits", guest("Ahmad Contoh", ahmad + R"(,"person":")" + who + "\""),
                           {"Idempotency-Key: tamu-1"});
  };
  CHECK(answered_as(person).text("type") == "/problems/conflict");  // is here already
  const Answer other = answered_as("new");
  CHECK(other.status == 201);
  CHECK(other.text("id") != here.text("id"));
  CHECK(open_visits(desk.guard) == 2);
}

TEST_CASE("Names cannot be read out of numbers one after the other") {
  Desk desk;
  REQUIRE(desk.guard.post("/api/v1/visits", guest("Achmad Contoh", R"(,"phone":"081234529000")")).status == 201);
  int last = 0;
  for (int i = 0; i < 40 && last != 429; ++i)
    last = desk.guard.post("/api/v1/visits", guest("Siapa", R"(,"phone":"081234529000")")).status;
  CHECK(last == 429);
  CHECK(open_visits(desk.guard) == 1);
}

TEST_CASE("A plan without a number and an arrival of this name: the guard says which guest it is") {
  Desk desk;
  const std::string window = R"(,"from":")" + day(std::chrono::hours(0)) + R"(T00:00+08:00","until":")" +
                             day(std::chrono::hours(48)) + R"(T23:00+08:00")";
  const Answer one = desk.aide.post("/api/v1/visits/plan", guest("Tamu Sama", window));
  const Answer two = desk.aide.post("/api/v1/visits/plan", guest("Tamu Sama", window));
  REQUIRE(one.status == 201);
  REQUIRE(two.status == 201);
  CHECK(one.text("id") != two.text("id"));
  const Answer asked = desk.guard.post("/api/v1/visits", guest("tamu sama"));
  CHECK(asked.status == 409);
  REQUIRE(asked.json().at("candidates").as_array().size() == 2);
  CHECK(asked.json().at("candidates").as_array().at(0).at("expected").is_string());
  const Answer come = desk.guard.post("/api/v1/visits", guest("tamu sama", R"(,"person":")" + two.text("id") + "\""));
  CHECK(come.text("id") == two.text("id"));
  CHECK(open_visits(desk.guard) == 2);
}

TEST_CASE("An import is checked by the daemon and stored whole, and says what then exists") {
  Desk desk;
  const std::string csv = header + line("Tamu Sama", "") + line("Tamu Sama", "") + line("Achmad Contoh", "081234529000") +
                          line("Achmad Contoh", "+62 812 3452 9000");
  const Answer dry = desk.import(csv, "?dry_run=1");
  CHECK(mistakes(dry).empty());
  CHECK_FALSE(dry.json().at("stored").as_bool());
  CHECK(dry.json().at("planned").as_int64() == 3);
  CHECK(open_visits(desk.guard) == 0);
  const Answer stored = desk.import(csv);
  CHECK(stored.json().at("stored").as_bool());
  CHECK(stored.json().at("planned").as_int64() == 3);
  CHECK(stored.json().at("merged").as_int64() == 1);
  CHECK(open_visits(desk.guard) == 3);
  CHECK(mistakes(desk.import(csv)) == std::vector<std::string>{"2 name already_expected", "3 name already_expected"});
  CHECK(open_visits(desk.guard) == 3);
}

TEST_CASE("What only the daemon can judge keeps the whole list out, in a dry run as well") {
  Desk desk;
  REQUIRE(desk.guard.post("/api/v1/visits", guest("Siti Contoh", R"(,"phone":"081234529009")")).status == 201);
  const std::string bad = header + line("Tamu Baik", "081234526001") + line("Ren\xe9 Contoh", "081234526002") +
                          line("Tamu Lampau", "081234526003", "2020-11-02 09:00", "2020-11-02 10:00") +
                          line("Tamu 30", "081234526004", "2028-02-30 09:00", "2028-12-30 10:00") +
                          line("Tamu Rusak", "6,28E+12") + line("Tamu Dua", "0812 3452 9006 / 0812 3452 9007") +
                          line("Sity Contoh", "81234529009") + line("=1+1", "tidak ada");
  const std::vector<std::string> all{"3 name not_text",  "4 until passed",      "5 from bad_time",
                                     "6 phone exponent", "7 phone two_numbers", "8 phone same_person",
                                     "9 name formula",   "9 phone not_a_number"};
  const Answer dry = desk.import(bad, "?dry_run=1"), real = desk.import(bad);
  CHECK(mistakes(dry) == all);
  CHECK(mistakes(real) == all);
  CHECK_FALSE(real.json().at("stored").as_bool());
  CHECK(real.json().at("planned").as_int64() == 0);
  CHECK(open_visits(desk.guard) == 1);
  const auto same = real.json().at("bad").as_array().at(5).as_object();
  CHECK(same.at("why").as_string().find("Siti Contoh") != std::string::npos);
  CHECK(same.at("person").is_string());
}

TEST_CASE("A guest file is read as spreadsheets in Indonesia save it") {
  const auto read = [](const std::string& text) { return read_guest_file(text, std::chrono::minutes(420)); };
  const auto one = [&](const std::string& text) {
    const GuestFile file = read(text);
    for (const auto& bad : file.bad) UNSCOPED_INFO(bad.line << ' ' << bad.column << ": " << sentence(bad));
    REQUIRE(file.bad.empty());
    REQUIRE(file.guests.size() == 1);
    return file.guests.front();
  };
  const auto bahasa =
      one("\xef\xbb\xbf"
          "sep=;\r\nnama;telepon;instansi;keperluan;tujuan;kategori;dari;sampai;;\r\n"
          "\xe2\x80\xaaTamu Contoh\xe2\x80\xac;\xe2\x80\xaa"
          "081234500008\xe2\x80\xac;\xc2\xa0;Antar surat;Pimpinan;Umum;02/12/2026 09.00;"
          "2/12/2026 10.30;;\r\n\r\n");
  CHECK(bahasa.line == 3);
  CHECK(bahasa.form.name == "Tamu Contoh");
  CHECK(bahasa.form.institution.empty());
  CHECK(bahasa.form.category == "general");
  CHECK(format_rfc3339(bahasa.from, std::chrono::minutes(0)) == "2026-12-02T02:00:00.000+00:00");
  CHECK(format_rfc3339(bahasa.until, std::chrono::minutes(420)) == "2026-12-02T10:30:00.000+07:00");
  CHECK(one("name\tpurpose\twhom\tcategory\tfrom\tuntil\tperson\nTamu\tuji\tSek\tkhusus\t2026-12-02 09:00\t"
            "2026-12-02T10:00:00+08:00\tBARU\n")
            .form.person == "new");
  const auto first = [&](const std::string& text) {
    const GuestFile file = read(text);
    REQUIRE_FALSE(file.bad.empty());
    return std::string(words<RowFault>.at(static_cast<std::size_t>(file.bad.front().what)));
  };
  CHECK(first("") == "no_rows");
  CHECK(first(header) == "no_rows");
  CHECK(first("PK\x03\x04 workbook") == "not_a_table");
  CHECK(first(std::string("\xff\xfen\0a\0", 6)) == "not_a_table");
  CHECK(first("nama;nik\n") == "unknown_column");
  CHECK(first("nama;name\n") == "column_twice");
  CHECK(first("nama;tujuan\n") == "column_missing");
  CHECK(first(header + line("", "")) == "empty");
  CHECK(first(header + line(std::string(201, 'a'), "")) == "too_long");
  CHECK(first(header + line("\"Tamu\nContoh\"", "")) == "control_character");
  CHECK(first(header + line("\"Tamu", "")) == "open_quote");
  CHECK(first(header + line("Tamu;lebih", "")) == "cell_count");
  for (const char* formula : {"=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)"})
    CHECK(first(header + line(formula, "")) == "formula");
  for (const char* time :
       {"besok", "12/02/2026 9:00", "2026-13-01 10:00", "2026-02-30 09:00", "31/02/2026 09.00", "2026-12-02"})
    CHECK(first(header + line("Tamu", "", time)) == "bad_time");
}

TEST_CASE("Every fault of a line has its sentence in both languages") {
  std::set<std::string> english, indonesian;
  for (std::size_t i = 0; i < words<RowFault>.size(); ++i) {
    const RowMistake mistake{1, "", static_cast<RowFault>(i), "contoh"};
    INFO(words<RowFault>.at(i));
    CHECK_FALSE(sentence(mistake).empty());
    CHECK_FALSE(sentence_id(mistake).empty());
    english.insert(sentence(mistake));
    indonesian.insert(sentence_id(mistake));
  }
  CHECK(english.size() == words<RowFault>.size());
  CHECK(indonesian.size() == words<RowFault>.size());
}

TEST_CASE("A guest file of random bytes is only ever a list of mistakes") {
  std::uint32_t seed = 7;
  for (int round = 0; round < 2000; ++round) {
    std::string text = round % 2 ? header : "";
    for (int i = 0; i < 60; ++i) {
      seed = seed * 1664525 + 1013904223;
      text += "\",;\n\r=A1 \xc3\x00\x7f+"[(seed >> 24) % 14];
    }
    const GuestFile file = read_guest_file(text, std::chrono::minutes(420));
    CHECK(file.guests.empty());
    CHECK_FALSE(file.bad.empty());
  }
}

TEST_CASE("A list tells whose number it is no more often than a search does") {
  MannedPost desk;
  std::string csv = header;
  for (int n = 10; n < 50; ++n) {
    const std::string number = "0812345290" + std::to_string(n);
    REQUIRE(
        desk.guard.post("/api/v1/visits", guest("Tamu Tersembunyi " + std::to_string(n), R"(,"phone":")" + number + '"'))
            .status == 201);
    csv += line("Orang Lain", number);
  }
  const Answer dry = desk.other.post("/api/v1/visits/import?dry_run=1", csv);
  REQUIRE(dry.status == 200);
  const json::array bad = dry.json().at("bad").as_array();
  REQUIRE(bad.size() == 40);
  const auto named = std::count_if(bad.begin(), bad.end(), [](const auto& one) { return one.at("person").is_string(); });
  CHECK(named >= 30);
  CHECK(named < 40);
  std::size_t names = 0;
  for (auto at = dry.body.find("Tersembunyi"); at != std::string::npos; at = dry.body.find("Tersembunyi", at + 1)) ++names;
  CHECK(names == 2 * static_cast<std::size_t>(named));  // in both languages
  // Ids that are tried out are refused altogether.
  CHECK(desk.other
            .post("/api/v1/visits/import?dry_run=1",
                  "name;phone;institution;purpose;whom;category;from;until;person\r\n" +
                      line("Orang Lain", "081234529999").substr(0, line("Orang Lain", "081234529999").size() - 2) +
                      ";g-0000000000000000\r\n")
            .status == 429);
  const json::array events = desk.admin.get("/api/v1/events?limit=100").json().at("events").as_array();
  CHECK(std::count_if(events.begin(), events.end(),
                      [](const auto& one) { return one.at("type").as_string() == "data_read"; }) == 1);
}
