// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>

#include "gateway/cli/doctor.h"
#include "gateway/settings/certificate.h"
#include "gateway/settings/private_file.h"

namespace gapura::gateway {
namespace {

using std::chrono::days;

void examine_owner(Findings& findings, const std::string& folder, const struct stat& facts) {
  if (facts.st_uid != geteuid() && geteuid() != 0)
    findings.wrong("data folder", folder + " belongs to another user",
                   fmt::format("run gapura as its owner (uid {})", facts.st_uid));
  else if ((facts.st_mode & 077) != 0)
    findings.wrong("data folder", folder + " is open to other users", "chmod 700 " + folder);
  else
    findings.ok("data folder", folder + " is private");
  for (const char* name : {"/tls/ca-key.pem", "/tls/key.pem", "/setup-code.sha256"}) {
    struct stat secret {};
    if (stat((folder + name).c_str(), &secret) == 0 && (secret.st_mode & 077) != 0)
      findings.wrong("data folder", folder + name + " can be read by other users", "chmod 400 " + folder + name);
  }
}

void examine_space(Findings& findings, const std::string& folder) {
  struct statvfs facts {};
  if (statvfs(folder.c_str(), &facts) != 0 || facts.f_blocks == 0)
    return findings.attention("disk", "its free space cannot be read", "look at df " + folder);
  const auto bytes = [&](fsblkcnt_t blocks) { return static_cast<double>(blocks) * static_cast<double>(facts.f_frsize); };
  judge_space(findings, bytes(facts.f_bavail), bytes(facts.f_blocks));
}

// Measures a durable write, which each grant needs. A slow card or network disk is found here.
void examine_writing(Findings& findings, const std::string& folder) {
  const std::string probe = folder + "/doctor.probe";
  const auto begin = std::chrono::steady_clock::now();
  const Status written = write_file(probe, "probe\n", 0600);
  const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  unlink(probe.c_str());
  if (!written)
    return findings.wrong("disk writes", written.error().message, "see that the disk is mounted read-write and has room");
  const std::string text = fmt::format("a durable write took {:.0f} ms", ms);
  if (ms > 150)
    return findings.attention("disk writes", text, "use an SSD or eMMC on this machine: each grant waits for such a write");
  findings.ok("disk writes", text);
}

std::string remaining(UtcTime end, UtcTime now) {
  return fmt::format("{} days", std::chrono::floor<days>(end - now).count());
}

void examine_certificate(Findings& findings, const char* subject, const std::string& file, days early,
                         const std::string& what_to_do) {
  const UtcTime now = std::chrono::floor<Millis>(std::chrono::system_clock::now());
  const auto facts = read_certificate(file);
  if (!facts) return findings.wrong(subject, facts.error().message, what_to_do);
  if (facts->not_before > now)
    return findings.wrong(subject, file + " is not valid yet", "set this machine's clock, or " + what_to_do);
  if (facts->not_after < now) return findings.wrong(subject, file + " has expired", what_to_do);
  if (facts->not_after - early < now)
    return findings.attention(subject, "ends in " + remaining(facts->not_after, now), what_to_do);
  findings.ok(subject, "valid for " + remaining(facts->not_after, now));
}

}  // namespace

void examine_folder(Findings& findings, const std::string& folder) {
  struct stat facts {};
  if (stat(folder.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode))
    return findings.wrong("data folder", folder + " is missing", "gapura init " + folder + " --site ID");
  examine_owner(findings, folder, facts);
  const auto site = read_small_file(folder + "/site");
  if (!site)
    findings.wrong("data folder", "it holds no site: " + site.error().message,
                   "gapura init " + folder + " --site ID, or run as its owner");
  else
    findings.ok("data folder", "it holds the site " + site->substr(0, site->find('\n')));
  examine_space(findings, folder);
  examine_writing(findings, folder);
}

// The gateway itself has no limit for free space: it runs until a write fails.
void judge_space(Findings& findings, double free_bytes, double all_bytes) {
  const double percent = 100 * free_bytes / all_bytes;
  const std::string text = fmt::format("{:.1f} GiB free ({:.0f} %)", free_bytes / (1u << 30), percent);
  constexpr const char* what_follows =
      "once an entry cannot be written nothing is granted any more, until a person has made room and resumed it";
  if (percent < 2) return findings.wrong("disk", text, std::string("make room now: ") + what_follows);
  if (percent < 10) return findings.attention("disk", text, std::string("make room: ") + what_follows);
  findings.ok("disk", text);
}

void examine_clock(Findings& findings) {
  const std::chrono::year_month_day today(std::chrono::floor<days>(std::chrono::system_clock::now()));
  const int year = static_cast<int>(today.year());
  if (year < 2025 || year > 2100)
    return findings.wrong("clock", fmt::format("it says the year {}", year),
                          "timedatectl set-time, and a new battery for the clock");
  timex state{};
  const int answer = adjtimex(&state);
  // timesyncd touches this file at its first success; it stays through later losses.
  const bool timesyncd = access("/run/systemd/timesync/synchronized", F_OK) == 0;
  if (answer >= 0 && answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0) return findings.ok("clock", "synchronised");
  if (timesyncd) return findings.ok("clock", "was synchronised since the machine started");
  findings.attention("clock", "nothing synchronises it",
                     "install chrony or systemd-timesyncd and name a time server that this network reaches");
}

void examine_limits(Findings& findings) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < 1024)
    return findings.wrong("limits", fmt::format("{} open files at most", limit.rlim_max),
                          "allow 1024 (LimitNOFILE=1024 in the service unit)");
  findings.ok("limits", "1024 open files and no more, as the Modbus library needs");
}

void examine_certificates(Findings& findings, const Settings* settings, const std::string& data_folder) {
  if (settings != nullptr && !settings->http.certificate.empty())
    return examine_certificate(findings, "certificate", settings->http.certificate, days(30),
                               "get a new one from who issued it");
  examine_certificate(findings, "certificate", data_folder + "/tls/cert.pem", days(25),
                      "restart the gateway: it renews it");
  examine_certificate(findings, "site's CA", data_folder + "/tls/ca.pem", days(400),
                      "gapura init " + data_folder + " --new-certificates, then trust the new one on the phones");
}

}  // namespace gapura::gateway
