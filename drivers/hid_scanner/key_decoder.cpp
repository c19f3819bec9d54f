// SPDX-License-Identifier: Apache-2.0
#include "drivers/hid_scanner/key_decoder.h"

#include <linux/input-event-codes.h>

#include <algorithm>
#include <utility>

namespace gapura::drivers {
namespace {

struct Key {
  std::uint16_t code;
  char plain, shifted, with_alt_gr;
};

constexpr Key us_keys[] = {{KEY_1, '1', '!', 0},           {KEY_2, '2', '@', 0},          {KEY_3, '3', '#', 0},
                           {KEY_4, '4', '$', 0},           {KEY_5, '5', '%', 0},          {KEY_6, '6', '^', 0},
                           {KEY_7, '7', '&', 0},           {KEY_8, '8', '*', 0},          {KEY_9, '9', '(', 0},
                           {KEY_0, '0', ')', 0},           {KEY_MINUS, '-', '_', 0},      {KEY_EQUAL, '=', '+', 0},
                           {KEY_LEFTBRACE, '[', '{', 0},   {KEY_RIGHTBRACE, ']', '}', 0}, {KEY_SEMICOLON, ';', ':', 0},
                           {KEY_APOSTROPHE, '\'', '"', 0}, {KEY_GRAVE, '`', '~', 0},      {KEY_BACKSLASH, '\\', '|', 0},
                           {KEY_102ND, '\\', '|', 0},      {KEY_COMMA, ',', '<', 0},      {KEY_DOT, '.', '>', 0},
                           {KEY_SLASH, '/', '?', 0}};

// Letters outside ASCII have no character here: no badge contains them.
constexpr Key de_keys[] = {{KEY_1, '1', '!', 0},
                           {KEY_2, '2', '"', 0},
                           {KEY_3, '3', 0, 0},
                           {KEY_4, '4', '$', 0},
                           {KEY_5, '5', '%', 0},
                           {KEY_6, '6', '&', 0},
                           {KEY_7, '7', '/', '{'},
                           {KEY_8, '8', '(', '['},
                           {KEY_9, '9', ')', ']'},
                           {KEY_0, '0', '=', '}'},
                           {KEY_MINUS, 0, '?', '\\'},
                           {KEY_EQUAL, '\'', '`', 0},
                           {KEY_RIGHTBRACE, '+', '*', '~'},
                           {KEY_BACKSLASH, '#', '\'', 0},
                           {KEY_102ND, '<', '>', '|'},
                           {KEY_COMMA, ',', ';', 0},
                           {KEY_DOT, '.', ':', 0},
                           {KEY_SLASH, '-', '_', 0},
                           {KEY_GRAVE, '^', 0, 0},
                           {KEY_Q, 0, 0, '@'}};

constexpr std::pair<std::uint16_t, char> letters[] = {
    {KEY_A, 'a'}, {KEY_B, 'b'}, {KEY_C, 'c'}, {KEY_D, 'd'}, {KEY_E, 'e'}, {KEY_F, 'f'}, {KEY_G, 'g'},
    {KEY_H, 'h'}, {KEY_I, 'i'}, {KEY_J, 'j'}, {KEY_K, 'k'}, {KEY_L, 'l'}, {KEY_M, 'm'}, {KEY_N, 'n'},
    {KEY_O, 'o'}, {KEY_P, 'p'}, {KEY_Q, 'q'}, {KEY_R, 'r'}, {KEY_S, 's'}, {KEY_T, 't'}, {KEY_U, 'u'},
    {KEY_V, 'v'}, {KEY_W, 'w'}, {KEY_X, 'x'}, {KEY_Y, 'y'}, {KEY_Z, 'z'}};

// The same on every layout.
constexpr std::pair<std::uint16_t, char> fixed[] = {
    {KEY_ENTER, '\r'},  {KEY_KPENTER, '\r'}, {KEY_TAB, '\t'},    {KEY_SPACE, ' '},   {KEY_BACKSPACE, '\b'},
    {KEY_ESC, '\x1b'},  {KEY_DELETE, 0x7f},  {KEY_KP0, '0'},     {KEY_KP1, '1'},     {KEY_KP2, '2'},
    {KEY_KP3, '3'},     {KEY_KP4, '4'},      {KEY_KP5, '5'},     {KEY_KP6, '6'},     {KEY_KP7, '7'},
    {KEY_KP8, '8'},     {KEY_KP9, '9'},      {KEY_KPPLUS, '+'},  {KEY_KPMINUS, '-'}, {KEY_KPASTERISK, '*'},
    {KEY_KPSLASH, '/'}, {KEY_KPDOT, '.'},    {KEY_KPEQUAL, '='}, {KEY_KPCOMMA, ','}};

std::optional<char> find_fixed(std::uint16_t code) {
  for (const auto& [key, character] : fixed)
    if (key == code) return character;
  return std::nullopt;
}

std::optional<char> find_letter(std::uint16_t code, KeyLayout layout) {
  if (layout == KeyLayout::de && code == KEY_Y) return 'z';
  if (layout == KeyLayout::de && code == KEY_Z) return 'y';
  for (const auto& [key, letter] : letters)
    if (key == code) return letter;
  return std::nullopt;
}

const Key* find_key(std::uint16_t code, KeyLayout layout) {
  if (layout == KeyLayout::de) {
    for (const Key& key : de_keys)
      if (key.code == code) return &key;
    return nullptr;
  }
  for (const Key& key : us_keys)
    if (key.code == code) return &key;
  return nullptr;
}

char upper(char letter) { return static_cast<char>(letter - 'a' + 'A'); }

}  // namespace

void KeyDecoder::release_all() {
  shift_left_ = shift_right_ = ctrl_ = alt_ = alt_gr_ = meta_ = false;
  alt_number_ = -1;
}

// True for a modifier.
bool KeyDecoder::hold(std::uint16_t code, bool down) {
  switch (code) {
    case KEY_LEFTSHIFT:
      shift_left_ = down;
      return true;
    case KEY_RIGHTSHIFT:
      shift_right_ = down;
      return true;
    case KEY_LEFTCTRL:
    case KEY_RIGHTCTRL:
      ctrl_ = down;
      return true;
    case KEY_LEFTALT:
      alt_ = down;
      return true;
    case KEY_RIGHTALT:
      alt_gr_ = down;
      return true;
    case KEY_LEFTMETA:
    case KEY_RIGHTMETA:
      meta_ = down;
      return true;
    default:
      return false;
  }
}

KeyPress KeyDecoder::key(std::uint16_t code, std::int32_t value) {
  if (value != 0 && value != 1) return {};
  if (code == KEY_LEFTALT && value == 0 && alt_) {
    alt_ = false;
    return end_alt_number();
  }
  if (hold(code, value == 1)) return {};
  if (value == 0) return {};
  if (code == KEY_CAPSLOCK) {
    caps_ = !caps_;
    return {};
  }
  if (code == KEY_NUMLOCK) return {};
  return alt_ ? alt_number(code) : typed(code);
}

// Alt+71 is a G on every layout. Windows takes the number modulo 256.
KeyPress KeyDecoder::alt_number(std::uint16_t code) {
  const auto digit = find_fixed(code);
  const bool keypad = code >= KEY_KP7 && code <= KEY_KP0 && digit && *digit >= '0' && *digit <= '9';
  if (!keypad) return {std::nullopt, true};
  alt_number_ = (std::max(alt_number_, 0) * 10 + (*digit - '0')) % 10'000;
  return {};
}

KeyPress KeyDecoder::end_alt_number() {
  const int number = alt_number_;
  alt_number_ = -1;
  if (number < 0) return {};
  return {static_cast<char>(number % 256), false};
}

KeyPress KeyDecoder::typed(std::uint16_t code) const {
  const bool shift = shift_left_ || shift_right_;
  if (meta_) return {std::nullopt, true};
  if (const auto same = find_fixed(code)) return {same, false};
  const auto letter = find_letter(code, layout_);
  if (ctrl_ && letter) return {static_cast<char>(*letter - 'a' + 1), false};
  if (ctrl_) return {std::nullopt, true};
  if (letter && !alt_gr_) return {shift != caps_ ? upper(*letter) : *letter, false};
  const Key* key = find_key(code, layout_);
  const char character = !key ? 0 : alt_gr_ ? key->with_alt_gr : shift ? key->shifted : key->plain;
  if (character == 0) return {std::nullopt, true};
  return {character, false};
}

}  // namespace gapura::drivers
