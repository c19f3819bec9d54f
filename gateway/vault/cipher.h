// SPDX-License-Identifier: Apache-2.0
// The vault's cryptography: XChaCha20-Poly1305 for texts, files and keys, one AES-256 block for salts, HMAC-SHA-256 for the
// blind index. Pure except for the random nonce; any thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace gapura::gateway {

// 32 bytes, wiped on destruction.
class Secret {
 public:
  Secret() = default;
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret();
  static Secret random();
  static std::optional<Secret> from(std::string_view bytes);  // exactly 32

  unsigned char* data() { return bytes_.data(); }
  const unsigned char* data() const { return bytes_.data(); }
  static constexpr std::size_t size = 32;
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.data()), size}; }

 private:
  std::array<unsigned char, size> bytes_{};
};

// Each key serves one purpose. The numbers are part of every sealed file: never change one.
enum class KeyUse : unsigned { wrap = 1, index = 2, name = 3, text = 4, salt = 5, file = 6 };
Secret derive(const Secret& key, KeyUse use);

inline constexpr std::size_t seal_overhead = 24 + 16;  // nonce before the ciphertext, tag after it
std::string seal_bytes(const Secret& key, std::string_view about, std::string_view plain);
// Returns none when the key, `about` or any byte differs.
std::optional<std::string> open_bytes(const Secret& key, std::string_view about, std::string_view sealed);

std::optional<Secret> open_secret(const Secret& key, std::string_view about, std::string_view sealed);  // of a sealed key

inline constexpr std::size_t salt_size = 16;
// A salt is 16 random bytes and stays 16 bytes: one block. Its commitment authenticates it.
std::string seal_salt(const Secret& key, std::string_view salt);
std::string open_salt(const Secret& key, std::string_view sealed);

// The first 16 bytes of HMAC-SHA-256(kind || 0x00 || text).
std::string blind_index(const Secret& key, std::string_view kind, std::string_view text);

}  // namespace gapura::gateway
