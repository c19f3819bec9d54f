// SPDX-License-Identifier: Apache-2.0
#include "simulated/devices/badge_scene.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "simulated/devices/drawing.h"

namespace gapura::simulated {
namespace {

constexpr double kComing = 0.3;  // seconds until the card is in place, and the same to leave

// The middle of the motion of one presentation. Lengths are in units of a 720-line frame.
struct Pose {
  cv::Point2d centre;
  double scale = 1, roll = 0, yaw = 0, pitch = 0;
};

struct Grip {
  Sprite sprite;
  Pose pose;
  double phase = 0;
};

double ease(double x) {
  x = std::clamp(x, 0.0, 1.0);
  return x * x * (3 - 2 * x);
}

// A card in a hand is never still: three slow sines that do not repeat within a presentation.
Pose sway(Pose pose, double seconds, double phase) {
  pose.centre.x += 7 * std::sin(2.1 * seconds + phase) + 2 * std::sin(9.7 * seconds);
  pose.centre.y += 5 * std::sin(2.7 * seconds + 2 * phase) + 2 * std::sin(8.3 * seconds + phase);
  pose.roll += 0.02 * std::sin(1.6 * seconds + phase);
  pose.yaw += 0.05 * std::sin(1.3 * seconds + 3 * phase);
  pose.pitch += 0.04 * std::sin(1.9 * seconds + phase);
  return pose;
}

// Returns where the four corners of the sprite's canvas are in the frame: turned in space, then seen by a pinhole camera.
std::vector<cv::Point2f> project(const Sprite& sprite, const Pose& pose, double unit, double frame_width) {
  const double focal = 1500;
  const auto w = static_cast<float>(sprite.bgr.cols), h = static_cast<float>(sprite.bgr.rows);
  std::vector<cv::Point2f> corners;
  for (const cv::Point2f corner : {cv::Point2f(0, 0), cv::Point2f(w, 0), cv::Point2f(w, h), cv::Point2f(0, h)}) {
    const double x0 = (corner.x - sprite.anchor.x) * pose.scale, y0 = (corner.y - sprite.anchor.y) * pose.scale;
    const double x1 = x0 * std::cos(pose.roll) - y0 * std::sin(pose.roll);
    const double y1 = x0 * std::sin(pose.roll) + y0 * std::cos(pose.roll);
    const double depth = focal + x1 * std::sin(pose.yaw) + y1 * std::sin(pose.pitch);
    const double x = x1 * std::cos(pose.yaw) * focal / depth, y = y1 * std::cos(pose.pitch) * focal / depth;
    corners.emplace_back(static_cast<float>(frame_width / 2 + (pose.centre.x + x) * unit),
                         static_cast<float>((pose.centre.y + y) * unit));
  }
  return corners;
}

void blend(cv::Mat under, const cv::Mat& over, const cv::Mat& alpha) {
  for (int y = 0; y < under.rows; ++y) {
    auto* to = under.ptr<std::uint8_t>(y);
    const auto* from = over.ptr<std::uint8_t>(y);
    const auto* weight = alpha.ptr<std::uint8_t>(y);
    for (int x = 0; x < under.cols; ++x) {
      for (int c = 0; c < 3; ++c) {
        const int i = 3 * x + c;
        to[i] = static_cast<std::uint8_t>((from[i] * weight[x] + to[i] * (255 - weight[x]) + 127) / 255);
      }
    }
  }
}

// Imitates a lens slightly out of focus and an imperfect white. Once per card, which is cheaper than once per frame.
void soften(cv::Mat& card) {
  cv::GaussianBlur(card, card, cv::Size(5, 5), 1.0);
  card.convertTo(card, -1, 0.93, 4);
}

}  // namespace

struct BadgeScene::Parts {
  // Constant after construction.
  SceneSettings settings;
  cv::Mat background, noise;
  // Changed by hold() and draw().
  std::mt19937 random;
  std::vector<Grip> grips;
  cv::Mat sheet;
  Millis from{0}, until{0};
  int people = 2;

  // `steady`: for a sheet full of small modules, which is held still and straight.
  Pose aim(std::size_t index, std::size_t count, double steady) {
    std::uniform_real_distribution<double> d(-1, 1);
    Pose pose{{0, 330}, 1, steady * 0.16 * d(random), steady * 0.30 * d(random), steady * 0.24 * d(random)};
    pose.scale = count > 1 ? 0.72 : 0.92 + 0.08 * d(random);
    pose.centre.x = count > 1 ? (index == 0 ? -270 : 270) : 70 * d(random);
    pose.centre.y += 25 * d(random);
    return pose;
  }

  void draw_grip(cv::Mat& frame, const Grip& grip, double seconds, double left) {
    const double unit = settings.height / 720.0;
    const double away = 1 - ease(std::min(seconds, left) / kComing);
    Pose pose = sway(grip.pose, seconds, grip.phase);
    pose.centre.y += 760 * away;
    const auto corners = project(grip.sprite, pose, unit, settings.width);
    const cv::Rect box = cv::boundingRect(corners) & cv::Rect(0, 0, frame.cols, frame.rows);
    if (box.width < 4 || box.height < 4) return;
    const float w = static_cast<float>(grip.sprite.bgr.cols), h = static_cast<float>(grip.sprite.bgr.rows);
    std::vector<cv::Point2f> to;
    to.reserve(corners.size());
    for (const auto& corner : corners)
      to.emplace_back(corner.x - static_cast<float>(box.x), corner.y - static_cast<float>(box.y));
    const cv::Mat map = cv::getPerspectiveTransform(std::vector<cv::Point2f>{{0, 0}, {w, 0}, {w, h}, {0, h}}, to);
    cv::Mat card, alpha;
    cv::warpPerspective(grip.sprite.bgr, card, map, box.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::warpPerspective(grip.sprite.alpha, alpha, map, box.size(), cv::INTER_LINEAR);
    smear(card, away, unit);
    blend(frame(box), card, alpha);
  }

  // Motion blur: the card moves while the shutter is open.
  static void smear(cv::Mat& card, double away, double unit) {
    const int streak = static_cast<int>(30 * away * (1 - away) * 4 * unit);
    if (streak > 1) cv::blur(card, card, cv::Size(1, streak));
  }

  cv::Mat draw(Millis now, const std::string& stamp) {
    cv::Mat frame = background.clone();
    if (settings.place == Place::waiting_room) {
      const double unit = settings.height / 480.0;
      for (int i = 0; i < people; ++i) {
        const cv::Point seat(static_cast<int>((96 + 90 * ((i * 2 + i / 3) % 6)) * unit * settings.width / (640 * unit)),
                             static_cast<int>(318 * unit));
        draw_seated_person(frame, seat, unit, settings.seed + static_cast<std::uint32_t>(i) * 17, now.count() / 1000.0);
      }
    }
    if (now < until) {
      if (!sheet.empty()) {
        const cv::Point corner((frame.cols - sheet.cols) / 2, (frame.rows - sheet.rows) / 2);
        sheet.copyTo(frame(cv::Rect(corner, sheet.size())));
      }
      for (const Grip& grip : grips) draw_grip(frame, grip, (now - from).count() / 1000.0, (until - now).count() / 1000.0);
    }
    const double size = settings.height / 720.0;
    put_label(frame, stamp, {cvRound(20 * size), cvRound(40 * size)}, 0.8 * size, {255, 255, 255});
    put_label(frame, "SIMULASI", {settings.width - cvRound(170 * size), cvRound(40 * size)}, 0.8 * size, {120, 220, 255});
    return frame;
  }
};

BadgeScene::BadgeScene(SceneSettings settings) : parts_(std::make_unique<Parts>()) {
  cv::setNumThreads(1);  // several small pictures are drawn at once, so OpenCV's own threads would only cost
  parts_->settings = settings;
  parts_->random.seed(settings.seed);
  parts_->background = draw_background(settings.place, settings.width, settings.height, settings.seed);
  // Larger than a frame, so that a random offset gives each frame different noise at the cost of one addition.
  parts_->noise.create(settings.height + 64, settings.width + 64, CV_8UC1);
  cv::RNG rng(settings.seed);
  rng.fill(parts_->noise, cv::RNG::NORMAL, 8, 2.2);
}

BadgeScene::~BadgeScene() = default;

const SceneSettings& BadgeScene::settings() const { return parts_->settings; }

Status BadgeScene::hold(const HeldItem& item, Millis now, Millis length) {
  if (item.codes.size() > 2) return fail(ErrorKind::bad_input, "at most two codes fit into one view");
  std::vector<Grip> grips;
  const std::size_t count = item.codes.empty() ? 1 : item.codes.size();
  for (std::size_t i = 0; i < count; ++i) {
    auto sprite = TRY(item.codes.empty() ? picture_in_hand(item.picture) : card_in_hand(item.codes[i]));
    const Pose pose = parts_->aim(i, count, sprite.detailed ? 0.2 : 1);
    soften(sprite.bgr);
    grips.push_back({std::move(sprite), pose, static_cast<double>(parts_->random() % 628) / 100});
  }
  parts_->grips = std::move(grips);
  parts_->sheet.release();
  parts_->from = now;
  parts_->until = now + length;
  return {};
}

Status BadgeScene::lay_sheet(const std::string& code, Millis now, Millis length) {
  const int height = parts_->settings.height;
  auto grey = TRY(draw_code(code, height * 55 / 100));
  if (grey.rows > height || grey.cols > parts_->settings.width)
    return fail(ErrorKind::bad_input, "the code has too many modules for this camera's picture");
  cv::cvtColor(grey, parts_->sheet, cv::COLOR_GRAY2BGR);
  soften(parts_->sheet);
  parts_->grips.clear();
  parts_->from = now;
  parts_->until = now + length;
  return {};
}

void BadgeScene::put_away() {
  parts_->grips.clear();
  parts_->sheet.release();
}
bool BadgeScene::holding(Millis now) const {
  return (!parts_->grips.empty() || !parts_->sheet.empty()) && now < parts_->until;
}
void BadgeScene::set_people(int count) { parts_->people = std::clamp(count, 0, 6); }

FrameBytes BadgeScene::draw_bgr(Millis now, const std::string& stamp) {
  const cv::Mat frame = parts_->draw(now, stamp);
  return FrameBytes(frame.data, frame.data + frame.total() * 3);
}

FrameBytes BadgeScene::draw_i420(Millis now, const std::string& stamp) {
  const int width = parts_->settings.width, height = parts_->settings.height;
  FrameBytes bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3 / 2);
  cv::Mat planes(height * 3 / 2, width, CV_8UC1, bytes.data());
  cv::cvtColor(parts_->draw(now, stamp), planes, cv::COLOR_BGR2YUV_I420);
  cv::Mat luma = planes.rowRange(0, height);
  const cv::Rect window(static_cast<int>(parts_->random() % 64), static_cast<int>(parts_->random() % 64), width, height);
  cv::add(luma, parts_->noise(window), luma);
  cv::subtract(luma, cv::Scalar(8), luma);
  return bytes;
}

std::vector<std::uint8_t> sample_portrait(std::uint32_t seed) {
  std::vector<std::uint8_t> jpeg;
  cv::imencode(".jpg", draw_portrait(seed), jpeg, {cv::IMWRITE_JPEG_QUALITY, 88});
  return jpeg;
}

}  // namespace gapura::simulated
