// SPDX-License-Identifier: Apache-2.0
// A site's configuration: TOML in, checked values out. All mistakes are reported together, with file, line, column and key.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "drivers/camera.h"
#include "drivers/door_controller.h"
#include "drivers/printer.h"
#include "drivers/scanner.h"
#include "models/base/ids.h"
#include "models/record/retention.h"
#include "models/site/site.h"

namespace gapura::gateway {

// The events that a camera may keep a clip of.
GAPURA_ENUM(Moment, granted, denied, forced, detector_alarm);

struct HttpSettings {
  std::string listen = "127.0.0.1";
  int port = 8443;
  std::vector<std::string> names;  // host names and addresses in the certificate, besides localhost
  std::string certificate, key;    // PEM files, absolute; empty: those made by `gapura init`
};

struct CameraEntry {
  drivers::CameraSettings driver;
  std::vector<std::string> roles;          // badge | evidence | waiting_room
  std::vector<std::string> watches;        // portals, access points and detectors, besides its own reader's
  std::vector<std::string> clips;          // words<Moment>
  std::string accept_unverified_tls = {};  // why its certificate is not checked
};

struct Settings {
  std::string file;  // the file that was read
  std::string site_id, site_name, timezone, language = "id";
  std::optional<Coordinates> coordinates;
  HttpSettings http;
  Millis picture_limit{1500};               // an event without its picture after this time stays without one
  std::uint64_t reserve_bytes = 64u << 20;  // [journal] reserve_mib
  std::vector<CameraEntry> cameras;
  std::vector<drivers::BusSettings> buses;
  std::vector<drivers::ScannerSettings> scanners;
  std::vector<drivers::PrinterSettings> printers;              // the first one prints badges
  std::vector<RetentionRule> retention = default_retention();  // one of each class
  SiteConfig site;  // areas, portals, access points, detectors, rules, hours, SOPs: the input of models/
};

struct Mistake {
  std::string file;
  int line = 0, column = 0;
  std::string key, message;  // "portal[0].pulse_ms", "expected a whole number from 100 to 60000, found 5"
  std::string text() const;  // file:line:column: key: message
};

// Either settings without a mistake, or every mistake (never both): first those of the file, in its order, then those of
// the files that it names.
struct SettingsReport {
  std::optional<Settings> settings;
  std::vector<Mistake> mistakes;
  std::vector<Mistake> warnings;                  // what works, but probably not as intended; also with mistakes
  std::map<std::string, std::string> known_keys;  // read keys: "portal.pulse_ms" -> its default, "" if none
};
// `controllers` is the folder of the profiles (config/controllers, or <prefix>/share/gapura/controllers). Relative paths in
// the file are relative to the file's own folder. Does I/O; does not throw.
SettingsReport load_settings(const std::string& file, const std::string& controllers);

// `site.language` of a file that may have mistakes; "id" where it names none or cannot be read.
std::string site_language(const std::string& file);

// Returns the folder of the profiles for this configuration: `controllers/` beside it, else $GAPURA_SHARE/controllers, else
// ../config/controllers from the program's folder (a build tree), else /usr/share/gapura/controllers.
std::string find_controllers_folder(const std::string& file);

}  // namespace gapura::gateway
