// SPDX-License-Identifier: Apache-2.0
#include "gateway/vault/cipher.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <cstring>
#include <memory>
#include <stdexcept>

namespace gapura::gateway {
namespace {

constexpr std::size_t index_bytes = 16;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// `sealed` is at least as long as the overhead; `out` gets the bytes without it.
bool opens(const Secret& key, std::string_view about, std::string_view sealed, unsigned char* out) {
  constexpr std::size_t nonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  return crypto_aead_xchacha20poly1305_ietf_decrypt(out, nullptr, nullptr, raw(sealed) + nonce, sealed.size() - nonce,
                                                    raw(about), about.size(), raw(sealed), key.data()) == 0;
}

std::string one_block(const Secret& key, std::string_view block, bool encrypt) {
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  std::string out(salt_size, '\0');
  int written = 0;
  if (block.size() != salt_size || !context ||
      EVP_CipherInit_ex(context.get(), EVP_aes_256_ecb(), nullptr, key.data(), nullptr, encrypt ? 1 : 0) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
      EVP_CipherUpdate(context.get(), raw(out), &written, raw(block), static_cast<int>(block.size())) != 1 ||
      written != static_cast<int>(salt_size))
    throw std::runtime_error("a salt of 16 bytes was expected");
  return out;
}

}  // namespace

Secret::~Secret() { sodium_memzero(bytes_.data(), bytes_.size()); }

Secret Secret::random() {
  Secret made;
  randombytes_buf(made.data(), size);
  return made;
}

std::optional<Secret> Secret::from(std::string_view bytes) {
  if (bytes.size() != size) return std::nullopt;
  Secret made;
  std::memcpy(made.data(), bytes.data(), size);
  return made;
}

Secret derive(const Secret& key, KeyUse use) {
  Secret made;
  crypto_kdf_derive_from_key(made.data(), Secret::size, static_cast<std::uint64_t>(use), "gapuraS1", key.data());
  return made;
}

std::string seal_bytes(const Secret& key, std::string_view about, std::string_view plain) {
  constexpr std::size_t nonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  static_assert(nonce + crypto_aead_xchacha20poly1305_ietf_ABYTES == seal_overhead);
  std::string out(seal_overhead + plain.size(), '\0');
  randombytes_buf(out.data(), nonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(out) + nonce, nullptr, raw(plain), plain.size(), raw(about), about.size(),
                                             nullptr, raw(out), key.data());
  return out;
}

std::optional<std::string> open_bytes(const Secret& key, std::string_view about, std::string_view sealed) {
  if (sealed.size() < seal_overhead) return std::nullopt;
  std::string out(sealed.size() - seal_overhead, '\0');
  if (!opens(key, about, sealed, raw(out))) return std::nullopt;
  return out;
}

std::optional<Secret> open_secret(const Secret& key, std::string_view about, std::string_view sealed) {
  Secret out;
  if (sealed.size() != seal_overhead + Secret::size || !opens(key, about, sealed, out.data())) return std::nullopt;
  return out;
}

std::string seal_salt(const Secret& key, std::string_view salt) { return one_block(key, salt, true); }
std::string open_salt(const Secret& key, std::string_view sealed) { return one_block(key, sealed, false); }

std::string blind_index(const Secret& key, std::string_view kind, std::string_view text) {
  const std::string message = std::string(kind) + '\0' + std::string(text);
  std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256(raw(mac), raw(message), message.size(), key.data());
  mac.resize(index_bytes);
  return mac;
}

}  // namespace gapura::gateway
