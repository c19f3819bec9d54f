// SPDX-License-Identifier: Apache-2.0
#include "gateway/contract/commitment.h"

#include "models/base/sha256.h"

namespace gapura::gateway {

std::string commitment(std::string_view domain, std::string_view salt, std::initializer_list<std::string_view> parts) {
  std::string text(domain);
  text += '\0';
  text += salt;
  for (const auto part : parts) {
    text += part;
    text += '\0';
  }
  const Hash hash = sha256(text);
  return to_hex(as_bytes(hash));
}

std::string note_commitment(std::string_view salt, std::string_view text) {
  return commitment("gapura.note.v1", salt, {text});
}

}  // namespace gapura::gateway
