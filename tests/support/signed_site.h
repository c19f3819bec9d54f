// SPDX-License-Identifier: Apache-2.0
// A core with a signing key and a real file, for tests of the record. Scans of unknown codes are the cheapest entries.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/sqlite_site.h"

namespace gapura::tests {

// Thread: one.
class SignedSite {
 public:
  SignedSite() { open(); }

  Result<std::unique_ptr<Core>> try_open() {
    core.reset();
    auto database = TRY(Database::open_writer(file()));
    (void)database.execute("PRAGMA synchronous = OFF");  // there are no power cuts here
    auto keys = TRY(CheckpointKeys::open(folder.path(), "contoh"));
    auto store =
        TRY(open_site_store({.database = std::move(database), .boot_id = "boot0001", .checkpoint_keys = std::move(keys)}));
    return Core::open({.site = demo_site(),
                       .clock = clock,
                       .randomness =
                           [this](std::span<std::uint8_t> bytes) {
                             for (auto& b : bytes) b = static_cast<std::uint8_t>(random_());
                           },
                       .store = std::move(store),
                       .orders = orders},
                      "test");
  }
  void open() {
    auto opened = try_open();
    if (!opened) FAIL(opened.error().message);
    core = std::move(*opened);
  }
  // In order, with a last checkpoint.
  void close() {
    core->close();
    core.reset();
  }
  // Makes twenty entries, and twenty more that are lost when the earlier file is put back; what was signed remains. Closed.
  void put_older_file_back() {
    fill(20);
    close();
    std::filesystem::copy_file(file(), folder / "yesterday");
    open();
    fill(20);
    close();
    std::filesystem::copy_file(folder / "yesterday", file(), std::filesystem::copy_options::overwrite_existing);
  }
  // Makes a guest's whole visit, then scans of unknown codes up to `entries` more entries.
  void fill(std::uint64_t entries) {
    const std::uint64_t until = core->journal().size() + entries;
    while (core->journal().size() < until) scan("r-in");
  }
  void scan(const std::string& reader) {
    clock.pass(Millis(100));
    core->handle(BadgeRead{ReaderId(reader), {"bukan kartu " + std::to_string(++scans_)}, clock.now_.boot, nullptr});
  }
  Result<Reply> ask(Command command, const std::string& role = "guard") {
    Result<Reply> answer = fail(ErrorKind::bug, "never answered");
    core->handle(CommandInput{std::move(command), Actor{UserId("u-" + role), find_word<Role>(role)},
                              [&](Result<Reply> r) { answer = std::move(r); }});
    return answer;
  }
  std::string file() const { return folder / "gapura.db"; }
  std::string text_of(const std::string& name) const {
    std::ifstream in(folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // Returns one row's column, read by another connection.
  std::string one(const std::string& sql) const {
    auto reader = Database::open_reader(file());
    auto row = reader->prepare(sql);
    return row && *row->step() ? row->text(0) : "";
  }

  TemporaryFolder folder;
  VirtualClock clock;
  RecordedOrders orders;
  std::unique_ptr<Core> core;

 private:
  std::mt19937 random_{1};
  int scans_ = 0;
};

}  // namespace gapura::tests
