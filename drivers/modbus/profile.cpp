// SPDX-License-Identifier: Apache-2.0
// Reads a controller profile (config/controllers/*.toml) and reports all of its mistakes at once.
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
    only_keys(root_, {"name", "title", "identity", "output", "input"});
    profile_.name = text(root_, "name", true);
    profile_.title = text(root_, "title", false);
    read_identity();
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

  void read_identity() {
    const toml::node* node = root_.get("identity");
    if (node == nullptr) return;
    const toml::table* table = node->as_table();
    if (table == nullptr) return mistake(*node, "identity: expected a table with register and value");
    only_keys(*table, {"register", "value"});
    const auto address = number(*table, "register", 0, 65535, true);
    const auto value = number(*table, "value", 0, 65535, true);
    if (address && value) profile_.identity = {*address, *value};
  }

  void read_output(const toml::table& table) {
    only_keys(table, {"name", "address", "pulse_address", "pulse_unit_ms", "pulse_max_ms"});
    ControllerProfile::Output output;
    output.name = signal_name(table);
    output.address = number(table, "address", 0, 65535, true).value_or(0);
    output.pulse_address = number(table, "pulse_address", 0, 65535, false);
    output.pulse_unit_ms = number(table, "pulse_unit_ms", 1, 10000, output.pulse_address.has_value()).value_or(100);
    output.pulse_max_ms = number(table, "pulse_max_ms", 1, 600000, true).value_or(0);
    if (output.pulse_address && output.pulse_max_ms / output.pulse_unit_ms > 0x7FFF)
      mistake(*table.get("pulse_max_ms"), "pulse_max_ms: more than 32767 units of pulse_unit_ms do not fit the command");
    profile_.outputs.push_back(std::move(output));
  }

  void read_input(const toml::table& table) {
    only_keys(table, {"name", "space", "address", "on_when_set"});
    ControllerProfile::Input input;
    input.name = signal_name(table);
    input.address = number(table, "address", 0, 65535, true).value_or(0);
    const std::string space = text(table, "space", true);
    const auto found = std::ranges::find(spaces, space, [](const auto& pair) { return std::string_view(pair.first); });
    if (found != std::end(spaces))
      input.space = found->second;
    else if (!space.empty())
      mistake(*table.get("space"), "space: expected coil, discrete_input, holding_register or input_register");
    if (const toml::node* node = table.get("on_when_set")) {
      if (const auto value = node->value_exact<bool>())
        input.on_when_set = *value;
      else
        mistake(*node, "on_when_set: expected true or false");
    }
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
