// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/script.h"

#include <algorithm>
#include <sstream>

#include "gateway/simulation/random.h"

namespace gapura::simulation {
namespace {

using namespace std::chrono_literals;

constexpr WorldTime opens = 7h, closes = 21h, maghrib = 18h;

struct Habit {
  const char* word;
  int per_mille;
};
// How often people do what they should not, or what is rare.
constexpr Habit habits[] = {
    {"special", 200},   {"tailgates", 40},    {"passes_back", 30}, {"forgets_badge", 40}, {"keeps_badge", 30},
    {"wrong_code", 40}, {"changes_mind", 30}, {"scans_twice", 60}, {"by_button", 40},     {"two_codes", 20},
    {"metal", 150},     {"comes_again", 60},  {"short_badge", 60}, {"no_phone", 200},     {"stays_over", 10},
    {"planned", 100},   {"once", 100},        {"mistaken", 80},    {"deposits", 80},      {"forgets_item", 20},
    {"card", 150},      {"vault", 150},       {"impatient", 60},   {"exempted", 100},     {"curious", 60}};
// The same for staff.
constexpr Habit staff_habits[] = {{"duress", 150}, {"lingers", 100}, {"scans_twice", 60}, {"passes_back", 30}};

WorldTime arrival(Random& random) {
  // One in five comes around maghrib, when the rest of the day is quiet.
  return random.chance(200) ? random.between(maghrib - 30min, maghrib + 30min) : random.between(opens, closes - 4h);
}

template <std::size_t N>
std::string draw(const Habit (&list)[N], Random& random) {
  std::string drawn;
  for (const auto& habit : list)
    if (random.chance(habit.per_mille)) drawn += (drawn.empty() ? "" : ",") + std::string(habit.word);
  return drawn;
}

Item colleague(Random random) {
  Item item{ItemKind::staff, random.between(6h + 45min, 9h), random.next(), draw(staff_habits, random), 0, Millis(0)};
  item.lasts = random.between(4h, 10h);
  return item;
}

Item visit(Random random) {
  Item item{ItemKind::visit, arrival(random), random.next(), "", 0, Millis(0)};
  item.target = draw(habits, random);
  if (random.chance(60)) item.count = 2 + random.below(random.chance(100) ? 20 : 5);  // a party, sometimes a bus
  return item;
}

class Maker {
 public:
  Maker(Script& script, Random random) : script_(script), random_(random) {}
  // Adds about `rate_per_mille` / 1000 a day, none or several.
  void add(ItemKind kind, int rate_per_mille, std::initializer_list<const char*> targets, std::int64_t count,
           Millis lasts) {
    for (int left = rate_per_mille; left > 0; left -= 1000) {
      Random own(random_.next());
      if (!own.chance(std::min(left, 1000))) continue;
      Item item{kind, own.between(opens, closes), own.next(), "", 0, Millis(0)};
      if (targets.size() > 0)
        item.target = targets.begin()[static_cast<std::size_t>(own.below(static_cast<std::int64_t>(targets.size())))];
      if (count > 0) item.count = 1 + own.below(count);
      if (lasts > Millis(0)) item.lasts = own.between(lasts / 20, lasts);
      script_.items.push_back(std::move(item));
    }
  }

 private:
  Script& script_;
  Random random_;
};

// At the creation of the journal and while guests come. Some storms leave time for a few entries, some for whole visits.
// Short ones and many: the whole file is checked after each cut, and it grows with every start.
Script make_storm(std::uint64_t seed, int visits) {
  Script script{seed, {}};
  const Random random(seed);
  Random own = random.fork(2);
  const std::int64_t operations = 40 + own.below(own.chance(300) ? 1000 : 300);
  script.items.push_back({ItemKind::storm, 5h + 59min, own.next(), "", operations, 5min});
  script.items.push_back({ItemKind::storm, opens - 1min, own.next(), "", operations, 30min});
  for (int i = 0; i < visits; ++i) {
    Item item = visit(random.fork(static_cast<std::uint64_t>(i) + 1000));
    item.at = opens + own.between(0min, 20min);
    script.items.push_back(std::move(item));
  }
  if (own.chance(500))
    script.items.push_back({ItemKind::revoke, opens + own.between(5min, 25min), own.next(), "", 0, Millis(0)});
  return script;
}

// Adds parties for the limits, and passages through the detector that belong to no guest.
void follow_procedures(Script& script, const Random& random) {
  for (auto& item : script.items) {
    Random own = Random(item.seed).fork(4);
    if (item.kind == ItemKind::visit && own.chance(250)) item.count = 2 + own.below(5);
  }
  Maker(script, random).add(ItemKind::passer, 3000, {}, 0, 0ms);
}

}  // namespace

bool Item::has(std::string_view habit) const {
  for (std::size_t begin = target.find(habit); begin != std::string::npos; begin = target.find(habit, begin + 1)) {
    const std::size_t end = begin + habit.size();
    if ((begin == 0 || target[begin - 1] == ',') && (end == target.size() || target[end] == ',')) return true;
  }
  return false;
}

Script make_script(std::uint64_t seed, int visits, const Faults& faults, Scene scene) {
  Script script = faults.storm ? make_storm(seed, visits) : Script{seed, {}};
  script.scene = scene;
  if (faults.storm) return script;
  const Random random(seed);
  for (int i = 0; i < visits; ++i) script.items.push_back(visit(random.fork(static_cast<std::uint64_t>(i) + 1000)));
  Maker life(script, random.fork(3));
  for (std::uint64_t i = 0; i < 5; ++i) script.items.push_back(colleague(random.fork(500 + i)));
  life.add(ItemKind::pair, 2500, {"", "", "alone"}, 0, 0ms);
  life.add(ItemKind::muster, 300, {}, 0, 30min);
  life.add(ItemKind::shift, 800, {}, 0, 0ms);
  Maker maker(script, random.fork(1));
  if (faults.people) {
    maker.add(ItemKind::phone_off, 1500, {}, 0, 40min);
    maker.add(ItemKind::revoke, 1500, {}, 0, 0ms);
    maker.add(ItemKind::stranger, 2000, {"lane-1.in", "lane-2.in", "door.in"}, 15, 0ms);
    maker.add(ItemKind::lanes, 2000, {}, 0, 0ms);
    maker.add(ItemKind::lockdown, 300, {}, 0, 40min);
    maker.add(ItemKind::blocked, 300, {"lane-1", "lane-2", "door"}, 0, 40min);
    maker.add(ItemKind::unlocked, 500, {}, 0, 30min);
    maker.add(ItemKind::stock_card, 700, {"lane-1.in", "door.in", "lane-2.out"}, 0, 0ms);
    maker.add(ItemKind::panic, 300, {"loud", "silent", "button"}, 0, 0ms);
    maker.add(ItemKind::forced, 300, {"lane-1", "lane-2", "door"}, 0, 0ms);
  }
  if (faults.devices) {
    maker.add(ItemKind::controller, 2000, {"offline", "silent", "late", "refuse", "lost"}, 0, 30min);
    maker.add(ItemKind::blind, 500, {"lane-1", "lane-2", "door"}, 0, 30min);
  }
  if (faults.power) {
    maker.add(ItemKind::power_cut, 1500, {}, 60, 0ms);
    maker.add(ItemKind::restart, 500, {}, 0, 0ms);
  }
  if (faults.disk) {
    maker.add(ItemKind::disk_fault, 300, {"write", "sync", "full"}, 20, 0ms);
    maker.add(ItemKind::disk_fault, 200, {"write", "sync", "full"}, 20, 20min);
  }
  if (faults.clock) {
    maker.add(ItemKind::clock_jump, 300, {}, 50'000, 0ms);
    maker.add(ItemKind::clock_jump, 100, {}, 300'000'000, 0ms);
    for (auto& item : script.items)
      if (item.kind == ItemKind::clock_jump && item.seed % 2 == 0) item.count = -item.count;
  }
  if (scene == Scene::procedures) follow_procedures(script, random.fork(4));
  std::stable_sort(script.items.begin(), script.items.end(), [](const Item& a, const Item& b) { return a.at < b.at; });
  return script;
}

std::string to_text(const Script& script) {
  std::ostringstream text;
  text << "seed " << script.seed << '\n';
  if (script.scene != Scene::post) text << "scene " << word(script.scene) << '\n';
  for (const auto& item : script.items)
    text << word(item.kind) << " at=" << item.at.count() << " seed=" << item.seed << " target=" << item.target
         << " count=" << item.count << " lasts=" << item.lasts.count() << '\n';
  return text.str();
}

Result<Script> parse_script(const std::string& text) {
  Script script;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream words_of_line(line);
    std::string first, field;
    if (!(words_of_line >> first) || first.front() == '#') continue;
    const auto wrong = [&](const std::string& what) {
      return fail(ErrorKind::bad_input, "line " + std::to_string(number) + ": " + what);
    };
    if (first == "seed") {
      if (!(words_of_line >> script.seed)) return wrong("expected seed NUMBER");
      continue;
    }
    if (first == "scene") {
      const auto scene = words_of_line >> field ? find_word<Scene>(field) : std::nullopt;
      if (!scene) return wrong("expected scene post or procedures");
      script.scene = *scene;
      continue;
    }
    const auto kind = find_word<ItemKind>(first);
    if (!kind) return wrong("no such item: " + first);
    Item item;
    item.kind = *kind;
    while (words_of_line >> field) {
      const auto cut = field.find('=');
      const std::string key = field.substr(0, cut), value = cut == std::string::npos ? "" : field.substr(cut + 1);
      std::istringstream number_of(value);
      std::int64_t signed_number = 0;
      if (key == "target") {
        item.target = value;
      } else if (key == "seed" ? !(number_of >> item.seed) : !(number_of >> signed_number)) {
        return wrong(key + ": expected a number");
      } else if (key == "at") {
        item.at = Millis(signed_number);
      } else if (key == "count") {
        item.count = signed_number;
      } else if (key == "lasts") {
        item.lasts = Millis(signed_number);
      } else if (key != "seed") {
        return wrong("no such field: " + key);
      }
    }
    script.items.push_back(std::move(item));
  }
  return script;
}

}  // namespace gapura::simulation
