// SPDX-License-Identifier: Apache-2.0
// Converts key presses to the characters that a scanner means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/scanner.h"

namespace gapura::drivers {

// A key's event: a character (Enter is CR, Tab is HT), none (a modifier, a release), or a key without a character.
struct KeyPress {
  std::optional<char> character;
  bool unknown = false;
};

// Decodes what scanners send: the layout's characters with Shift and Caps Lock, the keypad, Ctrl with a letter (a control
// character), and Alt with a number on the keypad ("Alt mode", independent of the layout). Uses no device.
class KeyDecoder {
 public:
  explicit KeyDecoder(KeyLayout layout) : layout_(layout) {}
  // `code` and `value` as in struct input_event of type EV_KEY: 1 pressed, 0 released, 2 repeated (which is ignored).
  KeyPress key(std::uint16_t code, std::int32_t value);
  // Modifiers only: after lost events the kernel reports which keys are down.
  void resync(std::uint16_t code, bool down) { hold(code, down); }
  void release_all();

 private:
  bool hold(std::uint16_t code, bool down);
  KeyPress alt_number(std::uint16_t code);
  KeyPress end_alt_number();
  KeyPress typed(std::uint16_t code) const;

  KeyLayout layout_;
  bool shift_left_ = false, shift_right_ = false, ctrl_ = false, alt_ = false, alt_gr_ = false, meta_ = false;
  bool caps_ = false;
  int alt_number_ = -1;  // being entered; -1: no digit yet
};

}  // namespace gapura::drivers
