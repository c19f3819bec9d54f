// SPDX-License-Identifier: Apache-2.0
// Badges on cards, pictures on paper, and the hand that holds them.
#include <fmt/format.h>
#include <qrencode.h>

#include <algorithm>
#include <memory>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "simulated/devices/drawing.h"

namespace gapura::simulated {
namespace {

const cv::Scalar kSkin(120, 160, 205), kSkinShade(96, 132, 176), kSleeve(96, 74, 52), kBand(92, 84, 22);

void fill_ellipse(cv::Mat& canvas, cv::Point centre, cv::Size axes, double angle, const cv::Scalar& colour) {
  cv::ellipse(canvas, centre, axes, angle, 0, 360, colour, cv::FILLED, cv::LINE_AA);
}

void round_rect(cv::Mat& canvas, const cv::Rect& box, int radius, const cv::Scalar& colour) {
  const cv::Point a(box.x + radius, box.y + radius), b(box.br().x - radius - 1, box.br().y - radius - 1);
  cv::rectangle(canvas, {box.x, a.y}, {box.br().x - 1, b.y}, colour, cv::FILLED);
  cv::rectangle(canvas, {a.x, box.y}, {b.x, box.br().y - 1}, colour, cv::FILLED);
  for (const cv::Point corner : {a, b, cv::Point(a.x, b.y), cv::Point(b.x, a.y)}) {
    cv::circle(canvas, corner, radius, colour, cv::FILLED, cv::LINE_AA);
  }
}

// A line with round ends: a finger or an arm.
void limb(cv::Mat& canvas, cv::Point from, cv::Point to, int width, const cv::Scalar& colour) {
  cv::line(canvas, from, to, colour, width, cv::LINE_AA);
}

// Colour and opacity are drawn together, so that each shape is one statement.
struct Layers {
  cv::Mat bgr, alpha;
  template <class Draw>
  void paint(Draw draw) {
    draw(bgr, false);
    draw(alpha, true);
  }
};

// Draws what is behind the card (arm, palm, fingers around its left edge) or what is in front (the thumb).
void draw_hand(Layers& layers, const cv::Rect& card, bool front) {
  const cv::Point foot(card.x + card.width / 2, card.br().y);
  const auto colour = [](bool mask, const cv::Scalar& c) { return mask ? cv::Scalar(255) : c; };
  layers.paint([&](cv::Mat& to, bool mask) {
    if (front) {
      limb(to, foot + cv::Point(120, 90), foot + cv::Point(66, -2), 62, colour(mask, kSkinShade));
      limb(to, foot + cv::Point(118, 88), foot + cv::Point(64, -4), 54, colour(mask, kSkin));
      if (!mask) fill_ellipse(to, foot + cv::Point(56, -16), {15, 19}, -38, {178, 200, 228});  // the nail
      return;
    }
    limb(to, foot + cv::Point(70, 160), foot + cv::Point(150, 700), 170, colour(mask, kSkinShade));
    limb(to, foot + cv::Point(110, 330), foot + cv::Point(190, 900), 250, colour(mask, kSleeve));
    fill_ellipse(to, foot + cv::Point(40, 70), {140, 120}, 10, colour(mask, kSkin));
    for (int finger = 0; finger < 3; ++finger) {
      const int y = -30 - 52 * finger;
      const cv::Point tip(card.x - 4, card.br().y + y);
      limb(to, tip + cv::Point(70, 30), tip, 46, colour(mask, kSkinShade));
      limb(to, tip + cv::Point(70, 28), tip + cv::Point(1, -1), 38, colour(mask, kSkin));
    }
  });
}

void draw_shadow(Layers& layers, const cv::Rect& card) {
  cv::Mat soft = cv::Mat::zeros(layers.alpha.size(), CV_8UC1);
  round_rect(soft, card + cv::Point(10, 14), 22, cv::Scalar(90));
  cv::GaussianBlur(soft, soft, cv::Size(31, 31), 0);
  layers.alpha = cv::max(layers.alpha, soft);
}

Sprite in_hand(const cv::Mat& card, cv::Point2f aim) {
  const cv::Rect box(120, 40, card.cols, card.rows);
  Layers layers{cv::Mat(card.rows + 900, card.cols + 360, CV_8UC3, cv::Scalar(30, 30, 34)), {}};
  layers.alpha = cv::Mat::zeros(layers.bgr.size(), CV_8UC1);
  draw_shadow(layers, box);
  draw_hand(layers, box, false);
  cv::Mat shape = cv::Mat::zeros(card.size(), CV_8UC1);
  round_rect(shape, {0, 0, card.cols, card.rows}, 18, cv::Scalar(255));
  card.copyTo(layers.bgr(box), shape);
  shape.copyTo(layers.alpha(box), shape);
  draw_hand(layers, box, true);
  return {layers.bgr, layers.alpha, aim + cv::Point2f(static_cast<float>(box.x), static_cast<float>(box.y)), false};
}

void centred(cv::Mat& card, const std::string& text, int y, double size, const cv::Scalar& colour, int thickness) {
  const cv::Size extent = cv::getTextSize(text, cv::FONT_HERSHEY_DUPLEX, size, thickness, nullptr);
  cv::putText(card, text, {(card.cols - extent.width) / 2, y}, cv::FONT_HERSHEY_DUPLEX, size, colour, thickness,
              cv::LINE_AA);
}

using Code = std::unique_ptr<QRcode, decltype(&QRcode_free)>;

// Badges use level Q; a text too long for it (hostile codes) uses the highest level that fits. Only text without NUL can
// use the alphanumeric mode, in which a badge is a version 2.
Code encode(const std::string& bytes) {
  const bool text = bytes.find('\0') == std::string::npos;
  for (const QRecLevel level : {QR_ECLEVEL_Q, QR_ECLEVEL_M, QR_ECLEVEL_L}) {
    QRcode* code = text ? QRcode_encodeString(bytes.c_str(), 0, level, QR_MODE_8, 1)
                        : QRcode_encodeData(static_cast<int>(bytes.size()),
                                            reinterpret_cast<const unsigned char*>(bytes.data()), 0, level);
    if (code) return Code(code, &QRcode_free);
  }
  return Code(nullptr, &QRcode_free);
}

}  // namespace

Result<cv::Mat> draw_code(const std::string& bytes, int wanted_pixels) {
  if (bytes.empty()) return fail(ErrorKind::bad_input, "a code needs at least one byte");
  const Code code = encode(bytes);
  if (!code) return fail(ErrorKind::bad_input, fmt::format("{} bytes don't fit into a QR code (2,953 do)", bytes.size()));
  const int quiet = 4, modules = code->width, module = std::max(3, wanted_pixels / (modules + 2 * quiet));
  cv::Mat picture((modules + 2 * quiet) * module, (modules + 2 * quiet) * module, CV_8UC1, cv::Scalar(255));
  for (int i = 0; i < modules * modules; ++i) {
    if (!(code->data[i] & 1)) continue;
    const cv::Point corner((quiet + i % modules) * module, (quiet + i / modules) * module);
    cv::rectangle(picture, cv::Rect(corner, cv::Size(module, module)), cv::Scalar(0), cv::FILLED);
  }
  return picture;
}

Result<Sprite> card_in_hand(const std::string& code) {
  auto grey = TRY(draw_code(code, 370));
  const bool badge = grey.cols <= 420;  // larger codes are on a sheet of paper without a header
  const int head = badge ? 96 : 0, foot = badge ? 84 : 60;
  cv::Mat card(grey.rows + head + foot, std::max(400, grey.cols + 20), CV_8UC3, cv::Scalar(246, 248, 248));
  cv::Mat colour;
  cv::cvtColor(grey, colour, cv::COLOR_GRAY2BGR);
  const cv::Rect place((card.cols - grey.cols) / 2, head, grey.cols, grey.rows);
  cv::min(colour, cv::Scalar(246, 248, 248), colour);  // paper is not pure white, ink is not pure black
  cv::max(colour, cv::Scalar(22, 20, 20), colour);
  colour.copyTo(card(place));
  if (badge) {
    cv::rectangle(card, {0, 0}, {card.cols, 84}, kBand, cv::FILLED);
    round_rect(card, {card.cols / 2 - 36, 10, 72, 14}, 7, {60, 56, 50});  // the slot for the lanyard
    centred(card, "TAMU", 70, 1.25, {255, 255, 255}, 2);
    cv::rectangle(card, {0, 84}, {card.cols, 90}, cv::Scalar(40, 40, 200), cv::FILLED);
    centred(card, "Pos Jaga Demo", card.rows - 50, 0.75, {70, 66, 60}, 1);
    centred(card, "CONTOH - bukan kartu asli", card.rows - 22, 0.5, {110, 106, 100}, 1);
  }
  const cv::Point2f middle(static_cast<float>(card.cols) / 2,
                           static_cast<float>(place.y) + static_cast<float>(place.height) / 2);
  Sprite sprite = in_hand(card, middle);
  sprite.detailed = !badge;
  return sprite;
}

Result<Sprite> picture_in_hand(const std::vector<std::uint8_t>& picture) {
  const cv::Mat read = picture.empty() ? cv::Mat() : cv::imdecode(picture, cv::IMREAD_COLOR);
  if (read.empty()) return fail(ErrorKind::bad_input, "the picture can't be decoded: send a JPEG or PNG");
  const double scale = std::min(820.0 / read.cols, 600.0 / read.rows);
  cv::Mat fitted, paper;
  cv::resize(read, fitted, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  cv::copyMakeBorder(fitted, paper, 14, 46, 14, 14, cv::BORDER_CONSTANT, cv::Scalar(244, 246, 246));
  return in_hand(paper, {static_cast<float>(paper.cols) / 2, 14 + static_cast<float>(fitted.rows) / 2});
}

}  // namespace gapura::simulated
