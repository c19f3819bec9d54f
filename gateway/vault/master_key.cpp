// SPDX-License-Identifier: Apache-2.0
#include "gateway/vault/master_key.h"

#include <cstdlib>
#include <filesystem>

#include "gateway/settings/private_file.h"
#include "models/base/sha256.h"

namespace gapura::gateway {
namespace {

constexpr std::string_view head = "gapura-persons-key-1:";
constexpr const char* file_name = "persons.key";

std::string in_folder(const std::string& data_folder) {
  return (data_folder.empty() ? std::string(".") : data_folder) + "/keys/" + file_name;
}

Result<MasterKey> read_key(const std::string& path) {
  auto text = TRY(read_small_file(path));
  std::string_view line = text;
  line = line.substr(0, line.find('\n'));
  const auto bytes = line.starts_with(head) ? from_hex(line.substr(head.size())) : std::nullopt;
  const auto secret = bytes ? Secret::from(*bytes) : std::nullopt;
  if (!secret)
    return fail(ErrorKind::storage, path + " does not hold the key of the personal data: put it back from a backup");
  return MasterKey{*secret, path};
}

}  // namespace

std::string MasterKey::name() const { return to_hex(derive(secret, KeyUse::name).view().substr(0, 8)); }

Result<MasterKey> load_master_key(const std::string& data_folder) {
  if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY"); credentials && *credentials) {
    auto found = read_key(std::string(credentials) + "/" + file_name);
    if (found || found.error().kind != ErrorKind::not_found) return found;
  }
  return read_key(in_folder(data_folder));
}

Result<MasterKey> make_master_key(const std::string& data_folder) {
  const std::string path = in_folder(data_folder);
  TRY(make_private_folder(std::filesystem::path(path).parent_path().string()));
  const MasterKey key{Secret::random(), path};
  std::string text = std::string(head) + to_hex(key.secret.view()) + "\n";
  const Status written = write_file(path, text, 0400);
  std::fill(text.begin(), text.end(), '\0');
  if (!written) return tl::unexpected(written.error());
  return key;
}

MasterKey simulated_master_key() { return {*Secret::from("the disk of a simulation: no key"), "simulation"}; }

}  // namespace gapura::gateway
