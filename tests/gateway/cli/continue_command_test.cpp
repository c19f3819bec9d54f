// SPDX-License-Identifier: Apache-2.0
// gapura log continue: who may ask for it. What it does to the record is in tests/gateway/record/.
#include <catch2/catch.hpp>
#include <fstream>

#include "gateway/journal/database.h"
#include "gateway/web/http/passwords.h"
#include "shell.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

TEST_CASE("log continue needs an admin's password, or --alone") {
  TemporaryFolder folder;
  const std::string data = folder / "pos", right = folder / "benar", wrong = folder / "salah";
  REQUIRE(run({"init", data, "--site", "contoh"}).code == 0);
  std::ofstream(right) << "kalimat-panjang-contoh\n";
  std::ofstream(wrong) << "kalimat-panjang-keliru\n";
  {
    auto db = Database::open_writer(data + "/gapura.db");
    REQUIRE(db);
    REQUIRE(db->execute("INSERT INTO user VALUES ('u-1', 'wayan', 'admin', '" + hash_password("kalimat-panjang-contoh") +
                        "', 0, 0), ('u-2', 'sari', 'guard', '" + hash_password("kalimat-panjang-contoh") + "', 0, 0)"));
  }
  const auto go_on = [&](std::vector<std::string> more) {
    std::vector<std::string> words{"log", "continue", "--data", data, "--reason", "uji", "--officer"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  const Run refused = go_on({"wayan", "--password-file", wrong});
  CHECK(refused.code == 3);
  CHECK(has(refused.err, "--alone"));
  CHECK(go_on({"sari", "--password-file", right}).code == 3);   // no admin
  CHECK(go_on({"siapa", "--password-file", right}).code == 3);  // no such account
  CHECK(go_on({"wayan", "--password-file", folder / "tak-ada"}).code == 2);
  // A journal that follows from what was signed needs no act, of any kind.
  const Run known = go_on({"wayan", "--password-file", right}), alone = go_on({"wayan", "--alone"});
  CHECK(known.code == 1);
  CHECK(alone.code == 1);
  CHECK(has(known.err, "goes on from what was signed last"));
  CHECK(has(alone.err, "goes on from what was signed last"));
  CHECK(go_on({"siapa", "--alone"}).code == 1);
}
