// SPDX-License-Identifier: Apache-2.0
// Converts the key presses of a scanner that acts as a keyboard to the characters of the code that it has read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/scanner.h"

namespace gapura::drivers {

// What one key event yields.
struct KeyPress {
  std::optional<char> character;  // Enter is CR, Tab is HT; none: a modifier, a release, or unknown
  bool unknown = false;           // a press without a character in the layout: the scan is not valid
};

// Decodes what scanners send: the layout's characters with Shift and Caps Lock, the keypad, Ctrl with a letter (a control
// character), and Alt with a number on the keypad ("Alt mode", independent of the layout). Uses no device. Not thread-safe.
class KeyDecoder {
 public:
  explicit KeyDecoder(KeyLayout layout) : layout_(layout) {}
  // `code` and `value` as in struct input_event of type EV_KEY: 1 pressed, 0 released, 2 repeated (which is ignored).
  KeyPress key(std::uint16_t code, std::int32_t value);
  // After lost events: release_all(), then resync() with each key that the kernel reports as down. Only modifiers count.
  void resync(std::uint16_t code, bool down) { hold(code, down); }
  // All modifiers are up, and an unfinished Alt number is dropped. Caps Lock stays.
  void release_all();

 private:
  bool hold(std::uint16_t code, bool down);  // true: a modifier
  KeyPress alt_number(std::uint16_t code);
  KeyPress end_alt_number();
  KeyPress typed(std::uint16_t code) const;

  KeyLayout layout_;
  bool shift_left_ = false, shift_right_ = false, ctrl_ = false, alt_ = false, alt_gr_ = false, meta_ = false;
  bool caps_ = false;
  int alt_number_ = -1;  // entered so far while Alt is down; -1: no digit yet
};

}  // namespace gapura::drivers
