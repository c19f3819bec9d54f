// SPDX-License-Identifier: Apache-2.0
// An IPP printer that is not ours: ippeveprinter of CUPS (Debian: cups-ipp-utils).
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "drivers/printer.h"
#include "ipp_server.h"
#include "support/child_process.h"
#include "support/collecting_sink.h"
#include "support/free_port.h"
#include "support/skip.h"
#include "support/temporary_folder.h"
#include "support/wait_until.h"

using namespace gapura;
using drivers::PrintOutcome;
using tests::wait_until;

namespace {

const char* const program = "/usr/sbin/ippeveprinter";

}  // namespace

TEST_CASE("a badge goes through an independent IPP printer; its end is reported as sent, never as printed") {
  if (!std::filesystem::exists(program)) SKIP_TEST("Debian's package cups-ipp-utils is not installed");
  tests::TemporaryFolder folder;
  const int port = tests::free_port();
  tests::CollectingSink sink;
  std::mutex mutex;
  std::vector<drivers::PrintReport> reports;
  drivers::PrinterSettings settings;
  settings.id = "kartu";
  settings.kind = drivers::PrinterSettings::Kind::cups;
  settings.queue = "ipp://127.0.0.1:" + std::to_string(port) + "/ipp/print";
  settings.status_interval = Millis(100);
  auto printer = drivers::Printer::create(settings, sink, [&](drivers::PrintReport report) {
    const std::lock_guard lock(mutex);
    reports.push_back(std::move(report));
  });
  REQUIRE(printer);
  const auto report = [&](std::size_t index) {
    REQUIRE(wait_until([&] {
      const std::lock_guard lock(mutex);
      return reports.size() > index;
    }));
    const std::lock_guard lock(mutex);
    return reports[index];
  };
  const std::string document = "%PDF-1.4\n% kartu\n";
  const auto job = [&](std::uint64_t order) {
    return drivers::PrintJob{order, "b-1", [](int) { return drivers::Raster{}; }, [&] { return document; }};
  };
  (*printer)->print(job(1));
  CHECK(report(0).outcome == PrintOutcome::refused);
  CHECK_FALSE(sink.healths().back().online);

  // -k keeps what it was sent, -r off: without DNS-SD, which needs a running Avahi.
  tests::ChildProcess device({program, "-k", "-d", folder.path(), "-p", std::to_string(port), "-r", "off", "-f",
                              "application/pdf", "-n", "localhost", "Kartu"},
                             folder / "ippeveprinter.log");
  const bool online = wait_until([&] { return sink.healths().back().online || !device.running(); });
  if (!device.running() && device.output().find("DNS-SD") != std::string::npos)
    SKIP_TEST("ippeveprinter needs a running Avahi: " << device.output());
  INFO(device.output());
  INFO(sink.healths().back().detail);
  REQUIRE(online);
  REQUIRE(device.running());
  (*printer)->print(job(2));
  const auto sent = report(1);
  INFO(sent.detail);
  CHECK(sent.outcome == PrintOutcome::sent);
  bool found = false;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder.path())) {
    std::ifstream stream(file.path());
    found = found || std::string((std::istreambuf_iterator<char>(stream)), {}) == document;
  }
  CHECK(found);
}

TEST_CASE("what an IPP queue says: completed is sent, no paper forbids, a job that stands still is taken back") {
  tests::IppServer queue;
  tests::CollectingSink sink;
  std::mutex mutex;
  std::vector<drivers::PrintReport> reports;
  drivers::PrinterSettings settings;
  settings.id = "kartu";
  settings.kind = drivers::PrinterSettings::Kind::cups;
  settings.queue = queue.uri();
  settings.deadline = Millis(1500);
  settings.status_interval = Millis(50);
  auto printer = drivers::Printer::create(settings, sink, [&](drivers::PrintReport report) {
    const std::lock_guard lock(mutex);
    reports.push_back(std::move(report));
  });
  REQUIRE(printer);
  const auto print = [&](std::uint64_t order) {
    (*printer)->print({order, "b-1", [](int) { return drivers::Raster{}; }, [] { return std::string("%PDF-1.4 kartu"); }});
    REQUIRE(wait_until([&] {
      const std::lock_guard lock(mutex);
      return reports.size() == order;
    }));
    return reports.back();
  };
  CHECK(print(1).outcome == PrintOutcome::sent);
  CHECK(queue.document() == "%PDF-1.4 kartu");
  queue.reason = "media-empty-error";
  CHECK(print(2).outcome == PrintOutcome::refused);
  CHECK(queue.jobs == 1);
  REQUIRE(wait_until([&] { return !sink.healths().back().online; }));
  CHECK(sink.healths().back().detail.find("out of paper") != std::string::npos);
  CHECK(sink.healths().back().fault == "paper_out");
  queue.reason = "none";
  queue.job_state = IPP_JSTATE_PENDING;
  CHECK(print(3).outcome == PrintOutcome::refused);
  CHECK(queue.cancelled == 1);
  queue.job_state = IPP_JSTATE_PROCESSING;
  CHECK(print(4).outcome == PrintOutcome::unknown);
  queue.job_state = IPP_JSTATE_ABORTED;
  CHECK(print(5).outcome == PrintOutcome::unknown);
}
