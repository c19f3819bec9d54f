// SPDX-License-Identifier: Apache-2.0
#include "support/badge_scene.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "models/visit/credential.h"
#include "support/qr_pictures.h"

namespace gapura::tests {
namespace {

constexpr int module = 12;             // pixels of a card's picture per module
constexpr double camera_distance = 4;  // in sides of the code: near enough for perspective to show

cv::Scalar shade(double value) { return cv::Scalar(std::clamp(value, 0.0, 255.0)); }

std::string caption(Dice& dice, int letters) {
  std::string text;
  for (int i = 0; i < letters; ++i) text += static_cast<char>('A' + dice.whole(0, 25));
  return text;
}

// The code on a card of `paper`, with a margin of its own and room below.
Card card_with(const cv::Mat& code, double paper, int margin, int below) {
  const int quiet = 4 * module;
  Card card{cv::Mat(code.rows + 2 * margin + below, code.cols + 2 * margin, CV_8U, shade(paper)), {}};
  code.copyTo(card.grey(cv::Rect(margin, margin, code.cols, code.rows)));
  const auto first = static_cast<float>(margin + quiet), side = static_cast<float>(code.cols - 2 * quiet);
  card.code = {first, first, side, side};
  return card;
}

void scale_tones(cv::Mat& picture, double dark, double light) {
  picture.convertTo(picture, -1, (light - dark) / 255, dark);
}

// Where a point of the card (in sides of the code, from its middle) falls in the picture.
cv::Point2f projected(const Pose& pose, double x, double y) {
  const double ys = y * std::cos(pose.pitch), zs = y * std::sin(pose.pitch);
  const double xs = x * std::cos(pose.yaw) + zs * std::sin(pose.yaw),
               depth = -x * std::sin(pose.yaw) + zs * std::cos(pose.yaw);
  const double near = camera_distance / (camera_distance + depth) * pose.side;
  const double turned_x = xs * std::cos(pose.roll) - ys * std::sin(pose.roll);
  const double turned_y = xs * std::sin(pose.roll) + ys * std::cos(pose.roll);
  return {static_cast<float>(pose.centre.x + turned_x * near), static_cast<float>(pose.centre.y + turned_y * near)};
}

cv::Mat smear_kernel(Smear smear) {
  const int reach = static_cast<int>(std::ceil(smear.length / 2)) + 1, side = 2 * reach + 1, fine = 8;
  cv::Mat large = cv::Mat::zeros(side * fine, side * fine, CV_32F), kernel;
  const double half = smear.length / 2 * fine;
  const cv::Point2d middle(side * fine / 2.0, side * fine / 2.0),
      along(std::cos(smear.angle) * half, std::sin(smear.angle) * half);
  cv::line(large, middle - along, middle + along, cv::Scalar(1), fine);
  cv::resize(large, kernel, {side, side}, 0, 0, cv::INTER_AREA);
  return kernel / cv::sum(kernel)[0];
}

void draw_words(cv::Mat& picture, Dice& dice, cv::Point at, double size, double ink) {
  for (int line = 0, lines = dice.whole(1, 4); line < lines; ++line)
    cv::putText(picture, caption(dice, dice.whole(4, 14)), at + cv::Point(0, static_cast<int>(line * 26 * size)),
                cv::FONT_HERSHEY_SIMPLEX, size, shade(ink), dice.whole(1, 2), cv::LINE_AA);
}

// Carpets, gratings, tiles: what a region finder takes for codes.
void draw_floor(cv::Mat& picture, Dice& dice) {
  const int top = static_cast<int>(dice.between(0.6, 0.8) * picture.rows);
  cv::Mat floor = picture.rowRange(top, picture.rows);
  cv::Mat texture(std::max(2, floor.rows / dice.whole(3, 9)), std::max(2, floor.cols / dice.whole(3, 14)), CV_8U), large;
  cv::RNG random(static_cast<std::uint64_t>(dice.whole(1, 1 << 30)));
  random.fill(texture, cv::RNG::UNIFORM, 0, 256);
  cv::resize(texture, large, floor.size(), 0, 0, cv::INTER_CUBIC);
  const double contrast = dice.between(0.1, 0.45);
  scale_tones(large, 100 - 128 * contrast, 100 + 128 * contrast);
  large.copyTo(floor);
}

void draw_person(cv::Mat& picture, Dice& dice) {
  const double height = dice.between(0.4, 0.75) * picture.rows, x = dice.between(0.15, 0.85) * picture.cols;
  const double clothes = dice.between(20, 130), skin = dice.between(70, 180), head = height * 0.14;
  const cv::Point2d neck(x, picture.rows - height + 2 * head);
  cv::ellipse(picture, cv::Point2d(x, picture.rows), cv::Size2d(height * 0.3, height - 2 * head), 0, 180, 360,
              shade(clothes), cv::FILLED, cv::LINE_AA);
  cv::circle(picture, neck - cv::Point2d(0, head), static_cast<int>(head), shade(skin), cv::FILLED, cv::LINE_AA);
}

}  // namespace

std::string badge_text(Dice& dice, bool rotating) {
  if (!rotating) {
    TokenBytes bytes;
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(dice.whole(0, 255));
    return make_token(bytes);
  }
  static const std::string base45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  std::string text = "R1:";
  for (int i = 0; i < 36; ++i) text += base45[static_cast<std::size_t>(dice.whole(0, 44))];
  return text;
}

Card printed_card(Dice& dice, const std::string& text, bool inverted) {
  cv::Mat code = badge_code(text, module);
  Card card = card_with(code, 255, module * dice.whole(0, 3), module * dice.whole(4, 16));
  const int below = static_cast<int>(card.code.br().y) + 7 * module;
  for (int line = 0; line < 2 && below + line * 44 < card.grey.rows; ++line)
    cv::putText(card.grey, caption(dice, dice.whole(5, 12)), {3 * module, below + line * 44}, cv::FONT_HERSHEY_SIMPLEX, 1.2,
                shade(0), 3, cv::LINE_AA);
  if (inverted) cv::bitwise_not(card.grey, card.grey);
  scale_tones(card.grey, dice.between(15, 55), dice.between(190, 250));
  return card;
}

Card phone_screen(Dice& dice, const std::string& text) {
  Card card = card_with(badge_code(text, module), 255, 3 * module, 10 * module);
  cv::putText(card.grey, caption(dice, 10), {5 * module, card.grey.rows - 5 * module}, cv::FONT_HERSHEY_SIMPLEX, 1.2,
              shade(0), 3, cv::LINE_AA);
  scale_tones(card.grey, dice.between(20, 60), dice.between(150, 255));
  const int bezel = module * dice.whole(1, 3);
  cv::copyMakeBorder(card.grey, card.grey, bezel, 2 * bezel, bezel, bezel, cv::BORDER_CONSTANT, shade(dice.between(5, 35)));
  card.code += cv::Point2f(static_cast<float>(bezel), static_cast<float>(bezel));
  return card;
}

void damage(Dice& dice, Card& card, double amount) {
  const auto inside = [&](double low, double high) {
    return cv::Point2d(card.code.x + dice.between(low, high) * card.code.width,
                       card.code.y + dice.between(low, high) * card.code.height);
  };
  for (int i = dice.whole(1, 3); i > 0; --i)
    cv::line(card.grey, inside(-0.1, 1.1), inside(-0.1, 1.1), shade(dice.chance(0.5) ? 230 : 25),
             static_cast<int>(dice.between(0.3, 1.0) * amount * module), cv::LINE_AA);
  for (int i = dice.whole(1, 4); i > 0; --i)
    cv::ellipse(card.grey, inside(0.1, 1),
                cv::Size2d(dice.between(0.7, 2.2) * amount * module, dice.between(0.7, 2.2) * amount * module),
                dice.between(0, 180), 0, 360, shade(dice.between(20, 240)), cv::FILLED, cv::LINE_AA);
}

void bend(Card& card, double radians) {
  const cv::Mat flat = card.grey;
  const double middle = card.code.x + card.code.width / 2, radius = card.code.width / (2 * radians),
               edge = std::sin(radians * 1.1);
  cv::Mat from_x(flat.size(), CV_32F), from_y(flat.size(), CV_32F);
  for (int y = 0; y < flat.rows; ++y)
    for (int x = 0; x < flat.cols; ++x) {
      const double angle = std::asin(std::clamp((x - middle) / radius, -edge, edge));
      from_x.at<float>(y, x) = static_cast<float>(middle + radius * angle);
      from_y.at<float>(y, x) = static_cast<float>(y - (1 - std::cos(angle)) * radius * 0.2);
    }
  cv::remap(flat, card.grey, from_x, from_y, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
}

cv::Mat lobby(Dice& dice, cv::Size size) {
  cv::Mat coarse(3, 5, CV_8U), picture;
  for (int i = 0; i < 15; ++i) coarse.data[i] = static_cast<std::uint8_t>(dice.between(60, 210));
  cv::resize(coarse, picture, size, 0, 0, cv::INTER_CUBIC);
  const double unit = size.height / 720.0;
  draw_floor(picture, dice);
  for (int i = dice.whole(3, 9); i > 0; --i) {
    const cv::Rect box(static_cast<int>(dice.between(0, size.width)), static_cast<int>(dice.between(0, 0.7 * size.height)),
                       static_cast<int>(dice.between(20, 220) * unit), static_cast<int>(dice.between(30, 250) * unit));
    cv::rectangle(picture, box, shade(dice.between(20, 240)),
                  dice.chance(0.6) ? cv::FILLED : static_cast<int>(dice.between(2, 8) * unit));
  }
  for (int i = dice.whole(1, 3); i > 0; --i)
    draw_words(
        picture, dice,
        {static_cast<int>(dice.between(0, 0.9) * size.width), static_cast<int>(dice.between(0.05, 0.6) * size.height)},
        dice.between(0.4, 0.9) * unit, dice.between(10, 120));
  if (dice.chance(0.85)) draw_person(picture, dice);
  return picture;
}

void hold(cv::Mat& scene, const Card& card, const Pose& pose, Smear smear) {
  // Shrunk first: a warp takes one sample per pixel and would alias.
  const double shrink = std::min(1.0, 1.3 * pose.side / card.code.width);
  cv::Mat flat = card.grey;
  if (shrink < 1) cv::resize(card.grey, flat, {}, shrink, shrink, cv::INTER_AREA);
  const cv::Point2f middle = (card.code.tl() + card.code.br()) / 2;
  std::vector<cv::Point2f> from, to;
  for (const cv::Point2f corner : {cv::Point2f(0, 0), cv::Point2f(1, 0), cv::Point2f(1, 1), cv::Point2f(0, 1)}) {
    from.emplace_back(corner.x * static_cast<float>(flat.cols), corner.y * static_cast<float>(flat.rows));
    const cv::Point2f on_card(corner.x * static_cast<float>(card.grey.cols), corner.y * static_cast<float>(card.grey.rows));
    to.push_back(projected(pose, (on_card.x - middle.x) / card.code.width, (on_card.y - middle.y) / card.code.height));
  }
  const int spare = static_cast<int>(smear.length) + 4;
  cv::Rect box = cv::boundingRect(to);
  box = cv::Rect(box.x - spare, box.y - spare, box.width + 2 * spare, box.height + 2 * spare) &
        cv::Rect({0, 0}, scene.size());
  if (box.empty()) return;
  for (auto& corner : to) corner -= cv::Point2f(box.tl());
  const cv::Mat warp = cv::getPerspectiveTransform(from, to);
  cv::Mat light, mask, full(flat.size(), CV_8U, cv::Scalar(255)), tones, cut;
  cv::warpPerspective(flat, light, warp, box.size(), cv::INTER_LINEAR);
  cv::warpPerspective(full, mask, warp, box.size(), cv::INTER_LINEAR);
  light.convertTo(tones, CV_32F);
  mask.convertTo(cut, CV_32F, 1 / 255.0);
  if (smear.length > 0.5) {
    const cv::Mat kernel = smear_kernel(smear);
    cv::filter2D(tones, tones, -1, kernel, {-1, -1}, 0, cv::BORDER_CONSTANT);
    cv::filter2D(cut, cut, -1, kernel, {-1, -1}, 0, cv::BORDER_CONSTANT);
  }
  cv::Mat below;
  scene(box).convertTo(below, CV_32F);
  below = below.mul(1 - cut) + tones;
  below.convertTo(scene(box), CV_8U);
}

void glare(cv::Mat& scene, cv::Point2d centre, double radius, double strength, double angle) {
  const int reach = static_cast<int>(radius * 4);
  const cv::Rect box =
      cv::Rect(static_cast<int>(centre.x) - reach, static_cast<int>(centre.y) - reach, 2 * reach, 2 * reach) &
      cv::Rect({0, 0}, scene.size());
  for (int y = box.y; y < box.y + box.height; ++y)
    for (int x = box.x; x < box.x + box.width; ++x) {
      const double dx = x - centre.x, dy = y - centre.y;
      const double along = (dx * std::cos(angle) + dy * std::sin(angle)) / (1.6 * radius),
                   across = (dy * std::cos(angle) - dx * std::sin(angle)) / radius;
      auto& pixel = scene.at<std::uint8_t>(y, x);
      pixel = cv::saturate_cast<std::uint8_t>(pixel + strength * std::exp(-(along * along + across * across)));
    }
}

void moire(cv::Mat& scene, const Pose& pose, double period, double angle, double strength) {
  const int reach = static_cast<int>(pose.side);
  const cv::Rect box =
      cv::Rect(static_cast<int>(pose.centre.x) - reach, static_cast<int>(pose.centre.y) - reach, 2 * reach, 2 * reach) &
      cv::Rect({0, 0}, scene.size());
  for (int y = box.y; y < box.y + box.height; ++y)
    for (int x = box.x; x < box.x + box.width; ++x) {
      const double phase = 2 * CV_PI / period * (x * std::cos(angle) + y * std::sin(angle));
      auto& pixel = scene.at<std::uint8_t>(y, x);
      pixel = cv::saturate_cast<std::uint8_t>(pixel * (1 + strength * std::sin(phase)));
    }
}

void cover(cv::Mat& scene, cv::Point2d finger_tip, double thickness, double angle) {
  const cv::Point2d away(std::cos(angle), std::sin(angle));
  cv::line(scene, finger_tip + away * (thickness / 2), finger_tip + away * thickness * 8, shade(110),
           static_cast<int>(thickness), cv::LINE_AA);
}

cv::Mat taken(const cv::Mat& scene, const Camera& camera, std::uint32_t noise_seed) {
  cv::Mat picture, noise(scene.size(), CV_8S), noisy;
  cv::GaussianBlur(scene, picture, {}, std::max(0.3, camera.blur));
  picture.convertTo(noisy, CV_16S, camera.gain, camera.offset);
  cv::RNG random(noise_seed);
  random.fill(noise, cv::RNG::NORMAL, 0, camera.noise);
  cv::add(noisy, noise, noisy, cv::noArray(), CV_16S);
  noisy.convertTo(picture, CV_8U);
  std::vector<std::uint8_t> compressed;
  cv::imencode(".jpg", picture, compressed, {cv::IMWRITE_JPEG_QUALITY, camera.jpeg_quality});
  return cv::imdecode(compressed, cv::IMREAD_GRAYSCALE);
}

}  // namespace gapura::tests
