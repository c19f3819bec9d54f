// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/view_watch.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>

#include "drivers/camera/lobby.h"

using namespace gapura;
using namespace std::chrono_literals;
using drivers::ViewWatch;
using tests::CameraPose;
using tests::Lobby;
using tests::LobbyLight;
using tests::LobbyPerson;

namespace {

constexpr Millis limit = 30s, between = 1500ms;
constexpr int in_time = 31;  // looks

std::vector<LobbyPerson> walkers(std::uint32_t seed, int count, int look) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> any(0, 1);
  std::vector<LobbyPerson> all;
  for (int i = 0; i < count; ++i) {
    const double start = any(random), speed = 0.1 + 0.4 * any(random), place = start + speed * look;
    all.push_back({place - std::floor(place), 0.75 + 0.3 * any(random), 0.35 + 0.4 * any(random), seed + 31U * i});
  }
  return all;
}

// They stand and sway for minutes.
std::vector<LobbyPerson> crowd(std::uint32_t seed, int count, int look) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> any(0, 1);
  std::vector<LobbyPerson> all;
  for (int i = 0; i < count; ++i) {
    const double sway = 0.01 * std::sin(look * (0.5 + i * 0.1));
    all.push_back({any(random) + sway, 0.75 + 0.35 * any(random), 0.4 + 0.5 * any(random), seed + 17U * i});
  }
  return all;
}

constexpr int learning = 12;  // looks until it knows the lobby

struct Post {
  explicit Post(std::vector<std::uint8_t> known = {}) : watch(limit, known) {}
  ViewWatch watch;
  int look = 0;
  double lowest = 1;  // share, since it was last set

  bool see(const cv::Mat& shown) {
    const bool moved = watch.judge({shown.data, shown.cols, shown.rows, static_cast<int>(shown.step[0])},
                                   BootTime{Millis{5'000'000}} + look * between);
    ++look;
    lowest = std::min(lowest, watch.share());
    return moved;
  }
  // How many of so many looks said that it moved.
  int see(int looks, const std::function<cv::Mat(int)>& picture) {
    int moved = 0;
    for (int i = 0; i < looks; ++i) moved += see(picture(look)) ? 1 : 0;
    return moved;
  }
  void learn(const Lobby& lobby, std::uint32_t seed) {
    see(learning, [&](int n) { return lobby.see({}, {}, walkers(seed, 2, n), 3, seed * 1000 + static_cast<unsigned>(n)); });
  }
};

struct Scene {
  const char* name;
  int looks;  // pictures
  std::function<cv::Mat(std::uint32_t seed, const Lobby&, int look)> picture;
};

std::uint64_t mix(std::uint32_t seed, int look) { return seed * 1000ULL + static_cast<unsigned>(look); }

const std::vector<Scene>& harmless() {
  static const std::vector<Scene> scenes{
      {"people walk through", 50,
       [](auto seed, const Lobby& lobby, int n) { return lobby.see({}, {}, walkers(seed + 5, 6, n), 4, mix(seed, n)); }},
      {"a lobby full of people", 50,
       [](auto seed, const Lobby& lobby, int n) {
         auto people = crowd(seed, 14, n);
         for (const auto& each : walkers(seed, 3, n)) people.push_back(each);
         return lobby.see({}, {}, people, 4, mix(seed, n));
       }},
      {"evening comes, a lamp goes on", 60,
       [](auto seed, const Lobby& lobby, int n) {
         LobbyLight light{1 - 0.012 * n, 0.016 * n};
         if (n > 40) light.lamp = 0.9, light.lamp_x = (seed % 5) * 0.2 - 0.4;
         return lobby.see({}, light, walkers(seed, 2, n), 3 + n / 12.0, mix(seed, n));
       }},
      {"infrared and back", 60,
       [](auto seed, const Lobby& lobby, int n) {
         LobbyLight light;
         light.infrared = n / 20 % 2 == 1;
         return lobby.see({}, light, walkers(seed, 2, n), light.infrared ? 8 : 3, mix(seed, n));
       }},
      {"infrared and back, with people who stay", 60,
       [](auto seed, const Lobby& lobby, int n) {
         LobbyLight light;
         light.infrared = n / 20 % 2 == 1;
         return lobby.see({}, light, crowd(seed, 6, n), light.infrared ? 8 : 3, mix(seed, n));
       }},
      {"sun and shadows", 50,
       [](auto seed, const Lobby& lobby, int n) {
         LobbyLight light{1.1, 0.3};
         light.shadow = 0.6, light.shadow_at = n * 0.025 - 0.5;
         return lobby.see({}, light, walkers(seed, 2, n), 3, mix(seed, n));
       }},
      {"furniture is moved", 40,
       [](auto seed, const Lobby&, int n) { return Lobby(seed, 4).see({}, {}, walkers(seed, 2, n), 3, mix(seed, n)); }},
      {"a dim night with a noisy sensor", 40,
       [](auto seed, const Lobby& lobby, int n) {
         return lobby.see({}, {0.35, 0.5}, walkers(seed, 1, n), 9, mix(seed, n));
       }},
      {"a person is before the lens for fifteen seconds", 30,
       [](auto seed, const Lobby& lobby, int n) {
         std::vector<LobbyPerson> people = walkers(seed, 2, n);
         if (n % 15 < 7) people.push_back({0.5, 2.2, 2.6, seed}), people.push_back({0.3, 2.0, 2.2, seed + 1});
         return lobby.see({}, {}, people, 4, mix(seed, n));
       }},
      {"a pole in the wind", 40,
       [](auto seed, const Lobby& lobby, int n) {
         std::mt19937 random(seed + static_cast<unsigned>(n));
         std::uniform_real_distribution<double> any(-1, 1);
         return lobby.see({any(random) * 0.003, any(random) * 0.003, any(random) * 0.1}, {}, walkers(seed, 2, n), 4,
                          mix(seed, n));
       }},
  };
  return scenes;
}

struct Move {
  const char* name;
  std::function<CameraPose(std::mt19937&)> pose;
};
double sign(std::mt19937& random) { return random() % 2 == 0 ? 1 : -1; }
double from_to(std::mt19937& random, double from, double to) {
  return std::uniform_real_distribution<double>(from, to)(random);
}
const std::vector<Move>& moves() {
  static const std::vector<Move> all{
      {"shifted by 5 %",
       [](auto& random) {
         const double way = from_to(random, 0, 6.283);
         return CameraPose{0.05 * std::cos(way), 0.05 * std::sin(way)};
       }},
      {"shifted by 5 to 30 %",
       [](auto& random) {
         const double way = from_to(random, 0, 6.283), far = from_to(random, 0.05, 0.3);
         return CameraPose{far * std::cos(way), far * std::sin(way)};
       }},
      {"turned by 3 degrees",
       [](auto& random) {
         return CameraPose{0, 0, 3 * sign(random)};
       }},
      {"turned by 3 to 30 degrees",
       [](auto& random) {
         return CameraPose{0, 0, from_to(random, 3, 30) * sign(random)};
       }},
      {"zoomed by 10 %",
       [](auto& random) {
         return CameraPose{0, 0, 0, sign(random) > 0 ? 1.1 : 1 / 1.1};
       }},
      {"zoomed by 10 to 50 %",
       [](auto& random) {
         return CameraPose{0, 0, 0, from_to(random, 1.1, 1.5)};
       }},
  };
  return all;
}

}  // namespace

TEST_CASE("light, people, furniture, noise and wind are no move", "[view]") {
  cv::setNumThreads(1);
  for (const auto& scene : harmless()) {
    CAPTURE(scene.name);
    constexpr std::uint32_t seed = 3;
    const Lobby lobby(seed);
    Post post;
    post.learn(lobby, seed);
    REQUIRE(post.watch.landmarks() >= 8);
    CHECK(post.see(scene.looks, [&](int n) { return scene.picture(seed, lobby, n - learning); }) == 0);
  }
}

TEST_CASE("a camera that is shifted, turned, zoomed or aimed elsewhere is reported in time, and not once it is back",
          "[view]") {
  for (const auto& move : moves()) {
    CAPTURE(move.name);
    constexpr std::uint32_t seed = 5;
    const Lobby lobby(seed);
    std::mt19937 random(seed);
    const CameraPose pose = move.pose(random);
    Post post;
    post.learn(lobby, seed);
    CHECK(post.see(in_time, [&](int n) { return lobby.see(pose, {}, walkers(seed, 3, n), 4, mix(seed, n)); }) > 0);
    CHECK(post.see(2, [&](int n) { return lobby.see({}, {}, walkers(seed, 3, n), 4, mix(seed, n)); }) < 2);
  }
}

TEST_CASE("what was learned outlives a restart, and a move meanwhile is reported", "[view]") {
  constexpr std::uint32_t seed = 7;
  const Lobby lobby(seed), elsewhere(seed + 1);
  Post before;
  before.learn(lobby, seed);
  const auto kept = before.watch.take_changed_views();
  REQUIRE(kept.size() > 1000);
  CHECK(before.watch.take_changed_views().empty());
  const auto of = [&](const Lobby& shown) {
    return [&](int n) { return shown.see({}, {}, walkers(seed, 2, n), 4, mix(seed, n)); };
  };
  Post same(kept), other(kept);
  CHECK(same.watch.landmarks() == before.watch.landmarks());
  CHECK(same.see(in_time, of(lobby)) == 0);
  CHECK(other.see(in_time, of(elsewhere)) > 0);

  SECTION("until a person says that the new view is right, which outlives a restart too") {
    other.watch.accept();
    other.see(in_time, of(elsewhere));
    CHECK(other.see(5, of(elsewhere)) == 0);
    Post later(other.watch.take_changed_views());
    CHECK(later.see(in_time, of(elsewhere)) == 0);
  }
  SECTION("and malformed bytes count as none") {
    for (std::size_t length = 0; length < kept.size(); length += 97)
      CHECK(drivers::decode_views(std::span(kept).first(length)).empty());
    auto broken = kept;
    broken[5] = 255;
    CHECK(drivers::decode_views(broken).empty());
    Post anew(broken);
    CHECK(anew.watch.landmarks() == 0);
    anew.learn(elsewhere, seed);
    CHECK(anew.watch.landmarks() >= 8);
  }
}

TEST_CASE("a plain wall has nothing to be known by, and 0 never looks", "[view]") {
  Post post;
  const auto wall = [](int n) {
    cv::Mat picture(360, 640, CV_8U, cv::Scalar(150));
    cv::RNG(static_cast<std::uint64_t>(n)).fill(picture, cv::RNG::NORMAL, 150, 4);
    return picture;
  };
  CHECK(post.see(40, wall) == 0);
  CHECK(post.watch.landmarks() == 0);
  CHECK(post.watch.take_changed_views().empty());
  ViewWatch never(0s);
  const Lobby lobby(1);
  for (int n = 0; n < 30; ++n) {
    const cv::Mat shown = lobby.see({}, {}, {}, 3, static_cast<std::uint64_t>(n));
    CHECK_FALSE(never.judge({shown.data, shown.cols, shown.rows, static_cast<int>(shown.step[0])},
                            BootTime{Millis{1'000'000}} + n * between));
  }
  CHECK(never.landmarks() == 0);
}

// The figures of drivers/camera/README.md. GAPURA_LOBBIES: how many.
TEST_CASE("measure the view watch", "[.measure]") {
  cv::setNumThreads(1);
  const char* asked = std::getenv("GAPURA_LOBBIES");
  const auto lobbies = static_cast<std::uint32_t>(asked ? std::atoi(asked) : 20);
  int plain = 0;
  const char* only = std::getenv("GAPURA_SCENE");
  for (const auto& scene : harmless()) {
    if (only && std::string(scene.name).find(only) == std::string::npos) continue;
    int looks = 0, alarms = 0, raised = 0;
    double lowest = 1;
    for (std::uint32_t seed = 1; seed <= lobbies; ++seed) {
      const Lobby lobby(seed);
      Post post;
      post.learn(lobby, seed);
      plain += post.watch.landmarks() == 0 ? 1 : 0;
      post.lowest = 1;
      const int moved = post.see(scene.looks, [&](int n) { return scene.picture(seed, lobby, n - learning); });
      looks += scene.looks;
      alarms += moved;
      raised += moved > 0 ? 1 : 0;
      lowest = std::min(lowest, post.lowest);
    }
    std::printf("%-52s %6d looks, %d false in %d lobbies, lowest share %.2f\n", scene.name, looks, alarms, raised, lowest);
  }
  std::printf("plain: %d\n", plain);
  std::fflush(stdout);
  for (const auto& move : moves()) {
    int missed = 0, kept = 0;
    double highest = 0;
    for (std::uint32_t seed = 1; seed <= lobbies; ++seed) {
      const Lobby lobby(seed);
      Post post;
      post.learn(lobby, seed);
      std::mt19937 random(seed);
      const CameraPose pose = move.pose(random);
      LobbyLight light{from_to(random, 0.6, 1.1), from_to(random, -0.4, 0.4)};
      light.infrared = seed % 4 == 0;
      const auto away = [&](int n) { return lobby.see(pose, light, walkers(seed, 3, n), 4, mix(seed, n)); };
      const int told = post.see(in_time, away);
      highest = std::max(highest, post.watch.share());
      missed += told == 0 ? 1 : 0;
      kept += post.see(3, [&](int n) { return lobby.see({}, {}, walkers(seed, 3, n), 4, mix(seed, n)); }) > 2 ? 1 : 0;
    }
    std::printf("%-52s %6u moves, %d missed, %d not taken back, highest share %.2f\n", move.name, lobbies, missed, kept,
                highest);
  }
  int missed = 0;
  double highest = 0;
  for (std::uint32_t seed = 1; seed <= lobbies; ++seed) {
    const Lobby lobby(seed), other(seed + 5000);
    Post post;
    post.learn(lobby, seed);
    missed += post.see(in_time, [&](int n) { return other.see({}, {}, walkers(seed, 3, n), 4, mix(seed, n)); }) == 0;
    highest = std::max(highest, post.watch.share());
  }
  std::printf("%-52s %6u moves, %d missed, highest share %.2f\n", "another view", lobbies, missed, highest);
}
