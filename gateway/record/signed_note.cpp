// SPDX-License-Identifier: Apache-2.0
#include "gateway/record/signed_note.h"

#include <sodium.h>

#include <charconv>
#include <cstring>

#include "drivers/base64.h"

namespace gapura::gateway {
namespace {

constexpr char ed25519 = 0x01;
constexpr std::string_view private_key = "PRIVATE+KEY+";
constexpr std::string_view dash = "\xe2\x80\x94 ";  // em dash and a blank
constexpr std::size_t longest_note = 64 * 1024;

template <std::size_t Size>
std::string_view bytes_of(const std::array<unsigned char, Size>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_key_name(std::string_view name) {
  return !name.empty() && name.find_first_of(" +\t\n\r") == std::string_view::npos;
}

// Returns the text up to the next newline, and removes both from `text`.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

// "name+xxxxxxxx+base64": the name and the 33 bytes; the id is still to be compared.
struct KeyText {
  std::string name, id, bytes;
};
std::optional<KeyText> split_key(std::string_view text) {
  const auto first = text.find('+');
  if (first == std::string_view::npos || text.size() < first + 10 || text[first + 9] != '+') return std::nullopt;
  const auto bytes = from_base64(text.substr(first + 10));
  if (!bytes || bytes->size() != 33 || bytes->front() != ed25519) return std::nullopt;
  KeyText key{std::string(text.substr(0, first)), std::string(text.substr(first + 1, 8)), bytes->substr(1)};
  if (!is_key_name(key.name)) return std::nullopt;
  return key;
}

}  // namespace

std::array<unsigned char, 4> VerifierKey::id() const {
  const Hash hash = sha256({name, "\n\x01", bytes_of(key)});
  return {hash[0], hash[1], hash[2], hash[3]};
}

std::string VerifierKey::text() const {
  return name + "+" + to_hex(bytes_of(id())) + "+" + to_base64(ed25519 + std::string(bytes_of(key)));
}

std::optional<VerifierKey> parse_verifier_key(std::string_view text) {
  const auto split = split_key(text);
  if (!split) return std::nullopt;
  VerifierKey key{split->name, {}};
  std::memcpy(key.key.data(), split->bytes.data(), key.key.size());
  if (to_hex(bytes_of(key.id())) != split->id) return std::nullopt;
  return key;
}

SigningKey::SigningKey(std::string name, const std::array<unsigned char, 32>& seed) {
  verifier_.name = std::move(name);
  crypto_sign_seed_keypair(verifier_.key.data(), secret_.data(), seed.data());
}

SigningKey::~SigningKey() { sodium_memzero(secret_.data(), secret_.size()); }

SigningKey SigningKey::make(const std::string& name) {
  if (sodium_init() < 0) std::abort();  // without randomness a key could be guessed
  std::array<unsigned char, 32> seed;
  randombytes_buf(seed.data(), seed.size());
  SigningKey key(name, seed);
  sodium_memzero(seed.data(), seed.size());
  return key;
}

std::optional<SigningKey> SigningKey::parse(std::string_view text) {
  if (text.substr(0, private_key.size()) != private_key) return std::nullopt;
  auto split = split_key(text.substr(private_key.size()));
  if (!split) return std::nullopt;
  std::array<unsigned char, 32> seed;
  std::memcpy(seed.data(), split->bytes.data(), seed.size());
  SigningKey key(split->name, seed);
  sodium_memzero(seed.data(), seed.size());
  sodium_memzero(split->bytes.data(), split->bytes.size());
  if (to_hex(bytes_of(key.verifier_.id())) != split->id) return std::nullopt;
  return key;
}

std::string SigningKey::text() const {
  // libsodium's secret key is the seed followed by the public key.
  return std::string(private_key) + verifier_.name + "+" + to_hex(bytes_of(verifier_.id())) + "+" +
         to_base64(ed25519 + std::string(bytes_of(secret_).substr(0, 32)));
}

std::string SigningKey::sign(std::string_view text) const {
  std::array<unsigned char, crypto_sign_BYTES> signature;
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                       secret_.data());
  return std::string(text) + "\n" + std::string(dash) + verifier_.name + " " +
         to_base64(std::string(bytes_of(verifier_.id())) + std::string(bytes_of(signature))) + "\n";
}

Result<OpenedNote> open_note(std::string_view note, const std::vector<VerifierKey>& known) {
  const auto no_note = fail(ErrorKind::bad_input, "this is no signed note");
  const auto blank = note.rfind("\n\n");
  if (note.size() > longest_note || blank == std::string_view::npos) return no_note;
  for (const char c : note)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return no_note;
  const std::string_view text = note.substr(0, blank + 1);
  std::string_view rest = note.substr(blank + 2);
  if (rest.empty()) return no_note;
  std::optional<VerifierKey> by;
  while (!rest.empty()) {
    const auto line = take_line(rest);
    if (!line || line->substr(0, dash.size()) != dash) return no_note;
    const auto name_end = line->find(' ', dash.size());
    if (name_end == std::string_view::npos) return no_note;
    const std::string_view name = line->substr(dash.size(), name_end - dash.size());
    const auto signature = from_base64(line->substr(name_end + 1));
    if (!is_key_name(name) || !signature || signature->size() < 5) return no_note;
    for (const auto& key : known) {
      if (key.name != name || signature->substr(0, 4) != bytes_of(key.id())) continue;
      if (signature->size() != 4 + crypto_sign_BYTES ||
          crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature->data()) + 4,
                                      reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                                      key.key.data()) != 0)
        return fail(ErrorKind::bad_input, "the signature of " + key.text() + " is wrong");
      by = key;
    }
  }
  if (!by) return fail(ErrorKind::bad_input, "no known key has signed this");
  return OpenedNote{std::string(text), *by};
}

std::string to_text(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + to_base64(checkpoint.root) + "\n";
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  const auto no_checkpoint = fail(ErrorKind::bad_input, "this is no checkpoint: expected an origin, a size and a root");
  const auto origin = take_line(text);
  const auto size = take_line(text);
  const auto root = take_line(text);
  if (!origin || origin->empty() || !size || !root || !text.empty()) return no_checkpoint;
  Checkpoint checkpoint;
  checkpoint.origin = *origin;
  const auto [end, code] = std::from_chars(size->data(), size->data() + size->size(), checkpoint.size);
  const auto hash = hash_from_base64(*root);
  if (code != std::errc() || std::to_string(checkpoint.size) != *size || !hash) return no_checkpoint;
  checkpoint.root = *hash;
  return checkpoint;
}

Result<Checkpoint> parse_checkpoint_note(std::string_view note) {
  const auto blank = note.find("\n\n");
  if (blank == std::string_view::npos) return fail(ErrorKind::bad_input, "this is no signed note");
  return parse_checkpoint(note.substr(0, blank + 1));
}

}  // namespace gapura::gateway
