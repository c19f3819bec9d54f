// SPDX-License-Identifier: Apache-2.0
// Reads the tables of a site's file in the order in which they refer to each other: devices, places and portals, rules.
// Only gateway/settings includes this.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/settings/section.h"
#include "gateway/settings/sop_reader.h"

namespace gapura::gateway {

class SiteReader {
 public:
  SiteReader(Reading& reading, std::string folder, std::string controllers)
      : reading_(reading), folder_(std::move(folder)), controllers_(std::move(controllers)) {}
  Settings read(const toml::table& root);

 private:
  enum class Way { input, output };
  using Seen = std::map<std::string, int>;  // a unique value -> the line where it is first used

  // site_reader.cpp
  void read_site(Section section);
  void read_http(Section section);
  void read_journal(Section section);
  std::string own_id(Section& section, Seen& ids, bool dots = true);
  void only_once(Section& section, const char* key, const std::string& value, Seen& seen, const std::string& what);
  // Whether `value`, at `key`, is one of `ids`; otherwise records a mistake that lists them.
  void warn(Section& section, const char* key, const std::string& text);
  bool refers(Section& section, const char* key, const std::string& value, const Seen& ids, const std::string& what);
  void refer_all(Section& section, const char* key, const std::vector<std::string>& values, const Seen& ids,
                 const std::string& what);
  std::string absolute(const std::string& path) const;
  // Returns the path of a file that may be the site's own or a shipped one: beside the configuration, else beside the
  // profiles' folder. None where it is in neither.
  std::optional<std::string> shipped(const std::string& path) const;

  // device_reader.cpp
  void read_camera(Section section);
  void read_tls(Section& section, CameraEntry& camera);
  void check_url(Section& section, const std::string& url);
  void read_bus(Section section);
  void read_network(Section& section, drivers::BusSettings& bus);
  void read_serial(Section& section, drivers::BusSettings& bus);
  void read_speed(Section& section, drivers::BusSettings& bus);
  void check_lines();
  void read_controller(Section section);
  drivers::ControllerProfile read_profile(Section& section);
  void fit_profile(Section& section, drivers::ControllerProfile& profile);
  void read_reader(Section section);
  void read_camera_reader(Section& section, const std::string& id);
  void read_scanner(Section& section, const std::string& id, bool hid);
  void read_scanner_place(Section& section, drivers::ScannerSettings& scanner);
  void check_cameras(std::vector<Section>& sections);
  void check_watches(std::vector<Section>& sections);

  // printer_reader.cpp
  void read_printer(Section section);
  void read_receipt_printer(Section& section, drivers::PrinterSettings& printer);

  // place_reader.cpp
  void read_area(Section section);
  void read_passback(Section& section, Area& area);
  void read_escort(Section& section, Area& area);
  void read_portal(Section section);
  void check_portal_kind(Section& section, const PortalConfig& portal);
  bool check_hold(Section& section, const PortalConfig& portal, const std::string& signal);
  void check_pulse(Section& section, const PortalConfig& portal, const std::string& signal);
  void read_point(Section section);
  void check_direction(Section& section, const AccessPointConfig& point);
  void read_detector(Section section);
  // "name" of the section's own controller or "controller.name" of another; returns "controller.name", empty when absent.
  std::string signal(Section& section, const char* key, const std::string& own, Way way);
  std::string signal_named(Section& section, const char* key, const std::string& value, const std::string& own, Way way);
  const drivers::ControllerProfile* profile(const std::string& controller) const;
  const drivers::ControllerProfile::Output* output(const std::string& signal) const;

  // rules_reader.cpp
  void read_interlock(Section section);
  void read_lockdown(Section section);
  void read_host(Section section);
  void read_rules(Section section);
  void check_asking(Section& section);
  void read_sop(Section section);
  SopSite described() const;
  void check_gates(const SopReport& report);
  void check_possible();

  // privacy_reader.cpp
  void read_privacy(Section section);
  void read_retention(Section section);
  void check_retention(const std::vector<Section>& sections);

  // hours_reader.cpp
  void read_hours(Section section);
  HoursWindow window_of(Section& section);
  void read_unlocked(Section section, PortalConfig& portal);
  void read_open(Section section);
  void read_rest(Section section);
  void read_calendar(Section& section, std::size_t index, const std::string& path);
  void read_holiday(Section section);
  DayTime day_time(Section& section, const char* key);

  Reading& reading_;
  std::map<std::string, Place> places_;     // "area residence" -> where it is defined
  const std::string folder_, controllers_;  // of the file; of the profiles
  Settings settings_;
  bool zone_known_ = false;
  std::map<std::string, drivers::ControllerProfile> profiles_;  // by controller id
  std::set<std::string> unreadable_;                            // controllers whose profile could not be read
  Seen cameras_, buses_, endpoints_, units_, controller_ids_, readers_, reader_cameras_, scanner_places_, printers_;
  Seen areas_, portals_, points_, detectors_, used_readers_, used_directions_, used_outputs_;
  Seen post_readers_, retention_, interlocks_, lockdowns_, hosts_, rests_, sops_, sop_starts_;
};

}  // namespace gapura::gateway
