// SPDX-License-Identifier: Apache-2.0
// [[camera]], [[bus]], [[controller]] and [[reader]].
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "drivers/camera/address.h"
#include "drivers/serial_scanner/serial_line.h"
#include "gateway/settings/certificate.h"
#include "gateway/settings/site_reader.h"
#include "models/base/text.h"

namespace gapura::gateway {
namespace {

bool starts_with_any(const std::string& text, std::initializer_list<const char*> heads) {
  return std::any_of(heads.begin(), heads.end(), [&](const char* head) { return text.rfind(head, 0) == 0; });
}

bool has_strange_bytes(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; });
}

}  // namespace

void SiteReader::read_camera(Section section) {
  CameraEntry camera;
  camera.driver.id = CameraId(own_id(section, cameras_));
  camera.driver.url = section.required_text("url");
  check_url(section, camera.driver.url);
  read_tls(section, camera);
  camera.roles = section.required_choices("roles", {"badge", "evidence", "waiting_room"});
  camera.driver.reads_badges = std::count(camera.roles.begin(), camera.roles.end(), "badge") > 0;
  camera.driver.fps = section.number("fps", 0, 0, 120);
  camera.driver.picture.frozen = section.seconds("frozen_s", camera.driver.picture.frozen, 0, 3600);
  camera.driver.picture.moved = section.seconds("moved_s", camera.driver.picture.moved, 0, 3600);
  camera.watches = section.texts("watches");
  camera.clips = section.choices("clip", {"granted", "denied", "forced", "detector_alarm"});
  camera.driver.keeps_clips = !camera.clips.empty();
  if (camera.driver.keeps_clips && !drivers::can_keep_clips(camera.driver.url))
    section.mistake("clip", "files and /dev/video… give pictures only: expected an rtsp:// or http:// address for clips");
  section.finish();
  settings_.cameras.push_back(std::move(camera));
}

// How the camera is identified. A certificate that is not checked protects nothing, so that needs a reason.
void SiteReader::read_tls(Section& section, CameraEntry& camera) {
  drivers::TlsTrust& tls = camera.driver.tls;
  tls.verify = section.flag("tls_verify", true);
  tls.ca_file = absolute(section.text("tls_ca"));
  const std::string fingerprint = section.text("tls_fingerprint");
  camera.accept_unverified_tls = section.text("accept_unverified_tls");
  const bool secured = starts_with_any(camera.driver.url, {"rtsps://", "https://"});
  for (const char* key : {"tls_verify", "tls_ca", "tls_fingerprint", "accept_unverified_tls"})
    if (section.has(key) && !secured && !camera.driver.url.empty())
      section.mistake(key, "expected only with an rtsps:// or https:// address");
  if (!tls.ca_file.empty() && !read_certificate(tls.ca_file)) section.wrong("tls_ca", "certificates in a PEM file");
  tls.fingerprint = lower_case(fingerprint);
  std::erase(tls.fingerprint, ':');
  if (!tls.fingerprint.empty() &&
      (tls.fingerprint.size() != 64 || tls.fingerprint.find_first_not_of("0123456789abcdef") != std::string::npos))
    section.wrong("tls_fingerprint",
                  "the SHA-256 of the camera's certificate: 64 hexadecimal digits, with colons or without");
  if (!tls.ca_file.empty() && !tls.fingerprint.empty())
    section.mistake("tls_fingerprint", "expected tls_ca or tls_fingerprint, not both");
  const bool reason = camera.accept_unverified_tls.find_first_not_of(" \t") != std::string::npos;
  if (!tls.verify && !reason)
    section.mistake("tls_verify",
                    "without it the camera's password is sent to any host that answers; name its CA (tls_ca) or its "
                    "certificate (tls_fingerprint), or say why this is safe: accept_unverified_tls = \"…\"");
  if (tls.verify && reason) section.mistake("accept_unverified_tls", "expected only with tls_verify = false");
  if (!tls.verify && !(tls.ca_file.empty() && tls.fingerprint.empty()))
    section.mistake("tls_verify", "expected true with tls_ca or tls_fingerprint");
}

void SiteReader::check_url(Section& section, const std::string& url) {
  if (url.empty()) return;
  if (url.find("://") == std::string::npos) {
    std::error_code error;
    const bool is_device = starts_with_any(url, {"/dev/"}) && !has_strange_bytes(url);  // may be plugged in later
    if (!is_device && !std::filesystem::is_regular_file(absolute(url), error))
      section.wrong("url", "rtsp://…, http://…, /dev/video… or a file that exists");
  } else if (!drivers::split_address(url) || has_strange_bytes(url)) {
    // Messages are passed on by mail; passwords must not be.
    section.mistake("url", fmt::format("expected rtsp://host…, http://host…, /dev/video… or a file, found {}",
                                       in_quotes(drivers::without_credentials(url))));
  }
}

void SiteReader::read_bus(Section section) {
  using Kind = drivers::BusSettings::Kind;
  drivers::BusSettings bus;
  bus.id = BusId(own_id(section, buses_));
  const std::string kind = section.required_choice("kind", {"modbus-tcp", "modbus-rtu", "modbus-rtu-tcp"});
  bus.kind = kind == "modbus-rtu" ? Kind::rtu : kind == "modbus-rtu-tcp" ? Kind::rtu_over_tcp : Kind::tcp;
  const bool serial = bus.kind == Kind::rtu;
  const auto strangers = serial                  ? std::vector{"host", "port", "one_answer"}
                         : bus.kind == Kind::tcp ? std::vector{"device", "baud", "parity", "stop_bits"}
                                                 : std::vector{"device"};
  for (const char* key : strangers)
    if (!kind.empty() && section.has(key)) {
      section.allow(key);
      section.mistake(key, fmt::format("expected not with kind = {}", in_quotes(kind)));
    }
  if (serial)
    read_serial(section, bus);
  else
    read_network(section, bus);
  bus.response_timeout = section.millis("response_timeout_ms", bus.response_timeout, 20, 5000);
  bus.poll_interval = section.millis("poll_ms", bus.poll_interval, 10, 5000);
  bus.settle = section.millis("settle_ms", bus.settle, 0, 5000);
  if (!serial) bus.one_answer = section.flag("one_answer", false);
  section.finish();
  settings_.buses.push_back(std::move(bus));
}

// One worker and one connection per endpoint: many boards accept only one.
void SiteReader::read_network(Section& section, drivers::BusSettings& bus) {
  const bool converter = bus.kind == drivers::BusSettings::Kind::rtu_over_tcp;
  bus.host = section.required_text("host");
  if (!bus.host.empty() && !is_host(bus.host)) section.wrong("host", "an address or a host name");
  bus.port = section.integer("port", converter ? 4196 : bus.port, 1, 65535);
  if (!bus.host.empty()) only_once(section, "host", fmt::format("{}:{}", bus.host, bus.port), endpoints_, "endpoint");
  bus.baud = 0;
  if (converter && section.has("baud")) read_speed(section, bus);
}

void SiteReader::read_serial(Section& section, drivers::BusSettings& bus) {
  bus.device = section.required_text("device");
  if (!bus.device.empty() && (bus.device.front() != '/' || has_strange_bytes(bus.device)))
    section.wrong("device", "the path of a serial port, such as \"/dev/serial/by-id/usb-…\" or \"/dev/ttyUSB0\"");
  if (!bus.device.empty()) only_once(section, "device", bus.device, endpoints_, "serial port");
  read_speed(section, bus);
}

void SiteReader::read_speed(Section& section, drivers::BusSettings& bus) {
  bus.baud = section.integer("baud", 9600, 1200, 115200);
  constexpr int speeds[] = {1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200};
  if (std::find(std::begin(speeds), std::end(speeds), bus.baud) == std::end(speeds))
    section.wrong("baud", "1200, 2400, 4800, 9600, 19200, 38400, 57600 or 115200");
  const std::string parity = section.choice("parity", {"none", "even", "odd"}, "none");
  bus.parity = parity == "even" ? 'E' : parity == "odd" ? 'O' : 'N';
  bus.stop_bits = section.integer("stop_bits", 1, 1, 2);
}

// Checks that a slow line can keep the configured times, before it is wired.
void SiteReader::check_lines() {
  for (const drivers::BusSettings& bus : settings_.buses) {
    const auto time = drivers::compute_line_time(bus);
    if (!time || time->round <= bus.poll_interval) continue;
    const Place place = places_["bus " + bus.id.str()];
    reading_.warnings.push_back(
        {reading_.file, place.line, place.column, "bus " + bus.id.str(),
         fmt::format(
             "at {} baud one reading of all its boards takes about {} ms, not {}: a contact that is closed for less can be "
             "missed, and an order waits up to {} ms. Fewer boards on the line, a higher speed, or another line",
             bus.baud, time->round.count(), bus.poll_interval.count(), time->question.count())});
  }
}

void SiteReader::read_controller(Section section) {
  drivers::ControllerSettings controller;
  controller.id = ControllerId(own_id(section, controller_ids_, false));  // a dot separates it from its signals
  const std::string bus = section.required_text("bus");
  controller.unit = section.integer("unit", 1, 1, 255);
  if (controller.unit > 247 && controller.unit < 255) section.wrong("unit", "a whole number from 1 to 247, or 255");
  controller.profile = read_profile(section);
  fit_profile(section, controller.profile);
  section.finish();
  profiles_.emplace(controller.id.str(), controller.profile);
  if (controller.profile.name.empty()) unreadable_.insert(controller.id.str());
  if (!refers(section, "bus", bus, buses_, "bus")) return;
  only_once(section, section.has("unit") ? "unit" : "id", fmt::format("{}/{}", bus, controller.unit), units_,
            "bus and unit");
  for (drivers::BusSettings& candidate : settings_.buses) {
    if (candidate.id.str() != bus) continue;
    if (controller.unit == 255 && candidate.kind != drivers::BusSettings::Kind::tcp)
      section.wrong("unit", "a whole number from 1 to 247 on a serial line");
    return candidate.controllers.push_back(std::move(controller));
  }
}

// Settings of this one board and not of its kind: contacts wired the other way round, its identity, a register of its
// firmware.
void SiteReader::fit_profile(Section& section, drivers::ControllerProfile& profile) {
  const auto inverted = section.texts("inverted");
  for (std::size_t i = 0; i < inverted.size(); ++i) {
    const auto input = std::find_if(profile.inputs.begin(), profile.inputs.end(),
                                    [&](const auto& candidate) { return candidate.name == inverted[i]; });
    if (input != profile.inputs.end())
      input->on_when_set = !input->on_when_set;
    else if (!profile.name.empty())
      section.wrong_item("inverted", i, fmt::format("an input of profile {}", in_quotes(profile.name)));
  }
  if (section.has("identity")) {
    const int value = section.integer("identity", 0, 0, 65535);
    if (profile.identity)
      profile.identity->value = value;
    else if (!profile.name.empty())
      section.mistake("identity", fmt::format("expected a profile with [identity]; {} has none", in_quotes(profile.name)));
  }
  section.allow("identity");
  if (section.has("watchdog_register")) {
    const int where = section.integer("watchdog_register", 0, 0, 65535);
    if (profile.watchdog)
      profile.watchdog->time_register = where;
    else if (!profile.name.empty())
      section.mistake("watchdog_register",
                      fmt::format("expected a profile with [watchdog]; {} has none", in_quotes(profile.name)));
  } else if (profile.watchdog && !profile.watchdog->time_register) {
    section.mistake("watchdog_register",
                    fmt::format("missing; expected the register in which this firmware of {} keeps its host "
                                "watchdog's time: without one its outputs hold when the line is cut",
                                in_quotes(profile.name)));
  }
  section.allow("watchdog_register");
}

// A plain name is a file in the folder of the profiles; a text with a slash or an extension is a path.
drivers::ControllerProfile SiteReader::read_profile(Section& section) {
  const std::string name = section.required_text("profile");
  if (name.empty()) return {};
  const bool plain = name.find('/') == std::string::npos && name.find('.') == std::string::npos;
  const std::string path = plain ? controllers_ + "/" + name + ".toml" : absolute(name);
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    section.wrong("profile", fmt::format("the name of a profile in {}, or the path of one", controllers_));
    return {};
  }
  auto profile = drivers::load_controller_profile(path);
  if (profile) return std::move(*profile);
  section.mistake("profile", "the profile cannot be used: " + profile.error().message);
  return {};
}

void SiteReader::read_reader(Section section) {
  const std::string id = own_id(section, readers_);
  const std::string kind = section.required_choice("kind", {"camera", "hid", "serial"});
  if (const auto desk = find_word<PostReaderKind>(section.choice("role", {"", "post", "return_box"}, ""))) {
    settings_.site.post_readers.push_back({ReaderId(id), *desk});
    post_readers_.emplace(id, section.where("role").line);
  }
  if (kind == "hid" || kind == "serial") {
    read_scanner(section, id, kind == "hid");
  } else {
    read_camera_reader(section, id);
  }
  section.finish();
}

void SiteReader::read_camera_reader(Section& section, const std::string& id) {
  const std::string camera = section.required_text("camera");
  if (!refers(section, "camera", camera, cameras_, "camera")) return;
  only_once(section, "camera", camera, reader_cameras_, "camera");
  for (CameraEntry& entry : settings_.cameras) {
    if (entry.driver.id.str() != camera) continue;
    if (!entry.driver.reads_badges) section.wrong("camera", "a camera whose roles hold \"badge\"");
    entry.driver.reader = ReaderId(id);
  }
}

void SiteReader::read_scanner(Section& section, const std::string& id, bool hid) {
  drivers::ScannerSettings scanner;
  scanner.id = ReaderId(id);
  scanner.kind = hid ? drivers::ScannerSettings::Kind::hid : drivers::ScannerSettings::Kind::serial;
  // Screens identify devices by their id alone.
  if (cameras_.count(id) > 0 || controller_ids_.count(id) > 0)
    section.mistake("id", fmt::format("expected an id that no camera or controller has, found {}", in_quotes(id)));
  read_scanner_place(section, scanner);
  const std::string end =
      hid ? section.choice("ends_with", {"enter", "tab", "enter_or_tab", "idle"}, "enter_or_tab")
          : section.choice("ends_with", {"enter", "tab", "enter_or_tab", "stx_etx", "idle"}, "enter_or_tab");
  scanner.frame.end = find_word<drivers::ScanEnd>(end).value_or(scanner.frame.end);
  scanner.frame.prefix = section.text("prefix");
  scanner.frame.suffix = section.text("suffix");
  scanner.frame.gap = section.millis("gap_ms", scanner.frame.gap, 20, 5000);
  if (hid) {
    scanner.layout = find_word<drivers::KeyLayout>(section.choice("layout", {"us", "de"}, "us")).value_or(scanner.layout);
  } else {
    scanner.baud = section.integer("baud", scanner.baud, 1200, 115200);
    if (!drivers::is_baud(scanner.baud)) section.wrong("baud", "1200, 2400, 4800, 9600, 19200, 38400, 57600 or 115200");
    scanner.parity =
        find_word<drivers::Parity>(section.choice("parity", {"none", "even", "odd"}, "none")).value_or(scanner.parity);
  }
  settings_.scanners.push_back(std::move(scanner));
}

// By a path that does not change with the socket it is plugged into, or by its maker's USB id.
void SiteReader::read_scanner_place(Section& section, drivers::ScannerSettings& scanner) {
  scanner.device = section.text("device");
  const std::string usb = section.text("usb");
  scanner.usb = drivers::parse_usb_id(usb);
  if (!usb.empty() && !scanner.usb)
    section.wrong("usb", "a vendor and product number such as \"0c2e:0b61\" (lsusb shows it)");
  if (scanner.device.empty() == usb.empty())
    return section.mistake(usb.empty() ? "device" : "usb",
                           usb.empty() ? "missing; expected the path of the scanner's device, or usb = \"vendor:product\""
                                       : "expected device or usb, not both");
  if (!scanner.device.empty() && (scanner.device.front() != '/' || has_strange_bytes(scanner.device)))
    section.wrong("device", "an absolute path such as \"/dev/input/by-id/usb-…-event-kbd\" or \"/dev/serial/by-id/usb-…\"");
  const std::string place = scanner.device.empty() ? usb : scanner.device;
  if (!place.empty()) only_once(section, scanner.device.empty() ? "usb" : "device", place, scanner_places_, "device");
}

// Called after everything that can be watched has been read.
void SiteReader::check_watches(std::vector<Section>& sections) {
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const CameraEntry& camera = settings_.cameras[i];
    for (std::size_t item = 0; item < camera.watches.size(); ++item) {
      const std::string& id = camera.watches[item];
      if (portals_.count(id) == 0 && points_.count(id) == 0 && detectors_.count(id) == 0)
        sections[i].wrong_item("watches", item, "the id of a [[portal]], an [[access_point]] or a [[detector]]");
    }
    if (!camera.clips.empty() && camera.watches.empty() && camera.driver.reader.empty())
      sections[i].mistake("clip", "nothing happens before this camera: expected watches = [\"…\"], or a [[reader]] for it");
  }
}

// Reads of a camera without a reader would have no access point.
void SiteReader::check_cameras(std::vector<Section>& sections) {
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const drivers::CameraSettings& camera = settings_.cameras[i].driver;
    if (camera.id.empty() || !camera.reads_badges || !camera.reader.empty()) continue;
    sections[i].mistake("roles", fmt::format("expected a [[reader]] with camera = {} for the role \"badge\", found none",
                                             in_quotes(camera.id.str())));
  }
}

}  // namespace gapura::gateway
