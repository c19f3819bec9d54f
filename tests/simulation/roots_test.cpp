// SPDX-License-Identifier: Apache-2.0
// The record's bytes stay: seventy simulated days have the journal roots that roots.txt says.
#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "gateway/simulation/world.h"

using namespace gapura::simulation;

namespace {

struct Known {
  std::uint64_t seed = 0;
  std::string faults, root, found;
};

std::vector<Known> read_roots() {
  std::ifstream file(GAPURA_SOURCE_DIR "/tests/simulation/roots.txt");
  std::vector<Known> all;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    Known one;
    std::istringstream(line) >> one.seed >> one.faults >> one.root;
    all.push_back(one);
  }
  return all;
}

Faults faults_of(const std::string& name) {
  Faults faults;
  if (name == "storm") faults = Faults::none(), faults.storm = true;
  return faults;
}

}  // namespace

TEST_CASE("seventy days have the journal roots that they had") {
  std::vector<Known> all = read_roots();
  REQUIRE(all.size() == 70);
  std::atomic<std::size_t> next{0};
  const auto play = [&] {
    for (std::size_t i = next++; i < all.size(); i = next++)
      all[i].found = run_day(make_script(all[i].seed, 30, faults_of(all[i].faults))).journal_root;
  };
  std::thread beside(play);
  play();
  beside.join();
  for (const Known& one : all) {
    INFO("seed " << one.seed << ", faults " << one.faults);
    CHECK(one.found == one.root);
  }
}
