// SPDX-License-Identifier: Apache-2.0
// A language is a file: this program is linked with the shipped catalogues and ten sentences of Javanese (jv.json), as a
// build with that file in config/locale is. Paper and the command line say those ten, and the rest in Bahasa Indonesia.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "gateway/cli/shell.h"
#include "gateway/locale/words.h"
#include "gateway/print/badge_print.h"
#include "gateway/privacy/export.h"
#include "gateway/record/daily_sheet.h"
#include "gateway/settings/settings.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

// Ends with its scope.
struct Environment {
  const char* name;
  Environment(const char* key, const std::string& value) : name(key) { setenv(name, value.c_str(), 1); }
  ~Environment() { unsetenv(name); }
};

std::string write_text(const std::string& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

struct Compiled {
  int code;
  std::string said;
};
// What the build says of this catalogue beside a small id.json.
Compiled compile(const std::string& name, const std::string& catalogue) {
  const TemporaryFolder folder;
  const std::string id =
      write_text(folder / "id.json",
                 R"({"language.name": "Bahasa Indonesia", "a.text": "{who} di {where}", "a.count": "{n, number} orang"})");
  const std::string command = std::string(GAPURA_COMPILE_CATALOGUES) + " " + folder.path() + " " +
                              write_text(folder / name, catalogue) + (name == "id.json" ? "" : " " + id) + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  Compiled result;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) result.said += static_cast<char>(c);
  result.code = WEXITSTATUS(pclose(pipe));
  return result;
}

std::string site_file(const TemporaryFolder& folder, const std::string& language) {
  return write_text(folder / "gateway.toml",
                    "[site]\nid = \"pos\"\ntimezone = \"Asia/Jakarta\"\nlanguage = \"" + language + "\"\n");
}

}  // namespace

TEST_CASE("a third language is there, after the shipped ones") {
  CHECK(languages() == std::vector<std::string>{"id", "en", "jv"});
  CHECK(Words("jv").tag() == "jv");
  CHECK(Words("xx").tag() == "id");
}

TEST_CASE("a badge on paper says the ten sentences, and the rest in Bahasa Indonesia") {
  const std::string page = badge_page({"Kediaman <Contoh>", "Tamu Contoh", "general", "31.01.2026 17:00", "jv"});
  for (const char* part : {"<html lang=\"jv\">", "DHAYOH UMUM", "Lumaku nganti 31.01.2026 17:00",
                           "Balekna kertu iki ing pos jaga.", "<title>Kartu tamu</title>", "Kediaman &lt;Contoh&gt;"}) {
    INFO(part);
    CHECK(has(page, part));
  }
  CHECK(has(badge_page({"", "", "special", "", "jv"}), "TAMU KHUSUS"));
  const auto raster = [](const char* language) {
    return badge_raster({"Kediaman Contoh", "ABC234", "G1:ABC", "general", language, "31.01.2026 17:00"}, 384).bits;
  };
  CHECK(raster("jv") != raster("id"));
  CHECK(raster("xx") == raster("id"));
}

TEST_CASE("what is on paper in Bahasa Indonesia and in English is what it was") {
  const std::string page = badge_page({"Pos", "Tamu", "staff", "31.01.2026 17:00", "id"});
  for (const char* part : {"<html lang=\"id\">", "<title>Kartu pegawai</title>", ">PEGAWAI<",
                           ">Berlaku sampai 31.01.2026 17:00<", ">Kembalikan kartu ini di pos jaga.<"})
    CHECK(has(page, part));
  const std::string english = badge_page({"Pos", "Tamu", "general", "31.01.2026 17:00", "en"});
  for (const char* part : {"<html lang=\"en\">", "<title>Visitor badge</title>", ">GUEST<",
                           ">Valid until 31.01.2026 17:00<", ">Return this badge at the guard post.<"})
    CHECK(has(english, part));
  const Words say;
  CHECK(say.both("paper.verifier_key") == "Kunci / verifier key");
  CHECK(say.both("paper.no_backups") == "Tidak ada yang tercatat. / None is recorded.");
  CHECK(Words("en").both("paper.checkpoint") == "Checkpoint / titik periksa");
  const ExportFrame frame{"Pos", "2026-01-31", "c-1", "Tamu Contoh", "uji", "wayan", say};
  CHECK(frame.watermark() == "Salinan untuk Tamu Contoh · uji · kasus c-1 · oleh wayan · 2026-01-31");
}

TEST_CASE("the sheet of a day has each line in the site's language and in a second one") {
  const TemporaryFolder folder;
  const auto db = Database::open_writer(folder / "gapura.db");
  REQUIRE(db);
  const Now now{*parse_rfc3339("2026-02-01T08:00:00.000+07:00"), {}, ClockQuality::ok, std::chrono::minutes(420)};
  const auto sheet = [&](const char* language) {
    return load_daily_sheet(*db, "Pos", "2026-01-31", now, Words(language)).value();
  };
  const auto line = [&](const char* language, std::size_t i) {
    const auto one = sheet(language).lines.at(i);
    return one.first + " | " + one.second;
  };
  CHECK(line("id", 0) == "Tamu umum (orang) | General guests (people)");
  CHECK(line("en", 0) == "General guests (people) | Tamu umum (orang)");
  CHECK(line("jv", 0) == "Dhayoh umum (wong) | General guests (people)");
  CHECK(line("jv", 1) == "Tamu khusus (orang) | Special guests (people)");
  CHECK(to_pdf(sheet("jv")).value().substr(0, 5) == "%PDF-");
}

TEST_CASE("the command line speaks the site's language, or that of GAPURA_LANGUAGE") {
  Shell shell;
  shell.daemon.answer("POST /api/v1/visits", {201, R"({"id":"v1","name":"A","state":"waiting"})"});
  shell.daemon.answer("GET /api/v1/visits?state=open&limit=500",
                      {200, R"({"visits":[{"id":"v1","name":"A","state":"arrived"}]})"});
  shell.daemon.answer("POST /api/v1/visits/import", {200, R"({"planned":1234,"merged":1,"bad":[]})"});
  const std::string list = write_text(shell.folder / "tamu.csv", "nama\n");
  const std::vector<std::string> add{"visit", "add", "A", "--whom", "B"};
  const TemporaryFolder folder;
  const Environment site("GAPURA_CONFIG", site_file(folder, "jv"));
  CHECK(shell.run(add).out == "v1 wis kacathet: A (Ngenteni)\n");
  CHECK(has(shell.run({"visit", "list"}).out, "KUNJUNGAN  JENENG  ORANG"));
  CHECK(has(shell.run({"visit", "list"}).out, "Tiba di pos"));
  CHECK(shell.run({"guest", "import", list}).out == "1.234 tekan\n1 baris digabung dengan kunjungan yang sudah ada\n");
  const Environment chosen("GAPURA_LANGUAGE", "en");
  CHECK(shell.run(add).out == "v1 registered: A (Waiting)\n");
  CHECK(shell.run({"guest", "import", list}).out == "1,234 visits planned\n1 line merged with visits that were there\n");
}

TEST_CASE("numbers and plurals have the language's form") {
  const Words id, en("en");
  CHECK(id.number(1234567) == "1.234.567");
  CHECK(en.number(1234567) == "1,234,567");
  CHECK(Words("jv").number(1234567) == "1.234.567");  // its file names no format
  CHECK(id({"paper.count.persons", "n"}, 1) == "1 orang");
  CHECK(en({"paper.count.persons", "n"}, 1) == "1 person");
  CHECK(en({"paper.count.persons", "n"}, 1200) == "1,200 people");
  CHECK(id.upper("Jatuh tempo") == "JATUH TEMPO");
  CHECK(short_time("2026-01-31T08:15:02.123+07:00") == "31.01.2026 08:15");
  CHECK(short_time("kemarin") == "kemarin");
}

TEST_CASE("a place's text is said as it is, whatever is in it") {
  const std::string text = "{who} '{' # <b> \xc3\xa9 {0}";
  CHECK(Words()({"cli.log.notice", "text"}, text) == "catatan: " + text);
}

TEST_CASE("every class of data on a certificate has its word") {
  for (const char* word : words<RetentionClass>) CHECK(Words().coded("privacy.class.", word) != word);
}

TEST_CASE("site.language takes each language that there is, and a mistake names them") {
  const TemporaryFolder folder;
  const auto mistakes = [&](const char* language) {
    std::string all;
    for (const Mistake& one : load_settings(site_file(folder, language), folder.path()).mistakes) all += one.text() + "\n";
    return all;
  };
  for (const char* language : {"id", "en", "jv"}) CHECK_FALSE(has(mistakes(language), "site.language"));
  CHECK(has(mistakes("xx"), R"(4:12: site.language: expected one of "id", "en", "jv", found "xx")"));
  CHECK(site_language(site_file(folder, "jv")) == "jv");
  CHECK(site_language(folder / "none.toml") == "id");
  CHECK(site_language(write_text(folder / "broken.toml", "[site")) == "id");
}

TEST_CASE("a catalogue with a mistake ends the build, which says where") {
  const std::string name = R"("language.name": "X")";
  CHECK(compile("xx.json", "{" + name + R"(, "a.text": "{where}: {who}", "a.count": "{n, plural, one {#} other {#}}"})")
            .code == 0);
  const std::pair<std::string, std::string> wrong[] = {
      {"{" + name + ",}", "cannot be read as JSON"},
      {"[]", "is not one object"},
      {"{}", "\"language.name\" is missing"},
      {"{" + name + R"(, "a.text": 1})", "\"a.text\" is no text"},
      {"{" + name + R"(, "a.other": "x"})", "nothing says \"a.other\""},
      {"{" + name + R"(, "a.text": "{whom}"})", "\"a.text\" has a place for whom"},
      {"{" + name + R"(, "a.text": "{who, plural, other {#}}"})", "\"a.text\" counts who"},
      {"{" + name + R"(, "a.text": "{who"})", "\"a.text\" is no ICU message"},
      {"{" + name + R"(, "a.count": "{n, plural, one {#}}"})", "\"a.count\" is no ICU message"},
      {"{" + name + R"(, "a.count": "{n, nonsense}"})", "\"a.count\" is no ICU message"}};
  for (const auto& [catalogue, said] : wrong) {
    const Compiled result = compile("xx.json", catalogue);
    INFO(catalogue << " → " << result.said);
    CHECK(result.code == 1);
    CHECK(has(result.said, "xx.json: " + said));
  }
  CHECK(has(compile("id.json", R"({"language.name": "X", "a.text": "{"})").said, "id.json: \"a.text\" is no ICU message"));
}
