// SPDX-License-Identifier: Apache-2.0
// C2SP signed notes with Ed25519 keys (type 0x01), and the checkpoint that is written in one: docs/record-format.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/result.h"
#include "models/base/sha256.h"

namespace gapura::gateway {

// The public key, as text: name+8 hex digits of the key id+base64(0x01 || 32 bytes).
struct VerifierKey {
  std::string name;
  std::array<unsigned char, 32> key{};
  std::array<unsigned char, 4> id() const;
  std::string text() const;
  bool operator==(const VerifierKey&) const = default;
};
std::optional<VerifierKey> parse_verifier_key(std::string_view text);

// As text: PRIVATE+KEY+name+8 hex digits+base64(0x01 || seed). Wiped on destruction. Never printed, never in the database.
class SigningKey {
 public:
  static SigningKey make(const std::string& name);
  static std::optional<SigningKey> parse(std::string_view text);
  SigningKey(const SigningKey&) = default;
  SigningKey& operator=(const SigningKey&) = default;
  ~SigningKey();
  const VerifierKey& verifier() const { return verifier_; }
  std::string text() const;
  // `text` ends in a newline. Ed25519 is deterministic: the same text gives the same note.
  std::string sign(std::string_view text) const;

 private:
  SigningKey(std::string name, const std::array<unsigned char, 32>& seed);
  VerifierKey verifier_;
  std::array<unsigned char, 64> secret_{};
};

// A note's text and the key whose signature on it is valid. Errors: bad_input (not a note; no signature of a known key; a
// known key's signature is wrong). Signatures of unknown keys are ignored, as the specification says.
struct OpenedNote {
  std::string text;
  VerifierKey by;
};
Result<OpenedNote> open_note(std::string_view note, const std::vector<VerifierKey>& known);

// C2SP tlog-checkpoint.
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
  bool operator==(const Checkpoint&) const = default;
};
std::string to_text(const Checkpoint& checkpoint);
Result<Checkpoint> parse_checkpoint(std::string_view text);       // the note's text
Result<Checkpoint> parse_checkpoint_note(std::string_view note);  // a whole note; signatures are not checked

}  // namespace gapura::gateway
