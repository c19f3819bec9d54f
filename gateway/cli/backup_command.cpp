// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sodium.h>

#include <boost/json.hpp>
#include <filesystem>
#include <iostream>

#include "gateway/cli/commands.h"
#include "gateway/record/backup.h"
#include "gateway/settings/private_file.h"

namespace gapura::gateway {
namespace {

// Wiped on destruction. Never on the command line, where every user of the machine could read it.
struct Passphrase {
  std::string text;
  ~Passphrase() { sodium_memzero(text.data(), text.size()); }
};

Status read_passphrase(const std::string& file, Passphrase& passphrase) {
  if (file == "-") {
    std::getline(std::cin, passphrase.text);
    return {};
  }
  auto text = read_small_file(file);
  if (!text) return fail(ErrorKind::bad_input, "--key: " + text.error().message);
  std::string& whole = *text;
  passphrase.text = whole.substr(0, whole.find_first_of("\r\n"));
  sodium_memzero(whole.data(), whole.size());
  return {};
}

int print_backup(const Terminal& terminal, const Result<BackupFacts>& facts, const std::string& where,
                 const std::string& sentence) {
  if (!facts) return report(terminal, facts.error());
  if (terminal.json) {
    terminal.out << boost::json::serialize(boost::json::object{
                        {"file", where}, {"files", facts->files}, {"bytes", facts->bytes}, {"entries", facts->entries}})
                 << '\n';
  } else {
    terminal.out << fmt::format("{}: {} entri, {} berkas, {:.1f} MB\n{}\n", where, facts->entries, facts->files,
                                static_cast<double>(facts->bytes) / 1e6, sentence);
  }
  return done;
}

}  // namespace

int backup_site(const Terminal& terminal, const std::string& data, const std::string& file, const std::string& key_file) {
  Passphrase passphrase;
  if (auto read = read_passphrase(key_file, passphrase); !read) return report(terminal, read.error());
  const auto made = make_backup(data, file, passphrase.text);
  // The daemon records which data this file keeps; without a daemon the operator has to.
  if (made) {
    const std::string name = std::filesystem::path(file).filename();
    const auto noted = DaemonClient(data).post("/backups", {{"name", name}, {"entries", made->entries}});
    if (!noted)
      terminal.err << "Tidak tercatat di daftar cadangan: " << noted.error().message
                   << " / Not in the list of backups; note it yourself.\n";
  }
  return print_backup(
      terminal, made, file,
      "Simpan berkas dan kata sandinya di dua tempat yang berbeda. / Keep the file and its passphrase in two "
      "different places.");
}

int restore_site(const Terminal& terminal, const std::string& data, const std::string& file, const std::string& key_file) {
  Passphrase passphrase;
  if (auto read = read_passphrase(key_file, passphrase); !read) return report(terminal, read.error());
  return print_backup(
      terminal, restore_backup(file, passphrase.text, data), data,
      "Catatan ini lebih lama daripada yang terakhir ditandatangani: gapura log continue --officer NAMA --reason "
      "\"…\" meneruskannya. / "
      "This is an older record; a named officer goes on with gapura log continue.");
}

}  // namespace gapura::gateway
