// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/site_reader.h"

#include <date/tz.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "drivers/tcp.h"
#include "gateway/locale/words.h"
#include "gateway/settings/certificate.h"
#include "gateway/settings/private_file.h"

namespace gapura::gateway {
namespace {

bool is_timezone(const std::string& name) {
  try {
    return date::locate_zone(name) != nullptr;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

Settings SiteReader::read(const toml::table& root) {
  Section top(reading_, &root, "", "", {});
  read_site(top.table("site"));
  read_http(top.table("http"));
  read_journal(top.table("journal"));
  for (Section& section : top.tables("area")) read_area(section);
  std::vector<Section> cameras = top.tables("camera");
  for (Section& section : cameras) read_camera(section);
  for (Section& section : top.tables("bus")) read_bus(section);
  for (Section& section : top.tables("controller")) read_controller(section);
  for (Section& section : top.tables("reader")) read_reader(section);
  check_cameras(cameras);
  for (Section& section : top.tables("printer")) read_printer(section);
  check_lines();
  for (Section& section : top.tables("portal")) read_portal(section);
  for (Section& section : top.tables("access_point")) read_point(section);
  for (Section& section : top.tables("detector")) read_detector(section);
  check_watches(cameras);
  for (Section& section : top.tables("interlock")) read_interlock(section);
  for (Section& section : top.tables("lockdown")) read_lockdown(section);
  for (Section& section : top.tables("host")) read_host(section);
  read_rules(top.table("rules"));
  read_hours(top.table("visiting_hours"));
  for (Section& section : top.tables("sop")) read_sop(section);
  read_privacy(top.table("privacy"));
  std::vector<Section> retention = top.tables("retention");
  for (Section& section : retention) read_retention(section);
  check_retention(retention);
  top.finish();
  check_possible();
  settings_.file = reading_.file;
  return std::move(settings_);
}

void SiteReader::read_site(Section section) {
  settings_.site_id = section.required_id("id");
  settings_.site_name = section.text("name", settings_.site_id);
  settings_.timezone = section.required_text("timezone");
  zone_known_ = is_timezone(settings_.timezone);
  if (!settings_.timezone.empty() && !zone_known_)
    section.wrong("timezone", "an IANA time zone such as \"Asia/Jakarta\", \"Asia/Makassar\" or \"Asia/Jayapura\"");
  settings_.language = section.text("language", "id");
  const std::vector<std::string> tags = languages();
  if (std::find(tags.begin(), tags.end(), settings_.language) == tags.end())
    section.wrong("language", fmt::format("one of \"{}\"", fmt::join(tags, "\", \"")));
  if (const auto pair = section.numbers("coordinates", 2)) {
    settings_.coordinates = Coordinates{(*pair)[0], (*pair)[1]};
    if (!(std::abs((*pair)[0]) <= 90) || !(std::abs((*pair)[1]) <= 180))
      section.mistake("coordinates", "expected [latitude, longitude] in degrees, within ±90 and ±180");
    settings_.site.hours.place = settings_.coordinates;
  }
  section.finish();
}

void SiteReader::read_http(Section section) {
  HttpSettings& http = settings_.http;
  http.listen = section.text("listen", http.listen);
  if (!drivers::is_ip_address(http.listen))
    section.wrong("listen", "an address such as \"127.0.0.1\", \"0.0.0.0\" or \"::\"");
  http.port = section.integer("port", http.port, 0, 65535);  // 0: any free one, for tests
  http.names = section.texts("names");
  for (std::size_t i = 0; i < http.names.size(); ++i)
    if (!is_host(http.names[i])) section.wrong_item("names", i, "an address or a host name");
  http.certificate = absolute(section.text("certificate"));
  http.key = absolute(section.text("key"));
  if (http.certificate.empty() != http.key.empty())
    section.mistake(http.key.empty() ? "certificate" : "key", "expected both certificate and key, or neither");
  if (!http.certificate.empty() && !read_certificate(http.certificate))
    section.wrong("certificate", "a certificate as a PEM file");
  if (!http.key.empty() && !read_small_file(http.key)) section.wrong("key", "a PEM file that can be read");
  section.finish();
}

void SiteReader::read_journal(Section section) {
  const int mebibytes = section.integer("reserve_mib", static_cast<int>(settings_.reserve_bytes >> 20), 16, 65536);
  settings_.reserve_bytes = static_cast<std::uint64_t>(mebibytes) << 20;
  settings_.picture_limit = section.millis("picture_limit_ms", settings_.picture_limit, 100, 10000);
  section.finish();
}

std::string SiteReader::own_id(Section& section, Seen& ids, bool dots) {
  std::string id = section.required_id("id", dots);
  if (!id.empty()) only_once(section, "id", id, ids, "id");
  places_.emplace(fmt::format("{} {}", section.kind(), id), section.where("id"));
  return id;
}

void SiteReader::only_once(Section& section, const char* key, const std::string& value, Seen& seen,
                           const std::string& what) {
  const auto [first, is_new] = seen.emplace(value, section.where(key).line);
  if (!is_new) section.mistake(key, fmt::format("{} {} is already used on line {}", what, in_quotes(value), first->second));
}

bool SiteReader::refers(Section& section, const char* key, const std::string& value, const Seen& ids,
                        const std::string& what) {
  if (value.empty()) return false;  // absent, or a mistake already
  if (ids.count(value) > 0) return true;
  std::vector<std::string> names;
  for (const auto& [id, line] : ids) names.push_back(id);
  const std::string guess = closest(value, names);
  section.mistake(key, fmt::format("expected the id of a [[{}]], found {}{}", what, in_quotes(value),
                                   guess.empty() ? "" : fmt::format("; did you mean {}?", in_quotes(guess))));
  return false;
}

void SiteReader::warn(Section& section, const char* key, const std::string& text) {
  const Place place = section.where(key);
  reading_.warnings.push_back({reading_.file, place.line, place.column, fmt::format("{}.{}", section.path(), key), text});
}

void SiteReader::refer_all(Section& section, const char* key, const std::vector<std::string>& values, const Seen& ids,
                           const std::string& what) {
  for (const std::string& value : values) refers(section, key, value, ids, what);
}

std::string SiteReader::absolute(const std::string& path) const {
  if (path.empty()) return path;
  return (std::filesystem::path(folder_) / path).lexically_normal().string();  // an absolute path is kept
}

std::optional<std::string> SiteReader::shipped(const std::string& path) const {
  const auto share = std::filesystem::path(controllers_).parent_path() / path;
  for (const std::string& file : {absolute(path), share.lexically_normal().string()}) {
    std::error_code error;
    if (std::filesystem::is_regular_file(file, error)) return file;
  }
  return std::nullopt;
}

}  // namespace gapura::gateway
