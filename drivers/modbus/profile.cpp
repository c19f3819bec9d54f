// SPDX-License-Identifier: Apache-2.0
// Reads a controller profile (config/controllers/*.toml) and reports all its mistakes at once.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <set>

#include "drivers/door_controller.h"

namespace gapura::drivers {
namespace {

using Space = ControllerProfile::Space;

constexpr std::pair<const char*, Space> spaces[] = {{"coil", Space::coil},
                                                    {"discrete_input", Space::discrete_input},
                                                    {"holding_register", Space::holding_register},
                                                    {"input_register", Space::input_register}};

class ProfileReader {
 public:
  ProfileReader(const std::string& path, const toml::table& root) : path_(path), root_(root) {}

  Result<ControllerProfile> read() {
    only_keys(root_, {"name", "title", "on_comms_loss", "identity", "watchdog", "check", "output", "input"});
    profile_.name = text(root_, "name", true);
    profile_.title = text(root_, "title", false);
    read_loss();
    read_identity();
    read_watchdog();
    each("check", [this](const toml::table& table) { read_check(table); });
    each("output", [this](const toml::table& table) { read_output(table); });
    each("input", [this](const toml::table& table) { read_input(table); });
    if (profile_.inputs.empty() && profile_.outputs.empty() && mistakes_.empty())
      mistake(root_, "expected at least one [[input]] or [[output]]");
    if (mistakes_.empty()) return std::move(profile_);
    std::ranges::stable_sort(mistakes_, {}, &Mistake::line);
    std::string all;
    for (const Mistake& one : mistakes_) all += (all.empty() ? "" : "\n") + one.text;
    return fail(ErrorKind::bad_input, all);
  }

 private:
  struct Mistake {
    std::uint32_t line;
    std::string text;
  };

  void mistake(const toml::node& where, const std::string& what) {
    const auto at = where.source().begin;
    mistakes_.push_back({at.line, fmt::format("{}:{}:{}: {}", path_, at.line, at.column, what)});
  }

  void only_keys(const toml::table& table, std::initializer_list<std::string_view> known) {
    for (const auto& [key, value] : table)
      if (std::ranges::find(known, key.str()) == known.end()) {
        const auto at = key.source().begin;
        mistakes_.push_back({at.line, fmt::format("{}:{}:{}: unknown key \"{}\"; known are: {}", path_, at.line, at.column,
                                                  key.str(), fmt::join(known, ", "))});
      }
  }

  std::string text(const toml::table& table, std::string_view key, bool required) {
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      if (required) mistake(table, fmt::format("{} is missing; expected a text", key));
      return {};
    }
    const auto value = node->value_exact<std::string>();
    if (!value || value->empty()) mistake(*node, fmt::format("{}: expected a text that is not empty", key));
    return value.value_or("");
  }

  std::optional<int> number(const toml::table& table, std::string_view key, int least, int most, bool required) {
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      if (required) mistake(table, fmt::format("{} is missing; expected a number {} to {}", key, least, most));
      return std::nullopt;
    }
    const auto value = node->value_exact<std::int64_t>();
    if (value && *value >= least && *value <= most) return static_cast<int>(*value);
    mistake(*node, fmt::format("{}: expected a number {} to {}", key, least, most));
    return std::nullopt;
  }

  std::string signal_name(const toml::table& table) {
    std::string name = text(table, "name", true);
    if (name.find('.') != std::string::npos)
      mistake(*table.get("name"), fmt::format("name: \"{}\" may not hold a dot", name));
    if (!name.empty() && !names_.insert(name).second)
      mistake(*table.get("name"), fmt::format("name: \"{}\" is there twice", name));
    return name;
  }

  template <class Reader>
  void each(std::string_view key, Reader reader) {
    const toml::node* node = root_.get(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr || !array->is_array_of_tables())
      return mistake(*node, fmt::format("{0}: expected tables, each headed [[{0}]]", key));
    for (const toml::node& element : *array) reader(*element.as_table());
  }

  bool flag(const toml::table& table, std::string_view key, bool fallback) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return fallback;
    const auto value = node->value_exact<bool>();
    if (!value) mistake(*node, fmt::format("{}: expected true or false", key));
    return value.value_or(fallback);
  }

  Space space(const toml::table& table, std::string_view key, Space fallback, bool required = false) {
    if (!required && table.get(key) == nullptr) return fallback;
    const std::string name = text(table, key, true);
    const auto found = std::ranges::find(spaces, name, [](const auto& pair) { return std::string_view(pair.first); });
    if (found != std::end(spaces)) return found->second;
    if (!name.empty())
      mistake(*table.get(key), fmt::format("{}: expected coil, discrete_input, holding_register or input_register", key));
    return fallback;
  }

  // Reads `<head>address` with `<head>space`; none where it is absent.
  std::optional<ControllerProfile::Point> point(const toml::table& table, const std::string& head, Space fallback) {
    const auto address = number(table, head + "address", 0, 65535, false);
    const Space where = space(table, head + "space", fallback);
    if (address) return ControllerProfile::Point{where, *address};
    if (table.get(head + "space") != nullptr && table.get(head + "address") == nullptr)
      mistake(table, fmt::format("{0}space is there without {0}address", head));
    return std::nullopt;
  }

  const toml::table* optional_table(std::string_view key) {
    const toml::node* node = root_.get(key);
    if (node == nullptr) return nullptr;
    if (node->as_table() == nullptr) mistake(*node, fmt::format("{0}: expected a table headed [{0}]", key));
    return node->as_table();
  }

  void read_loss() {
    const std::string word = text(root_, "on_comms_loss", false);
    if (word == "off")
      profile_.on_comms_loss = ControllerProfile::Loss::off;
    else if (word == "hold")
      profile_.on_comms_loss = ControllerProfile::Loss::hold;
    else if (!word.empty() && word != "unknown")
      mistake(*root_.get("on_comms_loss"), "on_comms_loss: expected off, hold or unknown");
  }

  void read_identity() {
    const toml::table* table = optional_table("identity");
    if (table == nullptr) return;
    only_keys(*table, {"register", "space", "value"});
    const auto address = number(*table, "register", 0, 65535, true);
    const auto value = number(*table, "value", 0, 65535, false);
    const Space where = space(*table, "space", Space::holding_register);
    if (where == Space::coil || where == Space::discrete_input)
      mistake(*table->get("space"), "space: an identity is a holding_register or an input_register");
    if (address) profile_.identity = {*address, value, where};
  }

  void read_watchdog() {
    const toml::table* table = optional_table("watchdog");
    if (table == nullptr) return;
    only_keys(*table, {"time_register", "time_unit_ms", "time_ms", "set", "trigger_register", "heartbeat_ms",
                       "status_register", "running", "stop_register", "stop_value"});
    ControllerProfile::Watchdog watchdog;
    watchdog.time_register = number(*table, "time_register", 0, 65535, false);
    watchdog.time_unit_ms = number(*table, "time_unit_ms", 1, 10000, false).value_or(watchdog.time_unit_ms);
    watchdog.time_ms = number(*table, "time_ms", 100, 10000, false).value_or(watchdog.time_ms);
    watchdog.set = flag(*table, "set", true);
    watchdog.trigger_register = number(*table, "trigger_register", 0, 65535, false);
    watchdog.heartbeat_ms = number(*table, "heartbeat_ms", 50, 5000, false).value_or(watchdog.heartbeat_ms);
    watchdog.status_register = number(*table, "status_register", 0, 65535, false);
    watchdog.running = number(*table, "running", 0, 65535, watchdog.status_register.has_value());
    watchdog.stop_register = number(*table, "stop_register", 0, 65535, false);
    watchdog.stop_value = number(*table, "stop_value", 0, 65535, watchdog.stop_register.has_value()).value_or(0);
    if (watchdog.time_ms < watchdog.time_unit_ms) mistake(*table, "time_ms: expected at least one time_unit_ms");
    if (watchdog.trigger_register && watchdog.heartbeat_ms * 2 > watchdog.time_ms)
      mistake(*table, "heartbeat_ms: expected at most half of time_ms, so that one lost word lets no output fall");
    profile_.watchdog = watchdog;
  }

  void read_check(const toml::table& table) {
    only_keys(table, {"space", "address", "count", "least", "most", "why"});
    ControllerProfile::Check check;
    check.point = {space(table, "space", Space::holding_register), number(table, "address", 0, 65535, true).value_or(0)};
    check.least = number(table, "least", 0, 65535, true).value_or(0);
    check.most = number(table, "most", 0, 65535, true).value_or(0);
    check.why = text(table, "why", true);
    check.count = number(table, "count", 1, 64, false).value_or(1);
    if (check.least > check.most) mistake(table, "least: expected at most what most says");
    profile_.checks.push_back(std::move(check));
  }

  void read_output(const toml::table& table) {
    only_keys(table, {"name", "space", "address", "on_value", "off_value", "read_space", "read_address", "pulse_address",
                      "pulse_base", "pulse_unit_ms", "pulse_units_max", "pulse_max_ms"});
    ControllerProfile::Output output;
    output.name = signal_name(table);
    output.space = space(table, "space", Space::coil);
    const bool is_coil = output.space == Space::coil;
    if (!is_coil && output.space != Space::holding_register)
      mistake(*table.get("space"), "space: an output is a coil or a holding_register");
    output.address = number(table, "address", 0, 65535, true).value_or(0);
    output.on_value = number(table, "on_value", 0, 65535, !is_coil).value_or(output.on_value);
    output.off_value = number(table, "off_value", 0, 65535, !is_coil).value_or(output.off_value);
    output.read_at = point(table, "read_", output.space);
    output.pulse_address = number(table, "pulse_address", 0, 65535, false);
    output.pulse_base = number(table, "pulse_base", 0, 65535, false).value_or(0);
    output.pulse_unit_ms = number(table, "pulse_unit_ms", 1, 10000, output.pulse_address.has_value()).value_or(100);
    output.pulse_most = number(table, "pulse_units_max", 1, 0x7FFF, false).value_or(output.pulse_most);
    output.pulse_max_ms = number(table, "pulse_max_ms", 1, 600000, true).value_or(0);
    if (output.pulse_address && output.pulse_max_ms / output.pulse_unit_ms > output.pulse_most)
      mistake(*table.get("pulse_max_ms"),
              fmt::format("pulse_max_ms: more than {} units of pulse_unit_ms do not fit the command", output.pulse_most));
    profile_.outputs.push_back(std::move(output));
  }

  void read_input(const toml::table& table) {
    only_keys(table, {"name", "space", "address", "bit", "on_when_set", "counter_space", "counter_address"});
    ControllerProfile::Input input;
    input.name = signal_name(table);
    input.address = number(table, "address", 0, 65535, true).value_or(0);
    input.space = space(table, "space", Space::discrete_input, true);
    input.bit = number(table, "bit", 0, 15, false);
    if (input.bit && (input.space == Space::coil || input.space == Space::discrete_input))
      mistake(*table.get("bit"), "bit: only a register has bits");
    input.on_when_set = flag(table, "on_when_set", true);
    input.counter = point(table, "counter_", Space::input_register);
    if (input.counter && (input.counter->space == Space::coil || input.counter->space == Space::discrete_input))
      mistake(*table.get("counter_space"), "counter_space: a counter is a register");
    profile_.inputs.push_back(std::move(input));
  }

  const std::string& path_;
  const toml::table& root_;
  ControllerProfile profile_;
  std::set<std::string> names_;
  std::vector<Mistake> mistakes_;
};

}  // namespace

Result<ControllerProfile> load_controller_profile(const std::string& path) {
  try {
    const toml::table root = toml::parse_file(path);
    return ProfileReader(path, root).read();
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    if (at.line == 0) return fail(ErrorKind::not_found, fmt::format("{}: {}", path, error.description()));
    return fail(ErrorKind::bad_input, fmt::format("{}:{}:{}: {}", path, at.line, at.column, error.description()));
  }
}

}  // namespace gapura::drivers
