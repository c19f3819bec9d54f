// SPDX-License-Identifier: Apache-2.0
// A receipt printer over TCP: what it is asked to print comes out dot by dot, and no report says more than is known.
#include "drivers/printer.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>
#include <set>

#include "drivers/printer/escpos.h"
#include "simulated/devices/escpos_printer.h"
#include "simulated/devices/serial_scanner.h"
#include "support/collecting_sink.h"
#include "support/temporary_folder.h"
#include "support/wait_until.h"

using namespace gapura;
using drivers::Paper;
using drivers::PrinterFault;
using drivers::PrintOutcome;
using tests::wait_until;

namespace {

drivers::Raster random_picture(int width, int height) {
  std::mt19937 random(static_cast<unsigned>(width * height));
  drivers::Raster raster{width, height, {}};
  raster.bits.resize(static_cast<std::size_t>(raster.stride() * height));
  for (auto& byte : raster.bits) byte = static_cast<std::uint8_t>(random());
  return raster;
}

drivers::PrintJob job_of(std::uint64_t order, int height = 300) {
  return {order, "b-1", [height](int dots) { return random_picture(dots, height); },
          [] { return std::string("%PDF-1.4\n"); }};
}

class Reports {
 public:
  drivers::Printer::Done taker() {
    return [this](drivers::PrintReport report) {
      const std::lock_guard lock(mutex_);
      all_.push_back(std::move(report));
    };
  }
  std::vector<drivers::PrintReport> all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<drivers::PrintReport> all_;
};

// A simulated printer and the driver that prints on it.
struct Bench {
  tests::CollectingSink sink;
  Reports reports;
  std::unique_ptr<simulated::EscPosPrinter> device;
  std::unique_ptr<drivers::Printer> printer;

  explicit Bench(const std::string& misbehaviour = "none", Millis deadline = Millis(1500)) {
    auto made = simulated::EscPosPrinter::create({});
    if (!made) FAIL(made.error().message);
    device = std::move(*made);
    REQUIRE(device->misbehave(misbehaviour));
    REQUIRE(wait_until([&] { return device->listening() != (misbehaviour == "offline"); }));
    drivers::PrinterSettings settings;
    settings.id = "pos";
    settings.host = "127.0.0.1";
    settings.port = device->port();
    settings.deadline = deadline;
    settings.status_interval = Millis(50);
    auto opened = drivers::Printer::create(settings, sink, reports.taker());
    REQUIRE(opened);
    printer = std::move(*opened);
    REQUIRE(sink.wait_healths(1));
  }
  drivers::PrintReport print(drivers::PrintJob job) {
    const auto before = reports.all().size();
    printer->print(std::move(job));
    REQUIRE(wait_until([&] { return reports.all().size() > before; }));
    return reports.all().back();
  }
};

// A printer on a serial line that answers nothing, or noise.
struct Line {
  tests::TemporaryFolder folder;
  tests::CollectingSink sink;
  Reports reports;
  std::unique_ptr<simulated::SerialScanner> device;
  std::unique_ptr<drivers::Printer> printer;

  Line(Millis deadline, Millis status_interval) {
    auto made = simulated::SerialScanner::create(folder / "printer");
    if (!made) FAIL(made.error().message);
    device = std::move(*made);
    drivers::PrinterSettings settings;
    settings.id = "pos";
    settings.device = device->path();
    settings.deadline = deadline;
    settings.status_interval = status_interval;
    auto opened = drivers::Printer::create(settings, sink, reports.taker());
    REQUIRE(opened);
    printer = std::move(*opened);
  }
};

}  // namespace

TEST_CASE("what is printed comes out dot by dot, and the printer says that it is through") {
  Bench bench;
  CHECK(bench.sink.healths().at(0).online);
  CHECK(bench.sink.healths().at(0).kind == DeviceHealth::Kind::printer);
  const auto job = job_of(7);
  const auto report = bench.print(job);
  CHECK(report.outcome == PrintOutcome::printed);
  CHECK(report.order == 7);
  CHECK(report.badge == "b-1");
  const auto papers = bench.device->papers();
  REQUIRE(papers.size() == 1);
  REQUIRE(papers[0].width == 576);
  const drivers::Raster raster = job.raster(576);
  REQUIRE(papers[0].height >= raster.height);
  int wrong = 0;
  for (int y = 0; y < raster.height; ++y)
    for (int x = 0; x < 576; ++x) {
      const bool black = (raster.bits[static_cast<std::size_t>(y * raster.stride() + x / 8)] >> (7 - x % 8) & 1) != 0;
      wrong += black != (papers[0].pixels[static_cast<std::size_t>(y * 576 + x)] == 0);
    }
  CHECK(wrong == 0);
}

TEST_CASE("what a printer says forbids printing: nothing is sent, and the guard reads what to do") {
  struct Row {
    const char *name, *words, *fault;
  };
  for (const auto& [name, words, fault] :
       {Row{"paper_out", "out of paper", "paper_out"}, Row{"cover_open", "cover is open", "cover_open"},
        Row{"offline", "is the printer on", "unreachable"}}) {
    INFO(name);
    Bench bench(name);
    CHECK_FALSE(bench.sink.healths().at(0).online);
    CHECK(bench.sink.healths().at(0).detail.find(words) != std::string::npos);
    CHECK(bench.sink.healths().at(0).fault == fault);
    const auto report = bench.print(job_of(1));
    CHECK(report.outcome == PrintOutcome::refused);
    CHECK(report.detail.find(words) != std::string::npos);
    CHECK(bench.device->papers().empty());
    // Once the fault is repaired it prints, without a restart of the gateway.
    REQUIRE(bench.device->misbehave("none"));
    REQUIRE(wait_until([&] { return bench.sink.healths().back().online; }));
    CHECK(bench.sink.healths().back().fault.empty());
    CHECK(bench.print(job_of(2)).outcome == PrintOutcome::printed);
    CHECK(bench.device->papers().size() == 1);
  }
}

TEST_CASE("paper near its end prints and is reported") {
  Bench bench("near_end");
  CHECK(bench.sink.healths().at(0).online);
  CHECK(bench.sink.healths().at(0).detail.find("nearly at the end") != std::string::npos);
  CHECK(bench.sink.healths().at(0).fault == "paper_low");
  CHECK(bench.print(job_of(1)).outcome == PrintOutcome::printed);
}

TEST_CASE("a printer that answers no question is believed nothing: sent, and whether it has paper is unknown") {
  Bench bench("silent");
  CHECK(bench.sink.healths().at(0).online);
  CHECK(bench.sink.healths().at(0).detail.find("cannot be known") != std::string::npos);
  CHECK(bench.printer->stats().state.paper == Paper::unknown);
  CHECK(bench.print(job_of(1)).outcome == PrintOutcome::sent);
  REQUIRE(wait_until([&] { return bench.device->papers().size() == 1; }));
}

TEST_CASE("a printer that takes everything and prints nothing says printed: that is why a person is asked") {
  Bench bench("prints_nothing");
  CHECK(bench.print(job_of(1)).outcome == PrintOutcome::printed);
  CHECK(bench.device->papers().empty());
}

TEST_CASE("paper that ends in the middle, a printer that stands still, one that is too slow: look at the paper") {
  {
    Bench bench("paper_ends");
    const auto report = bench.print(job_of(1));
    CHECK(report.outcome == PrintOutcome::unknown);
    CHECK(report.detail.find("out of paper") != std::string::npos);
  }
  for (const char* name : {"stalls", "slow"}) {
    INFO(name);
    Bench bench(name, Millis(700));
    const auto before = drivers::boot_now();
    // More than the sockets' buffers hold.
    CHECK(bench.print(job_of(1, 120'000)).outcome == PrintOutcome::unknown);
    CHECK(drivers::boot_now() - before < Millis(4000));
  }
}

TEST_CASE("the queue is bounded: every job gets exactly one report, also when the gateway closes") {
  Bench bench("stalls", Millis(400));
  for (std::uint64_t order = 1; order <= 20; ++order) bench.printer->print(job_of(order));
  bench.printer.reset();
  const auto reports = bench.reports.all();
  REQUIRE(reports.size() == 20);
  std::set<std::uint64_t> orders;
  for (const auto& report : reports) {
    orders.insert(report.order);
    CHECK(report.outcome != PrintOutcome::printed);
  }
  CHECK(orders.size() == 20);
}

TEST_CASE("a file printer writes whole files and says so; a folder that cannot be written is reported") {
  tests::TemporaryFolder folder;
  tests::CollectingSink sink;
  Reports reports;
  drivers::PrinterSettings settings;
  settings.id = "berkas";
  settings.kind = drivers::PrinterSettings::Kind::pdf;
  settings.folder = folder / "kartu";
  settings.status_interval = Millis(50);
  auto printer = drivers::Printer::create(settings, sink, reports.taker());
  REQUIRE(printer);
  (*printer)->print(job_of(4));
  REQUIRE(wait_until([&] { return reports.all().size() == 1; }));
  CHECK(reports.all()[0].outcome == PrintOutcome::refused);
  std::filesystem::create_directory(settings.folder);
  REQUIRE(wait_until([&] { return !sink.healths().empty() && sink.healths().back().online; }));
  (*printer)->print(job_of(5));
  REQUIRE(wait_until([&] { return reports.all().size() == 2; }));
  CHECK(reports.all()[1].outcome == PrintOutcome::sent);
  std::ifstream file(settings.folder + "/badge-b-1-5.pdf");
  CHECK(std::string((std::istreambuf_iterator<char>(file)), {}) == "%PDF-1.4\n");
}

TEST_CASE("a printer on a serial line gets its bytes; pulled out it is offline") {
  Line line(Millis(1500), Millis(50));
  REQUIRE(line.sink.wait_healths(1));
  CHECK(line.sink.healths().at(0).online);
  line.printer->print(job_of(1, 20));  // fits into the line's buffer, which is not emptied
  REQUIRE(wait_until([&] { return !line.reports.all().empty(); }));
  CHECK(line.reports.all()[0].outcome == PrintOutcome::sent);
  line.device->unplug();
  REQUIRE(wait_until([&] { return !line.sink.healths().back().online; }));
  CHECK(line.sink.healths().back().detail.find("is not there") != std::string::npos);
  CHECK(line.sink.healths().back().fault == "unreachable");
}

TEST_CASE("an answer is taken for nothing but what it is") {
  using namespace drivers::escpos;
  for (int byte = 0; byte < 256; ++byte) {
    const auto b = static_cast<std::uint8_t>(byte);
    CHECK_FALSE((answers_now(b) && answers_in_turn(b)));
  }
  CHECK(answers_now(0x12));
  CHECK(answers_now(0x7e));
  CHECK_FALSE(answers_now('A'));
  CHECK(answers_in_turn(0x0c));
  struct Row {
    Answers answers;
    bool ready;
    Paper paper;
    PrinterFault fault;
  };
  const Row rows[] = {{{}, true, Paper::unknown, PrinterFault::none},
                      {{0x12, 0x12, 0x12, 0x12}, true, Paper::ok, PrinterFault::none},
                      {{0x12, 0x12, 0x12, 0x1e}, true, Paper::near_end, PrinterFault::paper_low},
                      {{0x1a, 0x32, 0x12, 0x7e}, false, Paper::out, PrinterFault::paper_out},
                      {{0x1a, 0x32, {}, {}}, false, Paper::out, PrinterFault::paper_out},
                      {{0x1a, 0x16, 0x12, 0x12}, false, Paper::ok, PrinterFault::cover_open},
                      {{0x1a, 0x12, 0x12, 0x12}, false, Paper::ok, PrinterFault::says_offline},
                      {{0x12, 0x12, 0x1a, 0x12}, false, Paper::ok, PrinterFault::cutter_stuck},
                      {{0x12, 0x52, {}, {}}, false, Paper::unknown, PrinterFault::says_offline},
                      {{0x12, {}, {}, {}}, true, Paper::unknown, PrinterFault::none}};
  for (const Row& row : rows) {
    const auto state = read_state(row.answers);
    CHECK(state.ready() == row.ready);
    CHECK(state.paper == row.paper);
    CHECK(state.fault == row.fault);
    CHECK_FALSE(state.text.empty());
  }
}

TEST_CASE("random bytes from a printer crash nothing and are believed nothing") {
  Line line(Millis(300), Millis(20));
  std::mt19937 random(3);
  for (std::uint64_t round = 1; round <= 8; ++round) {
    std::string bytes(200, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    (void)line.device->send(bytes);
    if (round % 4 == 0) line.printer->print(job_of(round));
  }
  REQUIRE(wait_until([&] { return line.reports.all().size() == 2; }));
}
