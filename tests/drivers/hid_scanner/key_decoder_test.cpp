// SPDX-License-Identifier: Apache-2.0
// Keys into characters, as scanners type them.
#include "drivers/hid_scanner/key_decoder.h"

#include <linux/input-event-codes.h>

#include <catch2/catch.hpp>
#include <string>

#include "simulated/devices/hid_scanner.h"

using namespace gapura;
using namespace gapura::drivers;

namespace {

struct Typed {
  std::string text;
  int unknown = 0;
  bool operator==(const Typed& other) const { return text == other.text && unknown == other.unknown; }
};

class Keyboard {
 public:
  explicit Keyboard(KeyLayout layout = KeyLayout::us) : decoder_(layout) {}
  Keyboard& down(std::uint16_t code) { return put(code, 1); }
  Keyboard& up(std::uint16_t code) { return put(code, 0); }
  Keyboard& press(std::uint16_t code) { return put(code, 1).put(code, 0); }
  Keyboard& put(std::uint16_t code, std::int32_t value) {
    const KeyPress press = decoder_.key(code, value);
    if (press.character) typed_.text += *press.character;
    if (press.unknown) ++typed_.unknown;
    return *this;
  }
  KeyDecoder& decoder() { return decoder_; }
  const Typed& typed() const { return typed_; }

 private:
  KeyDecoder decoder_;
  Typed typed_;
};

// Every character that a badge's text may hold.
const std::string base45 = "G1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

}  // namespace

TEST_CASE("every character of a badge, and every other printable one, comes out as it was typed on a US layout") {
  std::string printable = base45;
  for (char c = 0x20; c < 0x7f; ++c) printable += c;
  Keyboard keyboard;
  for (const auto& event : simulated::typed(printable))
    if (event.type == EV_KEY) keyboard.put(event.code, event.value);
  CHECK(keyboard.typed() == Typed{printable, 0});
}

TEST_CASE("on a German layout the same keys mean other characters, and a badge can be typed all the same") {
  Keyboard keyboard(KeyLayout::de);
  const auto shifted = [&](std::uint16_t code) { keyboard.down(KEY_RIGHTSHIFT).press(code).up(KEY_RIGHTSHIFT); };
  shifted(KEY_G);
  keyboard.press(KEY_1);
  shifted(KEY_DOT);
  shifted(KEY_Z), shifted(KEY_Y);
  keyboard.press(KEY_SPACE);
  shifted(KEY_4), shifted(KEY_5), shifted(KEY_RIGHTBRACE);
  keyboard.press(KEY_RIGHTBRACE).press(KEY_SLASH).press(KEY_DOT);
  shifted(KEY_7);
  CHECK(keyboard.typed() == Typed{"G1:YZ $%*+-./", 0});
  keyboard.press(KEY_SEMICOLON);  // ö
  CHECK(keyboard.typed().unknown == 1);
}

TEST_CASE("capitals by Caps Lock, by Shift, and both together are what a keyboard makes of them") {
  Keyboard keyboard;
  keyboard.press(KEY_CAPSLOCK).press(KEY_G).press(KEY_1).down(KEY_LEFTSHIFT).press(KEY_G).press(KEY_SEMICOLON);
  keyboard.up(KEY_LEFTSHIFT).press(KEY_CAPSLOCK).press(KEY_G);
  CHECK(keyboard.typed() == Typed{"G1g:g", 0});
}

TEST_CASE("Alt with a number on the keypad is that character on any layout") {
  for (const KeyLayout layout : {KeyLayout::us, KeyLayout::de}) {
    Keyboard keyboard(layout);
    keyboard.down(KEY_LEFTALT).press(KEY_KP7).press(KEY_KP1).up(KEY_LEFTALT);
    keyboard.down(KEY_LEFTALT).press(KEY_KP0).press(KEY_KP0).press(KEY_KP4).press(KEY_KP9).up(KEY_LEFTALT);
    keyboard.down(KEY_LEFTALT).press(KEY_KP5).press(KEY_KP8).up(KEY_LEFTALT);
    keyboard.down(KEY_LEFTALT).up(KEY_LEFTALT);
    CHECK(keyboard.typed() == Typed{"G1:", 0});
    keyboard.down(KEY_LEFTALT).press(KEY_F4).up(KEY_LEFTALT);
    CHECK(keyboard.typed() == Typed{"G1:", 1});
  }
}

TEST_CASE("Enter, Tab and the keypad are the same on every layout; a held key types once") {
  Keyboard keyboard;
  keyboard.down(KEY_KP4).put(KEY_KP4, 2).put(KEY_KP4, 2).up(KEY_KP4).press(KEY_KPASTERISK).press(KEY_KPENTER);
  keyboard.press(KEY_TAB).press(KEY_ENTER);
  CHECK(keyboard.typed() == Typed{"4*\r\t\r", 0});
}

TEST_CASE("Ctrl with a letter is a control character; keys without a character are reported as unknown") {
  Keyboard keyboard;
  keyboard.down(KEY_LEFTCTRL).press(KEY_B).press(KEY_1).up(KEY_LEFTCTRL);
  keyboard.press(KEY_F1).press(KEY_VOLUMEUP).down(KEY_LEFTMETA).press(KEY_R).up(KEY_LEFTMETA).press(KEY_NUMLOCK);
  CHECK(keyboard.typed() == Typed{"\x02", 4});
}

TEST_CASE("after lost events no modifier is believed but those that the kernel names") {
  Keyboard keyboard;
  keyboard.down(KEY_LEFTSHIFT).down(KEY_LEFTCTRL);
  keyboard.decoder().release_all();
  keyboard.press(KEY_A);
  keyboard.decoder().resync(KEY_RIGHTSHIFT, true);
  keyboard.press(KEY_A);
  CHECK(keyboard.typed() == Typed{"aA", 0});
}
