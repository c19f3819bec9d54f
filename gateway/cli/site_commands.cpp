// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>

#include "gateway/application/application.h"
#include "gateway/cli/commands.h"
#include "gateway/journal/database.h"
#include "gateway/record/checkpoint_keys.h"
#include "gateway/settings/certificate.h"
#include "gateway/settings/private_file.h"
#include "gateway/settings/settings.h"
#include "gateway/settings/setup_code.h"

namespace gapura::gateway {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

UtcTime utc_now() { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

// Returns the id of the site whose data is in `folder`; empty when there is none.
std::string site_in(const std::string& folder) {
  const auto text = read_small_file(folder + "/site");
  return text ? text->substr(0, text->find('\n')) : "";
}

bool is_site_id(const std::string& id) {
  return !id.empty() && id.size() <= 64 && id.front() != '-' && id.front() != '.' &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-.") == std::string::npos;
}

// The names that init can know; a machine name that is not valid in a certificate is left out.
std::vector<std::string> certificate_names(const InitRequest& request) {
  std::vector<std::string> names = request.names;
  char name[256] = "";
  if (gethostname(name, sizeof name - 1) != 0 || *name == '\0') return names;
  const std::string host(name);
  if (host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") == std::string::npos &&
      host.front() != '-' && host.front() != '.')
    names.push_back(host);
  return names;
}

// Whether the folder has files other than those of an interrupted init.
bool holds_other_files(const std::string& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind("gapura.db", 0) != 0 && name != "tls" && name != "log" && name != "keys" &&
        name.rfind("setup-code.sha256", 0) != 0 && name != "site.new")
      return true;
  }
  return false;
}

Status check_request(const InitRequest& request) {
  const std::string present = site_in(request.folder);
  const bool renews = request.new_code || request.new_certificates;
  if (renews && present.empty())
    return fail(ErrorKind::bad_input,
                fmt::format("{} holds no site; make one with gapura init {} --site ID", request.folder, request.folder));
  if (renews && !request.site.empty() && request.site != present)
    return fail(ErrorKind::bad_input,
                fmt::format("{} holds the site \"{}\", not \"{}\"", request.folder, present, request.site));
  if (renews) return {};
  if (!present.empty())
    return fail(
        ErrorKind::bad_input,
        fmt::format("{0} already holds the site \"{1}\" and is left as it is. Start it with gapura serve, or take another "
                    "folder for another site. Lost the admin's password? gapura user reset NAME --data {0} while it runs, "
                    "or gapura init {0} --new-code for a new one-time code",
                    request.folder, present));
  if (!is_site_id(request.site))
    return fail(ErrorKind::bad_input,
                "expected --config FILE, or --site with an id of 1 to 64 lower-case letters, digits, \"_\", \"-\", \".\"");
  std::error_code error;
  if (fs::exists(request.folder, error) && !fs::is_directory(request.folder, error))
    return fail(ErrorKind::bad_input, request.folder + " is no folder");
  if (holds_other_files(request.folder))
    return fail(ErrorKind::bad_input,
                request.folder + " holds other files; take a folder that is empty or does not exist yet");
  // Certificates and records begin with today's date, so the clock of a machine without a battery must be set first.
  if (utc_now() < std::chrono::sys_days(std::chrono::year(2025) / 1 / 1))
    return fail(ErrorKind::storage, "this machine's clock is before 2025; set it first (timedatectl set-time, or NTP)");
  return {};
}

Status take_from(const Settings& settings, InitRequest& request) {
  if (!request.site.empty() && request.site != settings.site_id)
    return fail(ErrorKind::bad_input,
                fmt::format("{} is for the site \"{}\", not \"{}\"", settings.file, settings.site_id, request.site));
  request.site = settings.site_id;
  request.names.insert(request.names.end(), settings.http.names.begin(), settings.http.names.end());
  return {};
}

Status make_site(const InitRequest& request) {
  TRY(make_private_folder(request.folder));
  TRY(Database::open_writer(request.folder + "/gapura.db"));
  TRY(CheckpointKeys::open(request.folder, request.site));
  TRY(make_site_certificates(request.folder, request.site, certificate_names(request), utc_now()));
  return {};
}

// Empty where no new code is due.
Result<std::string> make_code(const std::string& folder) {
  std::string code = make_setup_code();
  if (code.empty()) return fail(ErrorKind::bug, "this machine gives no randomness");
  TRY(store_setup_code(folder, code));
  return code;
}

void print_init(const Terminal& terminal, const InitRequest& request, const std::string& site, const std::string& code) {
  const std::string ca = request.folder + "/tls/ca.pem";
  const auto facts = read_certificate(ca);
  const std::string fingerprint = facts ? facts->fingerprint : "";
  if (terminal.json) {
    json::object answer{{"site", site}, {"folder", request.folder}, {"ca", ca}, {"ca_sha256", fingerprint}};
    if (!code.empty()) answer["code"] = code;
    terminal.out << json::serialize(answer) << '\n';
    return;
  }
  terminal.out << fmt::format("Site \"{}\" is ready in {}\n", site, request.folder);
  if (!code.empty())
    terminal.out << fmt::format(
        "\n    One-time code for {} admin: {}\n\nIt is shown only now and kept only as a hash. Enter it on "
        "the console's first page, opened on this machine.\n",
        request.new_code ? "one more" : "the first", code);
  terminal.out << fmt::format("Certificate authority for phones and browsers: {}\nSHA-256 {}\n", ca, fingerprint);
}

// The folder must be this site's, or records of two sites would mix.
Status check_data_folder(const Settings& settings, const std::string& folder) {
  const std::string present = site_in(folder);
  if (present.empty())
    return fail(ErrorKind::bad_input,
                fmt::format("{} holds no site; make it with gapura init {} --site {}", folder, folder, settings.site_id));
  if (present != settings.site_id)
    return fail(ErrorKind::bad_input, fmt::format("{} belongs to the site \"{}\", but {} is for \"{}\"", folder, present,
                                                  settings.file, settings.site_id));
  return {};
}

}  // namespace

int init_site(const Terminal& terminal, const InitRequest& asked) {
  InitRequest request = asked;
  if (!request.config.empty()) {
    const SettingsReport loaded = load_settings(request.config, find_controllers_folder(request.config));
    if (!loaded.settings) return check_file(terminal, request.config);
    if (auto fits = take_from(*loaded.settings, request); !fits) return report(terminal, fits.error());
  }
  if (auto good = check_request(request); !good) return report(terminal, good.error());
  const bool fresh = !request.new_code && !request.new_certificates;
  const std::string site = fresh ? request.site : site_in(request.folder);
  if (fresh)
    if (auto made = make_site(request); !made) return report(terminal, made.error());
  if (request.new_certificates)
    if (auto made = make_site_certificates(request.folder, site, certificate_names(request), utc_now()); !made)
      return report(terminal, made.error());
  Result<std::string> code = std::string();
  if (fresh || request.new_code) code = make_code(request.folder);
  if (!code) return report(terminal, code.error());
  // Last, so that an interrupted init can be repeated.
  if (fresh)
    if (auto kept = write_file(request.folder + "/site", site + "\n", 0600); !kept) return report(terminal, kept.error());
  print_init(terminal, request, site, *code);
  return done;
}

int serve_site(const Terminal& terminal, const std::string& config, const std::string& data_folder) {
  const SettingsReport loaded = load_settings(config, find_controllers_folder(config));
  if (!loaded.settings) return check_file(terminal, config);
  const Settings& settings = *loaded.settings;
  if (auto good = check_data_folder(settings, data_folder); !good) return report(terminal, good.error());
  if (settings.http.certificate.empty()) {
    const auto renewed = renew_leaf_if_due(data_folder, settings.site_id, settings.http.names, utc_now());
    if (!renewed) return report(terminal, renewed.error());
  }
  return serve(settings, data_folder);
}

}  // namespace gapura::gateway
