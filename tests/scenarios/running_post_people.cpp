// SPDX-License-Identifier: Apache-2.0
// What people at the post do: requests, forms, cards held to cameras; and what is read from the answers.
#include "running_post.h"

namespace gapura::tests {

namespace {

// The release that a reader's camera leads to.
struct Way {
  int unit, coil;
  Direction direction;
};

Way way_at(const std::string& camera) {
  if (camera == "gate") return {simulated::kTurnstile, 0, Direction::entry};
  if (camera == "exit") return {simulated::kTurnstile, 1, Direction::exit};
  return {simulated::kDoor, 0, camera == "inside" ? Direction::exit : Direction::entry};
}

}  // namespace

std::string text(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::string text(const json::object& object, const char* outer, const char* key) {
  return text(object.at(outer).as_object(), key);
}

UtcTime time_of(const json::object& object, const char* key) {
  const auto time = parse_rfc3339(text(object, key));
  INFO(key << " of " << json::serialize(object));
  REQUIRE(time);
  return *time;
}

std::vector<std::string> reasons_of(const json::object& event) {
  std::vector<std::string> reasons;
  for (const auto& reason : event.at("data").at("reasons").as_array()) reasons.emplace_back(reason.as_string());
  return reasons;
}

std::string visit_path(const std::string& visit, const char* action) { return "/api/v1/visits/" + visit + "/" + action; }

json::array events_of(const json::object& visit, const char* type) {
  json::array found;
  for (const auto& event : visit.at("events").as_array())
    if (text(event.as_object(), "type") == type) found.push_back(event);
  return found;
}

json::value RunningPost::get(const std::string& role, const std::string& path) {
  auto answer = clients_.at(role)->get(path);
  INFO("GET " << path << "\n" << daemon_->output());
  if (!answer) FAIL(answer.error().message);
  return *answer;
}

json::value RunningPost::post(const std::string& role, const std::string& path, const json::value& body) {
  auto answer = clients_.at(role)->post(path, body);
  INFO("POST " << path << "\n" << daemon_->output());
  if (!answer) FAIL(answer.error().message);
  return *answer;
}

std::string RunningPost::refused(const std::string& role, const std::string& path, const json::value& body) {
  auto answer = clients_.at(role)->post(path, body);
  INFO("POST " << path << " was to be refused");
  REQUIRE(!answer);
  return answer.error().message;
}

json::object RunningPost::visit(const std::string& id, const std::string& role) {
  return get(role, "/api/v1/visits/" + id).as_object();
}

json::object RunningPost::register_guest(const std::string& name, const json::object& more) {
  json::object form{{"name", name}, {"purpose", "uji"}, {"whom", "pimpinan"}, {"category", "general"}};
  for (const auto& [key, value] : more) form[key] = value;
  return post("guard", "/api/v1/visits", form).as_object();
}

json::object RunningPost::ask(const std::string& id) {
  return post("guard", "/api/v1/visits/" + id + "/ask", json::object{}).as_object();
}

json::object RunningPost::decide(const std::string& id, const std::string& decision, json::object more,
                                 const std::string& role) {
  more["decision"] = decision;
  more["version"] = visit(id, role).at("approval_version");
  return post(role, "/api/v1/visits/" + id + "/decision", more).as_object();
}

RunningPost::Guest RunningPost::give_badge(const std::string& id, const json::object& more) {
  const auto given = post("guard", "/api/v1/visits/" + id + "/badge", more).as_object();
  return {id, text(given, "badge", "id"), text(given, "token")};
}

RunningPost::Guest RunningPost::accepted_guest(const std::string& name) {
  const std::string id = text(register_guest(name), "id");
  ask(id);
  decide(id, "accept_now");
  return give_badge(id);
}

RunningPost::Guest RunningPost::cleared_guest(const std::string& name) {
  Guest guest = accepted_guest(name);
  post("guard", "/api/v1/visits/" + guest.visit + "/screening", {{"result", "clear"}});
  return guest;
}

json::array RunningPost::events(const std::string& type) {
  const std::string filter = type.empty() ? "" : "&type=" + type;
  return get("admin", "/api/v1/events?limit=500&after=" + std::to_string(mark_) + filter).at("events").as_array();
}

json::object RunningPost::wait_event(const std::string& type, const std::function<bool(const json::object&)>& fits) {
  json::object found;
  const bool came = wait_until([&] {
    for (const auto& event : events(type)) {
      if (!fits(event.as_object())) continue;
      found = event.as_object();
      return true;
    }
    return false;
  });
  INFO("waiting for " << type << "; there were " << json::serialize(events()) << "\n" << daemon_->output());
  REQUIRE(came);
  take_away();
  return found;
}

void RunningPost::mark() {
  for (const auto& event : events()) mark_ = std::max(mark_, event.at("number").to_number<std::int64_t>());
}

bool RunningPost::device_online(const std::string& id) {
  const auto answer = get("admin", "/api/v1/devices");
  for (const auto& device : answer.at("devices").as_array())
    if (device.at("id").as_string() == id) return device.at("online").as_bool();
  return false;
}

// Unseen for a second, a badge has been taken away; two badges 300 ms apart were not in view together. Six frames a second.
simulated::RtspCamera& RunningPost::empty_view(const std::string& name, const std::string& next) {
  auto& lens = camera(name);
  const auto last = last_shown_.find(name);
  const bool first = last == last_shown_.end();
  const bool other = !first && !next.empty() && !last->second.empty() && last->second != next;
  const std::uint64_t frames = first ? 0 : other ? 4 : 10;
  last_shown_[name] = next;
  lens.clear();
  const auto empty_from = lens.frames();
  REQUIRE(wait_until([&] { return lens.frames() >= empty_from + frames; }));
  return lens;
}

void RunningPost::hold(const std::string& name, const std::string& code, std::chrono::milliseconds length) {
  REQUIRE(empty_view(name, code).show(code, length));
}

void RunningPost::hold_picture(const std::string& name, const std::string& picture, std::chrono::milliseconds length) {
  REQUIRE(empty_view(name, "").show_picture({picture.begin(), picture.end()}, length));
}

void RunningPost::take_away() {
  for (const auto& [name, shown] : last_shown_) camera(name).clear();
}

void RunningPost::go_through(const std::string& name) {
  const auto way = way_at(name);
  const bool released = bus().person_passes(way.unit, way.direction, patience);
  take_away();
  if (!released) FAIL("no release at " << name << "; there were " << json::serialize(events()));
}

void RunningPost::walk(const std::string& name, const std::string& code) {
  const auto way = way_at(name);
  REQUIRE(bus().wait_for_coil(way.unit, way.coil, false, patience));  // of the one before
  mark();
  hold(name, code);
  go_through(name);
  const auto granted = wait_event("access_granted");
  CHECK(wait_event("access_taken").at("ref") == granted.at("number"));
}

std::vector<std::string> RunningPost::denied(const std::string& name, const std::string& code) {
  const auto before = pulses();
  mark();
  hold(name, code);
  auto reasons = reasons_of(wait_event("access_denied"));
  CHECK(pulses() == before);
  return reasons;
}

std::string RunningPost::get_bytes(const std::string& role, const std::string& path) {
  auto answer = clients_.at(role)->get_bytes(path);
  if (!answer) FAIL(answer.error().message);
  return *answer;
}

simulated::RtspCamera& RunningPost::camera(const std::string& name) {
  auto found = devices_->camera(name);
  REQUIRE(found);
  return **found;
}

std::size_t RunningPost::pulses() const {
  const auto trace = devices_->bus->trace();
  return static_cast<std::size_t>(std::count_if(trace.begin(), trace.end(), [](const auto& change) { return change.on; }));
}

std::size_t RunningPost::pulses(int unit, int coil) const {
  const auto trace = devices_->bus->trace();
  const auto is_pulse = [&](const auto& change) { return change.on && change.unit == unit && change.coil == coil; };
  return static_cast<std::size_t>(std::count_if(trace.begin(), trace.end(), is_pulse));
}

}  // namespace gapura::tests
