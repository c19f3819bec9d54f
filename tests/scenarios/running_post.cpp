// SPDX-License-Identifier: Apache-2.0
#include "running_post.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <fstream>

namespace gapura::tests {
namespace {

const std::string gapura = GAPURA_BINARY_DIR "/gapura";

int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0);
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  REQUIRE(text.find(from) != std::string::npos);
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

// Faked time of day only: the boot clock stays true, as it does when a real clock is set.
std::string clock_library() {
  std::error_code none;
  for (const auto& folder : std::filesystem::directory_iterator("/usr/lib", none)) {
    const auto library = folder.path() / "faketime/libfaketimeMT.so.1";
    if (std::filesystem::exists(library, none)) return library;
  }
  return "";
}

UtcTime machine_now() { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

}  // namespace

LocalStart::LocalStart(Minutes of_day, Minutes zone) : utc(machine_now()), offset(zone) {
  utc = at(of_day);
  if (utc < machine_now()) utc += std::chrono::days(1);
}

UtcTime LocalStart::at(Minutes of_day, int days_later) const {
  return UtcTime(std::chrono::floor<std::chrono::days>(utc + offset) + std::chrono::days(days_later)) + of_day - offset;
}

std::string LocalStart::day(int days_later) const {
  return format_rfc3339(utc + std::chrono::days(days_later), offset).substr(0, 10);
}

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

RunningPost::RunningPost(const PostPlan& plan) : data_(plan.data_folder.empty() ? folder_ / "data" : plan.data_folder) {
  setenv("GAPURA_SHARE", GAPURA_SOURCE_DIR "/config", 1);
  auto devices = simulated::Post::open({0, 0, folder_ / "trace.jsonl"});
  if (!devices) FAIL(devices.error().message);
  devices_ = std::move(*devices);
  port_ = free_port();
  write_configuration(plan);
  if (plan.clock) set_clock(*plan.clock - machine_now());
  run_gapura({"init", data_, "--site", "demo"});
  start_daemon();
}

RunningPost::~RunningPost() {
  clients_.clear();
  daemon_.reset();
}

// The demo's own configuration, on this test's ports.
void RunningPost::write_configuration(const PostPlan& plan) {
  std::ifstream demo(GAPURA_SOURCE_DIR "/config/demo.toml");
  std::string text((std::istreambuf_iterator<char>(demo)), {});
  replace_all(text, "127.0.0.1:8554", "127.0.0.1:" + std::to_string(devices_->cameras->port()));
  replace_all(text, "port = 1502", "port = " + std::to_string(devices_->bus->port()));
  replace_all(text, "port = 8443", "port = " + std::to_string(port_));
  replace_all(text, "[[area]]\nid = \"outside\"", "[journal]\nreserve_mib = 16\n\n[[area]]\nid = \"outside\"");
  for (const auto& [from, to] : plan.instead) replace_all(text, from, to);
  std::ofstream(folder_ / "site.toml") << text << '\n' << plan.also;
  for (const auto& [name, content] : plan.files) std::ofstream(folder_ / name) << content;
}

bool RunningPost::can_set_clock() { return !clock_library().empty(); }

void RunningPost::set_clock(Millis ahead) {
  // Renamed into place, for the daemon reads it whenever it looks at the clock.
  const std::string file = folder_ / "clock";
  std::ofstream(file + ".new") << fmt::format("{:+.3f}", std::chrono::duration<double>(ahead).count());
  std::filesystem::rename(file + ".new", file);
  ahead_ = ahead;
}

void RunningPost::pass(Millis time) {
  constexpr Millis step{50'000};  // a minute at once is a clock that jumped
  for (; time > Millis(0); time -= step) {
    const UtcTime before = now();
    set_clock(*ahead_ + std::min(time, step));
    REQUIRE(now() >= before + std::min(time, step));
  }
}

void RunningPost::jump(Millis time) { set_clock(*ahead_ + time); }

UtcTime RunningPost::now() { return time_of(get("admin", "/api/v1/status").as_object(), "time"); }

std::string RunningPost::run_gapura(std::vector<std::string> words) {
  words.insert(words.begin(), gapura);
  const std::string output = folder_ / "command.txt";
  std::filesystem::remove(output);
  ChildProcess command(words, output);
  const int code = command.wait();
  INFO(command.output());
  REQUIRE(code == 0);
  return command.output();
}

void RunningPost::start_daemon() {
  std::vector<std::string> words{gapura, "serve", "--config", folder_ / "site.toml", "--data", data_};
  if (ahead_) {
    const char* sanitizer = std::getenv("ASAN_OPTIONS");
    const std::vector<std::string> clock{
        "/usr/bin/env",
        "LD_PRELOAD=" + clock_library(),
        "FAKETIME_TIMESTAMP_FILE=" + (folder_ / "clock"),
        "FAKETIME_NO_CACHE=1",
        "DONT_FAKE_MONOTONIC=1",
        "ASAN_OPTIONS=verify_asan_link_order=0:" + std::string(sanitizer ? sanitizer : "")};
    words.insert(words.begin(), clock.begin(), clock.end());
  }
  daemon_ = std::make_unique<ChildProcess>(words, folder_ / "daemon.log");
  const bool answers = wait_until(
      [&] {
        ChildProcess status({gapura, "status", "--data", data_}, "/dev/null");
        return status.wait() == 0 || !daemon_->running();
      },
      20s);
  INFO(daemon_->output());
  REQUIRE(answers);
  REQUIRE(daemon_->running());
  if (accounts_.empty()) add_accounts();
  const bool ready = wait_until(
      [&] {
        for (const char* device : {"cam-gate", "cam-exit", "cam-door", "cam-waiting", "gate1", "door1", "wtmd1"})
          if (!device_online(device)) return false;
        return true;
      },
      20s);
  INFO(daemon_->output());
  REQUIRE(ready);
}

void RunningPost::add_accounts() {
  for (const auto& [role, name] :
       std::map<std::string, std::string>{{"guard", "petugas"}, {"aide", "ajudan"}, {"admin", "admin"}}) {
    const auto answer = json::parse(run_gapura({"user", "add", name, "--role", role, "--data", data_, "--json"}));
    accounts_[role] = {name, std::string(answer.at("password").as_string()), ""};
    clients_[role] = std::make_unique<simulated::ApiClient>(url(), data_ + "/tls/ca.pem", accounts_[role]);
  }
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

json::object RunningPost::wait_event(const std::string& type, std::chrono::milliseconds limit,
                                     const std::function<bool(const json::object&)>& fits) {
  json::object found;
  const bool came = wait_until(
      [&] {
        for (const auto& event : events(type)) {
          if (!fits(event.as_object())) continue;
          found = event.as_object();
          return true;
        }
        return false;
      },
      limit);
  INFO("waiting for " << type << "; there were " << json::serialize(events()) << "\n" << daemon_->output());
  REQUIRE(came);
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

// Unseen for a second, a badge has been taken away; two badges 300 ms apart were not in view together. 12 frames a second.
simulated::RtspCamera& RunningPost::empty_view(const std::string& name, const std::string& next) {
  auto& lens = camera(name);
  const auto last = last_shown_.find(name);
  const bool first = last == last_shown_.end();
  const bool other = !first && !next.empty() && !last->second.empty() && last->second != next;
  const std::uint64_t frames = first ? 0 : other ? 8 : 20;
  last_shown_[name] = next;
  lens.clear();
  const auto empty_from = lens.frames();
  REQUIRE(wait_until([&] { return lens.frames() >= empty_from + frames; }, 10s));
  return lens;
}

void RunningPost::hold(const std::string& name, const std::string& code, std::chrono::milliseconds length) {
  REQUIRE(empty_view(name, code).show(code, length));
}

void RunningPost::hold_picture(const std::string& name, const std::string& picture, std::chrono::milliseconds length) {
  REQUIRE(empty_view(name, "").show_picture({picture.begin(), picture.end()}, length));
}

void RunningPost::walk(const std::string& name, const std::string& code) {
  const int unit = name == "gate" || name == "exit" ? simulated::kTurnstile : simulated::kDoor;
  const auto direction = name == "exit" ? Direction::exit : Direction::entry;
  REQUIRE(bus().wait_for_coil(unit, name == "exit" ? 1 : 0, false, 5s));  // of the one before
  mark();
  hold(name, code, 2s);
  const bool released = bus().person_passes(unit, direction, 5s);
  INFO("at " << name << "; there were " << json::serialize(events()));
  REQUIRE(released);
  const auto granted = wait_event("access_granted");
  CHECK(wait_event("access_taken").at("ref") == granted.at("number"));
}

std::vector<std::string> RunningPost::denied(const std::string& name, const std::string& code) {
  const auto before = pulses();
  mark();
  hold(name, code, 2s);
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
