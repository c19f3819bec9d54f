// SPDX-License-Identifier: Apache-2.0
// kill -9 on the real daemon at a seeded moment, hundreds of times: while it starts, right at a pulse, after an
// acknowledged act, or at any other moment. Scans come from four readers all the time, and a client uses the API.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include "journal_witness.h"
#include "models/visit/credential.h"
#include "small_post.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::tests;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;

// The people of a campaign: scans at every lane, and a guard who registers guests and sends them away again.
class Crowd {
 public:
  explicit Crowd(SmallPost& post) : post_(post) {
    for (int badge = 0; badge < 3 * SmallPost::lanes; ++badge) badges_.push_back(post.staff_badge());
    post.on_pulse([this](const simulated::CoilChange& change) {
      {
        const std::lock_guard lock(mutex_);
        pulsed_.push_back(change);
        if (kill_at_pulse_ == 0 || --kill_at_pulse_ > 0) return;
      }
      post_.kill_daemon();  // the coil is on, and the daemon has no answer yet
    });
    threads_.emplace_back([this] { scan(); });
    threads_.emplace_back([this] { work(); });
  }
  ~Crowd() { stop(); }
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    ended_.notify_all();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    post_.on_pulse(nullptr);
  }

  void kill_at_pulse(int count) {
    const std::lock_guard lock(mutex_);
    kill_at_pulse_ = count;
  }
  std::vector<simulated::CoilChange> take_pulses() {
    const std::lock_guard lock(mutex_);
    kill_at_pulse_ = 0;
    return std::exchange(pulsed_, {});
  }
  std::vector<JournalWitness::Act> take_acts() {
    const std::lock_guard lock(mutex_);
    return std::exchange(acts_, {});
  }
  std::size_t acknowledged() const { return acknowledged_; }
  std::string trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_;
  }

 private:
  // Until the campaign ends, and no longer than that.
  void pause(std::chrono::milliseconds most) {
    std::unique_lock lock(mutex_);
    ended_.wait_for(lock, most, [this] { return ending_.load(); });
  }
  void scan() {
    for (std::size_t round = 0; !ending_; ++round) {
      const int lane = 1 + static_cast<int>(round % SmallPost::lanes);
      // A lane's own three badges in turn; each tenth code is unknown.
      const std::size_t of_lane = static_cast<std::size_t>(lane - 1) * 3 + round / SmallPost::lanes % 3;
      (void)post_.scan(lane, round % 10 == 9 ? make_token({static_cast<std::uint8_t>(round)}) : badges_[of_lane]);
      pause(4ms);  // the pace of a scanner
    }
  }
  void work() {
    std::string open;
    while (!ending_) {
      const bool closes = !open.empty();
      const auto answer =
          closes ? post_.try_post("guard", "/api/v1/visits/" + open + "/close", {{"outcome", "turned_away"}})
                 : post_.try_post(
                       "guard", "/api/v1/visits",
                       {{"name", "Tamu Contoh"}, {"purpose", "uji"}, {"whom", "pimpinan"}, {"category", "general"}});
      if (answer) {
        const std::string visit(answer->at("id").as_string());
        open = closes ? "" : visit;
        const std::lock_guard lock(mutex_);
        acts_.push_back({closes ? "visit_closed" : "visit_registered", visit});
        ++acknowledged_;
      } else if (answer.error().kind == ErrorKind::unavailable) {
        pause(5ms);  // it is down
      } else if (closes) {
        open = "";  // it was closed after all: the answer was lost
      } else {
        {
          const std::lock_guard lock(mutex_);
          trouble_ = answer.error().message;
        }
        pause(5ms);
      }
    }
  }

  SmallPost& post_;
  std::vector<std::string> badges_;
  mutable std::mutex mutex_;
  std::vector<simulated::CoilChange> pulsed_;
  std::vector<JournalWitness::Act> acts_;
  int kill_at_pulse_ = 0;
  std::string trouble_;
  std::atomic<std::size_t> acknowledged_{0};
  std::atomic<bool> ending_{false};
  std::condition_variable ended_;
  std::vector<std::thread> threads_;
};

struct Outcome {
  std::vector<std::string> violations;
  std::uint64_t entries = 0;
  std::size_t intents = 0, closed_at_start = 0, pulses = 0, acts = 0, starting = 0, at_pulse = 0, late = 0;
  double seconds = 0;
};

// `cycles` times: start, kill at a moment that the seed says, look at what is on the disk.
Outcome campaign(int cycles, unsigned seed) {
  Outcome outcome;
  JournalWitness witness;
  try {
    std::mt19937 random(seed);
    const auto up_to = [&](unsigned limit) { return static_cast<int>(random() % limit); };
    SmallPost post;
    Crowd crowd(post);
    const auto began = Steady::now();
    for (int cycle = 0; cycle < cycles && witness.violations().empty(); ++cycle) {
      const auto pulses = post.pulses();
      const auto acts = crowd.acknowledged();
      const auto comes = [&](const std::function<bool()>& what) {
        const bool came = wait_until([&] { return what() || !post.running(); }, 10s);
        if (!came) ++outcome.late;
        return came;
      };
      if (cycle > 0) post.start();
      switch (const int kind = up_to(10)) {
        case 0:  // in the midst of its start
          post.ends_within(std::chrono::milliseconds(up_to(120)));
          ++outcome.starting;
          break;
        case 1:
        case 2:
        case 3:
          crowd.kill_at_pulse(1 + up_to(4));
          if (comes([] { return false; })) ++outcome.at_pulse;  // it ended by itself
          crowd.kill_at_pulse(0);
          break;
        default:  // at work; from here to the kill it does whatever it does
          comes([&, wanted = static_cast<std::size_t>(1 + up_to(3))] {
            return kind < 7 ? crowd.acknowledged() >= acts + wanted : post.pulses() >= pulses + wanted;
          });
          post.ends_within(std::chrono::microseconds(up_to(15'000)));
      }
      if (const int code = post.end(SIGKILL); code != 128 + SIGKILL)
        witness.violate(fmt::format("the daemon ended by itself, with {}", code));
      const auto seen = crowd.take_pulses();
      const auto acknowledged = crowd.take_acts();
      outcome.pulses += seen.size();
      witness.read(post.database());
      witness.match(seen);
      witness.expect(acknowledged);
      if (cycle % 10 == 9) witness.verify(post.database());
    }
    outcome.seconds = std::chrono::duration<double>(Steady::now() - began).count();
    // The last start closes what the last kill left open; and the program itself judges the whole.
    post.start();
    post.wait_ready();
    crowd.stop();
    post.end(SIGTERM);
    const auto seen = crowd.take_pulses();
    outcome.pulses += seen.size();
    witness.read(post.database());
    witness.match(seen);
    witness.expect(crowd.take_acts());
    std::string said;
    if (post.run({"log", "verify", "--data", post.data()}, &said) != 0) witness.violate("gapura log verify: " + said);
    if (!crowd.trouble().empty()) witness.violate("the API said: " + crowd.trouble());
    outcome.acts = crowd.acknowledged();
  } catch (const std::exception& error) {
    witness.violate(error.what());
  }
  outcome.violations = witness.violations();
  outcome.entries = witness.entries();
  outcome.intents = witness.intents();
  outcome.closed_at_start = witness.closed_at_start();
  return outcome;
}

// Two posts side by side, each with its half; a fresh site after 250 cycles, so that a cycle costs the same throughout.
void campaigns(int cycles, unsigned seed) {
  std::vector<Outcome> outcomes(2);
  for (int done = 0; done < cycles; done += 500) {
    std::vector<std::thread> posts;
    for (unsigned half = 0; half < 2; ++half)
      posts.emplace_back([&, half, done] {
        outcomes[half] = campaign(std::min(250, (cycles - done) / 2), seed + static_cast<unsigned>(done) + half);
      });
    for (auto& post : posts) post.join();
    for (std::size_t half = 0; half < 2; ++half) {
      const Outcome& one = outcomes[half];
      fmt::print(
          "seed {}: {} entries, {} intents ({} closed at a start), {} pulses, {} acknowledged acts; killed {} times while "
          "starting, {} at a pulse; {} late; {:.1f} s\n",
          seed + static_cast<unsigned>(done) + half, one.entries, one.intents, one.closed_at_start, one.pulses, one.acts,
          one.starting, one.at_pulse, one.late, one.seconds);
      std::fflush(stdout);
      for (const auto& what : one.violations) UNSCOPED_INFO(what);
      REQUIRE(one.violations.empty());
      // The campaign is one: the daemon worked between the kills, and the kills hit it at work.
      CHECK(one.intents > 20);
      CHECK(one.acts > 20);
      CHECK(one.closed_at_start > 5);
      CHECK(one.at_pulse > 5);
      CHECK(one.late <= 10);
    }
  }
}

unsigned chosen_seed(unsigned otherwise) {
  const char* given = std::getenv("GAPURA_SEED");
  return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : otherwise;
}

}  // namespace

TEST_CASE("500 kills: no pulse without its intent, no act lost, one outcome each, no gap, the record verifies", "[kill]") {
  const char* cycles = std::getenv("GAPURA_KILLS");
  campaigns(cycles ? std::atoi(cycles) : 500, chosen_seed(1));
}

TEST_CASE("10,000 kills", "[.long][kill]") { campaigns(10'000, chosen_seed(100'000)); }
