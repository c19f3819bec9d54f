// SPDX-License-Identifier: Apache-2.0
#include "running_post.h"

#include <arpa/inet.h>
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

}  // namespace

std::string text(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::vector<std::string> reasons_of(const json::object& event) {
  std::vector<std::string> reasons;
  for (const auto& reason : event.at("data").at("reasons").as_array()) reasons.emplace_back(reason.as_string());
  return reasons;
}

RunningPost::RunningPost(std::string data_folder) : data_(data_folder.empty() ? folder_ / "data" : std::move(data_folder)) {
  setenv("GAPURA_SHARE", GAPURA_SOURCE_DIR "/config", 1);
  auto devices = simulated::Post::open({0, 0, folder_ / "trace.jsonl"});
  if (!devices) FAIL(devices.error().message);
  devices_ = std::move(*devices);
  port_ = free_port();
  write_configuration();
  run_gapura({"init", data_, "--site", "demo"});
  start_daemon();
}

RunningPost::~RunningPost() {
  clients_.clear();
  daemon_.reset();
}

// The demo's own configuration, on this test's ports.
void RunningPost::write_configuration() {
  std::ifstream demo(GAPURA_SOURCE_DIR "/config/demo.toml");
  std::string text((std::istreambuf_iterator<char>(demo)), {});
  replace_all(text, "127.0.0.1:8554", "127.0.0.1:" + std::to_string(devices_->cameras->port()));
  replace_all(text, "port = 1502", "port = " + std::to_string(devices_->bus->port()));
  replace_all(text, "port = 8443", "port = " + std::to_string(port_));
  replace_all(text, "[[area]]\nid = \"outside\"", "[journal]\nreserve_mib = 16\n\n[[area]]\nid = \"outside\"");
  std::ofstream(folder_ / "site.toml") << text;
}

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
  daemon_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{gapura, "serve", "--config", folder_ / "site.toml", "--data", data_},
      folder_ / "daemon.log");
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

RunningPost::Guest RunningPost::accepted_guest(const std::string& name) {
  Guest guest;
  guest.visit = json::value_to<std::string>(
      post("guard", "/api/v1/visits", {{"name", name}, {"purpose", "uji"}, {"whom", "pimpinan"}, {"category", "general"}})
          .at("id"));
  const auto asked = post("guard", "/api/v1/visits/" + guest.visit + "/ask", json::object{});
  post("aide", "/api/v1/visits/" + guest.visit + "/decision",
       {{"decision", "accept_now"}, {"version", asked.at("approval_version")}});
  const auto given = post("guard", "/api/v1/visits/" + guest.visit + "/badge", json::object{});
  guest.badge = json::value_to<std::string>(given.at("badge").at("id"));
  guest.token = json::value_to<std::string>(given.at("token"));
  return guest;
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

// 12 frames a second: a second and a half without a card ends the presentation before.
simulated::RtspCamera& RunningPost::empty_view(const std::string& name) {
  auto& lens = camera(name);
  lens.clear();
  const auto empty_from = lens.frames();
  REQUIRE(wait_until([&] { return lens.frames() >= empty_from + 20; }, 10s));
  return lens;
}

void RunningPost::hold(const std::string& name, const std::string& code, std::chrono::milliseconds length) {
  REQUIRE(empty_view(name).show(code, length));
}

void RunningPost::hold_picture(const std::string& name, const std::string& picture, std::chrono::milliseconds length) {
  REQUIRE(empty_view(name).show_picture({picture.begin(), picture.end()}, length));
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

}  // namespace gapura::tests
