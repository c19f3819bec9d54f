// SPDX-License-Identifier: Apache-2.0
#include "simulated/control/control.h"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>

#include <boost/json.hpp>
#include <condition_variable>
#include <functional>
#include <map>
#include <optional>
#include <thread>

#include "drivers/base64.h"
#include "drivers/mutex.h"

namespace gapura::simulated {
namespace {

namespace json = boost::json;

// Runs functions after a delay, on one thread. Those still waiting at its destruction never run.
class Later {
 public:
  Later() : thread_([this](const std::stop_token& stop) { run(stop); }) {}
  void after(Millis delay, std::function<void()> action) {
    const MutexLock lock(mutex_);
    due_.emplace(std::chrono::steady_clock::now() + delay, std::move(action));
    changed_.notify_all();
  }

 private:
  void run(const std::stop_token& stop) {
    MutexLock lock(mutex_);
    while (!stop.stop_requested()) {
      if (due_.empty()) {
        changed_.wait(lock, stop, [this]() REQUIRES(mutex_) { return !due_.empty(); });
      } else if (due_.begin()->first > std::chrono::steady_clock::now()) {
        const auto first = due_.begin()->first;
        changed_.wait_until(lock, stop, first, [this, first]() REQUIRES(mutex_) { return due_.begin()->first < first; });
      } else {
        const auto action = due_.extract(due_.begin());
        lock.unlock();
        action.mapped()();
        lock.lock();
      }
    }
  }

  Mutex mutex_;
  std::condition_variable_any changed_;
  std::multimap<std::chrono::steady_clock::time_point, std::function<void()>> due_ GUARDED_BY(mutex_);
  std::jthread thread_;  // last: it uses everything above
};

tl::unexpected<Error> wrong(std::string sentence) { return fail(ErrorKind::bad_input, std::move(sentence)); }

// Fields of a request; each error says in a sentence what was expected.
Result<std::string> text_of(const json::object& body, const char* key) {
  const json::value* value = body.if_contains(key);
  if (!value || !value->is_string()) return wrong(fmt::format("\"{}\" is missing, or is no string", key));
  return std::string(value->get_string());
}

Result<std::int64_t> number_of(const json::object& body, const char* key, std::optional<std::int64_t> otherwise = {}) {
  const json::value* value = body.if_contains(key);
  if (!value && otherwise) return *otherwise;
  if (!value || !value->is_int64()) return wrong(fmt::format("\"{}\" is missing, or is no whole number", key));
  return value->get_int64();
}

bool flag_of(const json::object& body, const char* key) {
  const json::value* value = body.if_contains(key);
  return value && value->is_bool() && value->get_bool();
}

// The one or two codes of a request.
Result<std::vector<std::string>> codes_of(const json::object& body) {
  if (const json::value* many = body.if_contains("texts")) {
    if (!many->is_array() || many->get_array().size() != 2) return wrong("\"texts\" must be a list of two strings");
    std::vector<std::string> texts;
    for (const auto& one : many->get_array()) {
      if (!one.is_string()) return wrong("\"texts\" must be a list of two strings");
      texts.emplace_back(one.get_string());
    }
    return texts;
  }
  if (body.contains("bytes_base64")) {
    auto encoded = TRY(text_of(body, "bytes_base64"));
    auto bytes = from_base64(encoded);
    if (!bytes) return wrong("\"bytes_base64\" holds something that is not base64");
    return std::vector<std::string>{*bytes};
  }
  auto text = text_of(body, "text");
  if (!text) return wrong("one of \"text\", \"texts\" and \"bytes_base64\" is needed");
  return std::vector<std::string>{*text};
}

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_input:
      return 400;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::conflict:
      return 409;
    default:
      return 503;
  }
}

class ControlServer final : public Control {
 public:
  explicit ControlServer(Post& post) : post_(post) {}
  ~ControlServer() override {
    http_.stop();
    if (thread_.joinable()) thread_.join();
  }
  int port() const override { return port_; }

  Status start(int port, const std::map<std::string, ControlAct>& more) {
    http_.set_payload_max_length(16u << 20);
    routes();
    for (const auto& [path, act] : more) on_post(path, act);
    http_.set_error_handler([](const httplib::Request& request, httplib::Response& response) {
      if (!response.body.empty()) return;
      answer_text(response, response.status == 413
                                ? "the body is too large (16 MiB; 8 KiB unless its Content-Type says what it is)"
                                : fmt::format("there is no {} {}", request.method, request.path));
    });
    // Not httplib's SO_REUSEPORT, which shares a port with another server of the same user instead of failing.
    http_.set_socket_options([](int socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    port_ = port == 0 ? http_.bind_to_any_port("127.0.0.1") : (http_.bind_to_port("127.0.0.1", port) ? port : -1);
    if (port_ < 0) return fail(ErrorKind::unavailable, fmt::format("the control port {} is taken", port));
    thread_ = std::thread([this] { http_.listen_after_bind(); });
    return {};
  }

 private:
  using Answer = Result<json::value>;

  static void answer(httplib::Response& response, const Answer& result) {
    if (!result) response.status = status_of(result.error().kind);
    const json::value body = result ? *result : json::value{{"error", result.error().message}};
    response.set_content(json::serialize(body) + "\n", "application/json");
  }

  static void answer_text(httplib::Response& response, const std::string& sentence) {
    response.set_content(json::serialize(json::value{{"error", sentence}}) + "\n", "application/json");
  }

  void on_post(const std::string& path, ControlAct act) {
    http_.Post(path, [act = std::move(act)](const httplib::Request& request, httplib::Response& response) {
      json::error_code error;
      const json::value body = json::parse(request.body, error);
      if (error || !body.is_object()) return answer(response, wrong("the body must be a JSON object"));
      answer(response, act(body.get_object()));
    });
  }

  void routes() {
    on_post("/show", [this](const auto& body) { return show(body); });
    on_post("/clear", [this](const auto& body) { return clear(body); });
    on_post("/people", [this](const auto& body) { return people(body); });
    on_post("/pass", [this](const auto& body) { return pass(body); });
    on_post("/detector", [this](const auto& body) { return detector(body); });
    on_post("/rex", [this](const auto& body) { return rex(body); });
    on_post("/input", [this](const auto& body) { return input(body); });
    on_post("/coil", [this](const auto& body) { return coil(body); });
    on_post("/scan", [this](const auto& body) { return scan(body); });
    on_post("/misbehave", [this](const auto& body) { return misbehave(body); });
    http_.Post("/picture", [this](const auto& request, auto& response) { answer(response, picture(request)); });
    http_.Get("/paper.png", [this](const auto&, auto& response) { paper(response); });
    http_.Get("/trace", [this](const auto& request, auto& response) { answer(response, trace(request)); });
    http_.Get("/state", [this](const auto&, auto& response) { answer(response, state()); });
  }

  Answer show(const json::object& body) {
    const auto name = TRY(text_of(body, "camera"));
    const auto camera = TRY(post_.camera(name));
    const auto codes = TRY(codes_of(body));
    const auto ms = TRY(number_of(body, "ms", 3000));
    TRY(flag_of(body, "sheet") && codes.size() == 1 ? camera->show_sheet(codes[0], Millis(ms))
        : codes.size() == 2                         ? camera->show_two(codes[0], codes[1], Millis(ms))
                                                    : camera->show(codes[0], Millis(ms)));
    return json::value{{"shown", codes.size()}};
  }

  // Pulls the scanner's trigger; "bytes_base64" is sent over a serial line as it is, without a terminator.
  Answer scan(const json::object& body) {
    const auto name = text_of(body, "scanner");
    const auto codes = codes_of(body);
    if (!name) return tl::unexpected(name.error());
    if (!codes) return tl::unexpected(codes.error());
    if (*name != "serial-scanner" && *name != "hid-scanner")
      return wrong("\"scanner\" must be \"serial-scanner\" or \"hid-scanner\"");
    if (!post_.serial_scanner) return wrong("this post has no scanners: start gapura-sim with --devices FOLDER");
    const std::string& text = codes->front();
    const bool raw = body.contains("bytes_base64");
    TRY(*name == "hid-scanner" ? raw ? post_.hid_scanner->send(typed(text)) : post_.hid_scanner->scan(text)
        : raw ? post_.serial_scanner->send(text)
                               : post_.serial_scanner->scan(text));
    return json::value{{"scanned", text.size()}};
  }

  // Answers with the paper cut off last.
  void paper(httplib::Response& response) {
    const auto papers = post_.printer ? post_.printer->papers() : std::vector<Paper>{};
    if (papers.empty()) return answer(response, fail(ErrorKind::not_found, "nothing has been printed"));
    const std::vector<std::uint8_t> png = to_png(papers.back());
    response.set_content(std::string(png.begin(), png.end()), "image/png");
  }

  Answer picture(const httplib::Request& request) {
    const auto camera = TRY(post_.camera(request.get_param_value("camera")));
    const std::string ms = request.has_param("ms") ? request.get_param_value("ms") : "3000";
    const std::vector<std::uint8_t> bytes(request.body.begin(), request.body.end());
    TRY(camera->show_picture(bytes, Millis(std::atoll(ms.c_str()))));
    return json::value{{"shown", 1}};
  }

  Answer clear(const json::object& body) {
    const auto name = text_of(body, "camera");
    const auto camera = TRY(name ? post_.camera(*name) : tl::unexpected(name.error()));
    camera->clear();
    return json::value{{"shown", 0}};
  }

  Answer people(const json::object& body) {
    const auto camera = post_.camera("waiting");
    const auto count = TRY(number_of(body, "count"));
    (*camera)->set_people(static_cast<int>(count));
    return json::value{{"count", count}};
  }

  Result<int> unit_of(const json::object& body) {
    const auto unit = TRY(number_of(body, "unit"));
    TRY(Post::check_unit(static_cast<int>(unit)));
    return static_cast<int>(unit);
  }

  // Returns the line that a unit is on: the request's "line", or the one on TCP.
  Result<SimulatedBus*> line_of(const json::object& body) {
    if (!body.contains("line")) return post_.line("tcp");
    const auto name = TRY(text_of(body, "line"));
    return post_.line(name);
  }

  // Answers when the person has passed, or has stopped waiting.
  Answer pass(const json::object& body) {
    const auto unit = TRY(unit_of(body));
    const auto bus = TRY(line_of(body));
    const auto direction = text_of(body, "direction");
    if (!direction || (*direction != "entry" && *direction != "exit")) {
      return wrong("\"direction\" must be \"entry\" or \"exit\"");
    }
    const auto limit = TRY(number_of(body, "within_ms", 5000));
    const bool passed = bus->person_passes(unit, *direction == "exit" ? Direction::exit : Direction::entry, Millis(limit));
    return json::value{{"passed", passed}};
  }

  Answer detector(const json::object& body) {
    const auto unit = TRY(unit_of(body));
    const auto bus = TRY(line_of(body));
    bus->detector_passage(unit, flag_of(body, "alarm"));
    return json::value{{"walked", true}};
  }

  Answer rex(const json::object& body) {
    const auto unit = TRY(unit_of(body));
    const auto bus = TRY(line_of(body));
    bus->rex(unit);
    return json::value{{"pressed", true}};
  }

  Answer input(const json::object& body) {
    const auto unit = TRY(unit_of(body));
    const auto bus = TRY(line_of(body));
    const auto index = number_of(body, "input");
    if (!index || *index < 0 || *index > 7) return wrong("\"input\" must be a number from 0 to 7");
    bus->set_input(unit, static_cast<int>(*index), flag_of(body, "on"));
    return json::value{{"input", *index}, {"on", flag_of(body, "on")}};
  }

  Answer coil(const json::object& body) {
    const auto unit = TRY(unit_of(body));
    const auto bus = TRY(line_of(body));
    const auto index = number_of(body, "coil");
    if (!index || *index < 0 || *index > 7) return wrong("\"coil\" must be a number from 0 to 7");
    bus->write_coil(unit, static_cast<int>(*index), flag_of(body, "on"));
    return json::value{{"coil", *index}, {"on", flag_of(body, "on")}};
  }

  // A camera by its name, "rtsp" for the whole camera server, "unit-1" and so on for units on the Modbus TCP line, "rtu-1"
  // on the serial line, "rtu-tcp-1" on the converter.
  Answer misbehave(const json::object& body) {
    const auto device = text_of(body, "device"), name = text_of(body, "name");
    if (!device) return tl::unexpected(device.error());
    if (!name) return tl::unexpected(name.error());
    const auto ms = TRY(number_of(body, "ms", 0));
    const auto dash = device->rfind('-');
    const std::string line = dash == std::string::npos ? "" : device->substr(0, dash);
    const bool is_unit = line == "unit" || line == "rtu" || line == "rtu-tcp";
    TRY(is_unit ? misbehave_unit(line == "unit" ? "tcp" : line, device->substr(dash + 1), *name, Millis(ms))
        : line == "serial" || line == "hid" ? misbehave_scanner(*device, *name, Millis(ms))
        : *device == "printer"              ? misbehave_printer(*name, Millis(ms))
        : *device == "rtsp"                 ? misbehave_server(*name, Millis(ms))
                                            : misbehave_camera(*device, *name, Millis(ms)));
    return json::value{{"device", *device}, {"name", *name}};
  }

  Status misbehave_camera(const std::string& device, const std::string& name, Millis length) {
    const auto camera = post_.camera(device);
    if (!camera) return wrong(camera.error().message + "; also rtsp, unit-1, unit-2 and unit-3");
    return (*camera)->misbehave(name, length);
  }

  Status misbehave_server(const std::string& name, Millis length) {
    if (name != "down" && name != "up" && name != "normal") return wrong("the RTSP server can be down or up");
    if (name == "down" && length > Millis(0)) later_.after(length, [this] { (void)post_.cameras->set_listening(true); });
    return post_.cameras->set_listening(name != "down");
  }

  Status misbehave_printer(const std::string& name, Millis length) {
    if (!post_.printer) return wrong("this post has no printer: start gapura-sim with --printer-port PORT");
    TRY(post_.printer->misbehave(name == "normal" ? "none" : name));
    if (length > Millis(0)) later_.after(length, [this] { (void)post_.printer->misbehave("none"); });
    return {};
  }

  Status misbehave_scanner(const std::string& device, const std::string& name, Millis length) {
    if (!post_.serial_scanner || (device != "serial-scanner" && device != "hid-scanner"))
      return wrong("there is no such scanner; gapura-sim --devices FOLDER has serial-scanner and hid-scanner");
    const bool hid = device == "hid-scanner";
    const auto plug = [this, hid] { return hid ? post_.hid_scanner->plug() : post_.serial_scanner->plug(); };
    if (name == "normal") return plug();
    if (name == "unplugged") {
      hid ? post_.hid_scanner->unplug() : post_.serial_scanner->unplug();
      if (length > Millis(0)) later_.after(length, [plug] { (void)plug(); });
      return {};
    }
    if (name == "half") return hid ? post_.hid_scanner->send(typed("G1:01")) : post_.serial_scanner->send("G1:01");
    if (name == "noise") {
      static const std::string noise("\x00\xff\x15G1\x07:\xa5\x5a", 9);
      return hid ? post_.hid_scanner->send({{1, 63, 1}, {1, 63, 0}, {1, 28, 1}}) : post_.serial_scanner->send(noise);
    }
    return wrong("a scanner can be unplugged, or send noise or half a scan; normal plugs it in");
  }

  Status misbehave_unit(const std::string& line, const std::string& number, const std::string& name, Millis length) {
    const int unit = std::atoi(number.c_str());
    TRY(Post::check_unit(unit));
    const auto bus = post_.line(line);
    if (!bus) return tl::unexpected(bus.error());
    if (name == "power_cycle") return (*bus)->power_cycle(unit, length > Millis(0) ? length : Millis(500)), Status();
    const auto kind = misbehaviour_from_text(name == "normal" ? "none" : name);
    if (!kind) return tl::unexpected(Error{kind.error().kind, kind.error().message + "; also power_cycle"});
    (*bus)->misbehave(unit, *kind);
    if (length > Millis(0)) later_.after(length, [bus = *bus, unit] { bus->misbehave(unit, {}); });
    return {};
  }

  Answer trace(const httplib::Request& request) {
    const auto bus = TRY(post_.line(request.has_param("line") ? request.get_param_value("line") : "tcp"));
    const auto changes = bus->trace();
    const auto after = static_cast<std::size_t>(std::atoll(request.get_param_value("after").c_str()));
    json::array list;
    for (std::size_t i = after; i < changes.size(); ++i) list.push_back(json::parse(to_json(changes[i])));
    return json::value{{"trace", std::move(list)}, {"next", changes.size()}};
  }

  Answer state() {
    json::array cameras, units;
    for (const RtspCamera* camera : post_.cameras->cameras()) {
      const CameraPlan& plan = camera->plan();
      cameras.push_back({{"name", plan.name},
                         {"url", post_.cameras->url(plan.name)},
                         {"mjpeg", post_.mjpeg ? post_.mjpeg->url(plan.name) : ""},
                         {"width", plan.width},
                         {"height", plan.height},
                         {"fps", plan.fps},
                         {"watched", camera->watched()},
                         {"frames", camera->frames()},
                         {"misbehaviour", camera->misbehaviour()}});
    }
    for (const char* line : {"tcp", "rtu", "rtu-tcp"})
      if (const auto bus = post_.line(line))
        for (const int unit : {kTurnstile, kDoor, kDetector}) units.push_back(state_of(**bus, line, unit));
    json::value printer;
    if (post_.printer)
      printer = {{"port", post_.printer->port()},
                 {"papers", post_.printer->papers().size()},
                 {"misbehaviour", post_.printer->misbehaviour()}};
    return json::value{
        {"cameras", cameras}, {"modbus_port", post_.bus->port()}, {"units", units}, {"printer", std::move(printer)}};
  }

  static json::object state_of(const SimulatedBus& bus, const char* line, int unit) {
    json::array coils, inputs;
    for (int i = 0; i < 4; ++i) {
      coils.push_back(bus.coil(unit, i));
      inputs.push_back(bus.input(unit, i));
    }
    return {{"line", line}, {"unit", unit}, {"coils", coils}, {"inputs", inputs}, {"requests", bus.requests(unit)}};
  }

  Post& post_;
  int port_ = 0;
  httplib::Server http_;
  Later later_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Control>> Control::create(Post& post, int port, const std::map<std::string, ControlAct>& more) {
  auto server = std::make_unique<ControlServer>(post);
  TRY(server->start(port, more));
  return server;
}

}  // namespace gapura::simulated
