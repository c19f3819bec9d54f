// SPDX-License-Identifier: Apache-2.0
// Reads a scenario and reports all its mistakes at once, so that a typing error is not found an hour into a demonstration.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "simulated/demo/scenario.h"

namespace gapura::simulated {
namespace {

struct Grammar {
  std::vector<std::string> needed, allowed;
};

// The fields that each act needs and the ones it may have. "say" is allowed everywhere.
const std::map<std::string, Grammar>& grammar() {
  static const std::map<std::string, Grammar> acts{
      {"register", {{"guest", "name", "purpose", "whom"}, {"category", "phone", "institution"}}},
      {"portrait", {{"guest"}, {"seed"}}},
      {"attest", {{"guest", "step"}, {}}},
      {"ask", {{"guest"}, {}}},
      {"decide", {{"guest", "decision"}, {"minutes", "reason"}}},
      {"badge", {{"guest"}, {"reason"}}},
      {"screening", {{"guest", "result"}, {"note"}}},
      {"revoke", {{"guest", "reason"}, {}}},
      {"return", {{"guest"}, {}}},
      {"close", {{"guest", "outcome"}, {"reason"}}},
      {"show", {{"camera"}, {"guest", "text", "texts", "ms"}}},
      {"clear", {{"camera"}, {}}},
      {"people", {{"camera", "count"}, {}}},
      {"detector", {{}, {"unit", "alarm"}}},
      {"rex", {{}, {"unit"}}},
      {"walk", {{"unit"}, {"direction", "within_s"}}},
      {"walked", {{}, {}}},
      {"misbehave", {{"device", "name"}, {"ms"}}},
      {"expect", {{"type"}, {"guest", "reason", "why", "within_s"}}},
      {"visit", {{"guest"}, {"state", "approval", "presence", "screening", "within_s"}}},
      {"coil", {{"unit", "coil", "energised"}, {"within_s"}}},
      {"pause", {{"s"}, {}}},
  };
  return acts;
}

struct Mistakes {
  std::string file, list;
  void add(int line, const std::string& sentence) { list += fmt::format("{}:{}: {}\n", file, line, sentence); }
};

int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

std::vector<std::string> strings_of(const toml::array& array, const std::string& key, Mistakes& mistakes) {
  std::vector<std::string> texts;
  for (const auto& one : array) {
    if (const auto text = one.value_exact<std::string>())
      texts.push_back(*text);
    else
      mistakes.add(line_of(one), key + " must hold strings only");
  }
  return texts;
}

void read_value(Step& step, const std::string& key, const toml::node& node, Mistakes& mistakes) {
  if (const auto* text = node.as_string())
    step.values[key] = text->get();
  else if (const auto* number = node.as_integer())
    step.values[key] = number->get();
  else if (const auto* fraction = node.as_floating_point())
    step.values[key] = fraction->get();
  else if (const auto* flag = node.as_boolean())
    step.values[key] = flag->get();
  else if (const auto* array = node.as_array())
    step.values[key] = strings_of(*array, key, mistakes);
  else
    mistakes.add(line_of(node), key + " must be a string, number, true or false, or a list of strings");
}

bool knows(const std::vector<std::string>& keys, const std::string& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void check_step(const Step& step, Mistakes& mistakes) {
  const auto found = grammar().find(step.act);
  if (found == grammar().end()) {
    std::string names;
    for (const auto& [name, unused] : grammar()) names += (names.empty() ? "" : ", ") + name;
    return mistakes.add(step.line, fmt::format("do = \"{}\" is no act; there are {}", step.act, names));
  }
  const Grammar& rule = found->second;
  for (const auto& key : rule.needed) {
    if (!step.has(key)) mistakes.add(step.line, fmt::format("{} needs {}", step.act, key));
  }
  for (const auto& [key, unused] : step.values) {
    if (key == "say" || knows(rule.needed, key) || knows(rule.allowed, key)) continue;
    mistakes.add(step.line, fmt::format("{} has no key {}", step.act, key));
  }
  if (step.act == "show" && step.has("guest") + step.has("text") + step.has("texts") != 1) {
    mistakes.add(step.line, "show needs exactly one of guest, text and texts");
  }
}

Step read_step(const toml::table& table, Mistakes& mistakes) {
  Step step;
  step.line = line_of(table);
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (name == "do")
      step.act = node.value_or(std::string());
    else
      read_value(step, name, node, mistakes);
  }
  check_step(step, mistakes);
  return step;
}

Episode read_episode(const toml::table& table, Mistakes& mistakes) {
  Episode episode;
  for (const auto& [key, node] : table) {
    if (key == "title") {
      episode.title = node.value_or(std::string());
    } else if (key == "step" && node.is_array_of_tables()) {
      for (const auto& one : *node.as_array()) episode.steps.push_back(read_step(*one.as_table(), mistakes));
    } else {
      mistakes.add(line_of(node), fmt::format("an episode has title and [[episode.step]], no {}", key.str()));
    }
  }
  return episode;
}

Scenario read(const toml::table& root, Mistakes& mistakes) {
  Scenario scenario;
  for (const auto& [key, node] : root) {
    if (key == "loop" && node.is_boolean()) {
      scenario.loop = node.value_or(false);
    } else if (key == "pause_s" && node.is_number()) {
      scenario.pause_s = node.value_or(30.0);
    } else if (key == "episode" && node.is_array_of_tables()) {
      for (const auto& one : *node.as_array()) scenario.episodes.push_back(read_episode(*one.as_table(), mistakes));
    } else {
      mistakes.add(line_of(node), fmt::format("expected loop = true or false, pause_s or [[episode]], not {}", key.str()));
    }
  }
  if (scenario.episodes.empty()) mistakes.add(1, "there is no [[episode]]");
  return scenario;
}

}  // namespace

std::string Step::text(const std::string& key, const std::string& otherwise) const {
  const auto found = values.find(key);
  const auto* value = found == values.end() ? nullptr : std::get_if<std::string>(&found->second);
  return value ? *value : otherwise;
}

std::int64_t Step::number(const std::string& key, std::int64_t otherwise) const {
  const auto found = values.find(key);
  const auto* value = found == values.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
  return value ? *value : otherwise;
}

double Step::seconds(const std::string& key, double otherwise) const {
  const auto found = values.find(key);
  const auto* value = found == values.end() ? nullptr : std::get_if<double>(&found->second);
  return value ? *value : static_cast<double>(number(key, -1)) >= 0 ? static_cast<double>(number(key, 0)) : otherwise;
}

bool Step::flag(const std::string& key, bool otherwise) const {
  const auto found = values.find(key);
  const auto* value = found == values.end() ? nullptr : std::get_if<bool>(&found->second);
  return value ? *value : otherwise;
}

std::vector<std::string> Step::texts(const std::string& key) const {
  const auto found = values.find(key);
  const auto* value = found == values.end() ? nullptr : std::get_if<std::vector<std::string>>(&found->second);
  return value ? *value : std::vector<std::string>{};
}

Result<Scenario> load_scenario(const std::string& file) {
  try {
    Mistakes mistakes{file, {}};
    Scenario scenario = read(toml::parse_file(file), mistakes);
    if (!mistakes.list.empty()) return fail(ErrorKind::bad_input, mistakes.list);
    return scenario;
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::bad_input, fmt::format("{}:{}: {}", file, error.source().begin.line, error.description()));
  }
}

}  // namespace gapura::simulated
