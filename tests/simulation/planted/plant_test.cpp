// SPDX-License-Identifier: Apache-2.0
// plant.py itself: a mistake never disappears in silence.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/temporary_folder.h"

namespace {

// A folder with the script, one source and its mistakes.
class Planting {
 public:
  Planting() {
    std::filesystem::create_directories(folder_ / "source");
    std::filesystem::create_directories(folder_ / "mistakes");
    std::filesystem::copy_file(GAPURA_SOURCE_DIR "/tests/simulation/planted/plant.py", folder_ / "plant.py");
    std::ofstream(folder_ / "source/a.cpp") << "int f(int x) {\n  if (x == 1 ||\n      x == 2) return 3;\n  return x;\n}\n";
  }
  bool plant(const std::string& mistakes) const {
    std::ofstream(folder_ / "mistakes/a.cpp.txt") << mistakes;
    return std::system(("cd '" + folder_.path() + "' && python3 plant.py source copy a.cpp 2>said").c_str()) == 0;
  }
  std::string text_of(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(folder_ / name).rdbuf();
    return text.str();
  }
  std::filesystem::file_time_type written() const { return std::filesystem::last_write_time(folder_ / "copy/a.cpp"); }

 private:
  gapura::tests::TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a mistake is planted in the copy, wherever the product breaks its lines") {
  const Planting planting;
  REQUIRE(planting.plant("m (day, storm): wrong\n- if (x == 1 || x == 2)\n+ if (!PLANTED(m) && (x == 1 || x == 2))\n"));
  CHECK(planting.text_of("copy/a.cpp").find("if (!PLANTED(m) && (x == 1 || x == 2)) return 3;") != std::string::npos);
  CHECK(planting.text_of("copy/mistakes.inc") == "{\"m\", \"day, storm\", \"a.cpp\", \"wrong\"},\n");
}

TEST_CASE("a copy that does not change is not written") {
  const Planting planting;
  const std::string mistakes = "m (day): wrong\n- return x;\n+ return PLANTED(m) ? 0 : x;\n";
  REQUIRE(planting.plant(mistakes));
  const auto before = planting.written();
  REQUIRE(planting.plant(mistakes));
  const bool untouched = planting.written() == before;
  CHECK(untouched);
}

TEST_CASE("a mistake that cannot be planted is an error that names it") {
  const Planting planting;
  const std::string gone = "- return 4;\n+ return PLANTED(m);\n", twice = "- return\n+ return PLANTED(m) +\n",
                    unused = "- return x;\n+ return 5;\n", half = "- return x;\n";
  for (const auto& pair : {gone, twice, unused, half}) {
    CHECK_FALSE(planting.plant("m (day): wrong\n" + pair));
    CHECK(planting.text_of("said").find("a.cpp.txt:1: m: ") != std::string::npos);
  }
  CHECK_FALSE(planting.plant("m (day): wrong\n- return x;\n+ return PLANTED(m);\nn (day): wrong\n- x;\n+ PLANTED(n);\n"));
  CHECK(planting.text_of("said").find("replaces a text of a.cpp that m replaces as well") != std::string::npos);
  CHECK_FALSE(planting.plant("m (day): wrong\n- return x;\n+ return PLANTED(m);\nm (day): wrong\n- 1\n+ PLANTED(m)\n"));
  CHECK(planting.text_of("said").find("this name is taken") != std::string::npos);
  CHECK_FALSE(planting.plant("no heading\n"));
}
