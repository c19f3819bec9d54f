// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/sealed_file.h"

namespace gapura::gateway {
namespace {

constexpr std::string_view file_head = "gapura-media-1\n";

// The length of head and owner with their line ends; 0 where it is not a sealed file.
std::size_t head_size(std::string_view file) {
  if (!file.starts_with(file_head)) return 0;
  const auto end = file.substr(0, sealed_file_overhead - seal_overhead).find('\n', file_head.size());
  return end == std::string_view::npos ? 0 : end + 1;
}

std::string about_file(std::string_view head, const std::string& hash) { return std::string(head) + hash; }

}  // namespace

std::string seal_file(const Secret& key, const std::string& owner, const std::string& hash, std::string_view bytes) {
  const std::string head = std::string(file_head) + owner + '\n';
  return head + seal_bytes(derive(key, KeyUse::file), about_file(head, hash), bytes);
}

std::optional<std::string> open_file(const Secret& key, const std::string& hash, std::string_view file) {
  const std::size_t head = head_size(file);
  if (head == 0) return std::nullopt;
  return open_bytes(derive(key, KeyUse::file), about_file(file.substr(0, head), hash), file.substr(head));
}

std::string owner_of_file(std::string_view file) {
  const std::size_t head = head_size(file);
  return head == 0 ? std::string() : std::string(file.substr(file_head.size(), head - file_head.size() - 1));
}

}  // namespace gapura::gateway
