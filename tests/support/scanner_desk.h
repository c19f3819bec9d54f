// SPDX-License-Identifier: Apache-2.0
// A simulated scanner and the driver that reads it.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <utility>

#include "drivers/scanner.h"
#include "support/collecting_sink.h"
#include "support/temporary_folder.h"
#include "support/wait_until.h"

namespace gapura::tests {

template <class Device>
struct ScannerDesk {
  TemporaryFolder folder;
  CollectingSink sink;
  std::unique_ptr<Device> device;
  std::unique_ptr<drivers::Scanner> scanner;

  void place(Result<std::unique_ptr<Device>> made) {
    if (!made) FAIL(made.error().message);
    device = std::move(*made);
  }
  // Opens it as reader "r-desk".
  void read(drivers::ScannerSettings settings) {
    settings.id = ReaderId("r-desk");
    auto opened = drivers::Scanner::create(std::move(settings), sink);
    REQUIRE(opened);
    scanner = std::move(*opened);
  }
  bool becomes_online(bool online = true) {
    return wait_until([&] {
      const auto reported = sink.healths();
      return scanner->stats().online == online && !reported.empty() && reported.back().online == online;
    });
  }
  bool has_reads(std::size_t count) { return sink.wait_reads(count); }
};

}  // namespace gapura::tests
