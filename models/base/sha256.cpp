// SPDX-License-Identifier: Apache-2.0
#include "models/base/sha256.h"

#include <openssl/evp.h>

#include <memory>

#include "models/base/text.h"

namespace gapura {

// OpenSSL's implementation uses the processor's SHA instructions: hashing a leaf of 250 bytes takes a quarter of
// libsodium's time, and verifying a journal is mostly hashing. One context per thread, because fetching the algorithm costs
// more than a short hash.
Hash sha256(std::initializer_list<std::string_view> parts) {
  thread_local const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                                               EVP_MD_free);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  Hash hash{};
  EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr);
  for (const auto part : parts) EVP_DigestUpdate(context.get(), part.data(), part.size());
  EVP_DigestFinal_ex(context.get(), hash.data(), nullptr);
  return hash;
}

Hash sha256(std::string_view bytes) { return sha256({bytes}); }

std::string sha256_hex(std::string_view bytes) { return to_hex(as_bytes(sha256(bytes))); }

std::string to_hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    text += digits[static_cast<std::uint8_t>(byte) >> 4];
    text += digits[static_cast<std::uint8_t>(byte) & 15];
  }
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes += static_cast<char>(hex_digit(text[i]) * 16 + hex_digit(text[i + 1]));
  return to_hex(bytes) == text ? std::optional(bytes) : std::nullopt;
}

}  // namespace gapura
