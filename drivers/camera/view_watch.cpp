// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/view_watch.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace gapura::drivers {
namespace {

constexpr int view_width = 320, view_height = 180;
constexpr int border = view_height / 10;  // above and below, where cameras print their clock and name, which never move
constexpr int cell = 16;                  // at most one landmark in each
constexpr int tolerance = 1;              // a 300th of the width: a pole in the wind
constexpr int nearby = 14;                // how far around a landmark is searched for similar pieces
constexpr std::size_t most_landmarks = 32, fewest_landmarks = 8;
constexpr std::size_t most_views = 5;  // the accepted one, and the same in other light
constexpr double half_weight = 4;      // grey levels a pixel at which an edge counts half: noise counts little
constexpr double least_corner = 20;    // the weaker of a corner's two directions, grey levels squared
constexpr double alike = 0.6, own_look = 0.6;
// Shares of the landmarks. Crowds, furniture and other light leave more than `few` in place, or nothing still in their
// stead; a camera that moved a little has them beside their places, and one that moved far has another still view.
constexpr double few = 0.2, back_above = 0.35, some = 0.45, beside = 0.3, familiar = 0.6;
constexpr int learning_rounds = 10, enough_rounds = 8;
constexpr double too_dark = 40;  // of 255, mean: darkness has no view

struct Picture {
  cv::Mat grey;   // CV_32F
  cv::Mat edges;  // CV_8SC2: the double angle of each pixel's gradient, so that light on dark is dark on light
};

Picture picture_of(GreyView frame) {
  const cv::Mat whole(frame.height, frame.width, CV_8UC1, const_cast<std::uint8_t*>(frame.data),
                      static_cast<std::size_t>(frame.stride));
  cv::Mat small, x, y;
  Picture made;
  cv::resize(whole, small, {view_width, view_height}, 0, 0, cv::INTER_AREA);
  small.convertTo(made.grey, CV_32F);
  cv::GaussianBlur(made.grey, made.grey, {3, 3}, 0.8);
  cv::Sobel(made.grey, x, CV_32F, 1, 0, 3, 1.0 / 8);
  cv::Sobel(made.grey, y, CV_32F, 0, 1, 3, 1.0 / 8);
  made.edges.create(made.grey.size(), CV_8SC2);
  for (int row = 0; row < view_height; ++row) {
    const auto* dx = x.ptr<float>(row);
    const auto* dy = y.ptr<float>(row);
    auto* to = made.edges.ptr<std::int8_t>(row);
    for (int at = 0; at < view_width; ++at) {
      const float square = dx[at] * dx[at] + dy[at] * dy[at] + 1e-6F, length = std::sqrt(square);
      const float scale = 127 / (square * (1 + static_cast<float>(half_weight) / length));
      to[2 * at] = static_cast<std::int8_t>((dx[at] * dx[at] - dy[at] * dy[at]) * scale);
      to[2 * at + 1] = static_cast<std::int8_t>(2 * dx[at] * dy[at] * scale);
    }
  }
  return made;
}

// 1: the same edges, 0: nothing in common.
double likeness(const Landmark& landmark, const cv::Mat& edges, int x, int y) {
  int common = 0, own = 0, other = 0;
  const auto* mine = landmark.edges.data();
  for (int row = -Landmark::reach; row <= Landmark::reach; ++row) {
    const auto* there = edges.ptr<std::int8_t>(y + row) + std::ptrdiff_t{2} * (x - Landmark::reach);
    for (int i = 0; i < 2 * Landmark::side; ++i, ++mine) {
      common += *mine * there[i];
      own += *mine * *mine;
      other += there[i] * there[i];
    }
  }
  return own == 0 || other == 0 ? 0 : common / std::sqrt(static_cast<double>(own) * other);
}

void locate(Landmark& landmark, const cv::Mat& edges) {
  double best = 0;
  for (int y = -tolerance; y <= tolerance; ++y)
    for (int x = -tolerance; x <= tolerance; ++x) {
      const double found = likeness(landmark, edges, landmark.x + x, landmark.y + y);
      if (found <= best) continue;
      best = found;
      landmark.in_place = x == 0 && y == 0;
    }
  landmark.in_place &= best >= alike;
  landmark.missed = best >= alike ? 0 : landmark.missed + 1;
}

Landmark cut(const cv::Mat& edges, int x, int y) {
  Landmark made;
  made.x = x;
  made.y = y;
  auto to = made.edges.begin();
  for (int row = -Landmark::reach; row <= Landmark::reach; ++row) {
    const auto* from = edges.ptr<std::int8_t>(y + row) + std::ptrdiff_t{2} * (x - Landmark::reach);
    to = std::copy_n(from, 2 * Landmark::side, to);
  }
  return made;
}

// Returns the likeness of the most similar place around it, further away than `from`: tiles and bars look the same a little
// further on.
double likeness_around(const Landmark& landmark, const cv::Mat& edges, int from) {
  constexpr int edge = Landmark::reach;
  double most = 0;
  for (int y = -nearby; y <= nearby; ++y)
    for (int x = -nearby; x <= nearby; ++x) {
      const int at_x = landmark.x + x, at_y = landmark.y + y;
      const bool inside = at_x >= edge && at_x < view_width - edge && at_y >= edge && at_y < view_height - edge;
      if (inside && std::max(std::abs(x), std::abs(y)) > from) most = std::max(most, likeness(landmark, edges, at_x, at_y));
    }
  return most;
}

std::vector<Landmark> landmarks_in(const Picture& picture) {
  cv::Mat corners;
  cv::cornerMinEigenVal(picture.grey, corners, 7, 3);
  const cv::Rect inner(Landmark::reach + tolerance, border + Landmark::reach,
                       view_width - 2 * (Landmark::reach + tolerance), view_height - 2 * (border + Landmark::reach));
  std::vector<std::pair<double, Landmark>> found;
  for (int y = inner.y; y < inner.br().y; y += cell)
    for (int x = inner.x; x < inner.br().x; x += cell) {
      double strength = 0;
      cv::Point at;
      cv::minMaxLoc(corners(cv::Rect(x, y, cell, cell) & inner), nullptr, &strength, nullptr, &at);
      if (strength < least_corner) continue;
      Landmark made = cut(picture.edges, x + at.x, y + at.y);
      if (const double around = likeness_around(made, picture.edges, 3); around < own_look)
        found.emplace_back(around, made);
    }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (found.size() > most_landmarks) found.resize(most_landmarks);
  std::vector<Landmark> all;
  all.reserve(found.size());
  for (auto& each : found) all.push_back(each.second);
  return all;
}

template <class Condition>
double share_of(const LearnedView& view, Condition condition) {
  const auto& all = view.landmarks;
  return static_cast<double>(std::count_if(all.begin(), all.end(), condition)) / static_cast<double>(all.size());
}

}  // namespace

ViewWatch::ViewWatch(Millis limit, std::span<const std::uint8_t> known)
    : limit_(limit), between_(std::clamp(limit / 20, Millis{100}, Millis{2000})), views_(decode_views(known)) {}

int ViewWatch::landmarks() const { return views_.empty() ? 0 : static_cast<int>(views_.front().landmarks.size()); }

bool ViewWatch::judge(GreyView frame, BootTime captured) {
  if (limit_ <= Millis{0} || (checks_ > 0 && captured - checked_ < between_)) return moved_;
  checked_ = captured;
  ++checks_;
  const Picture now = picture_of(frame);
  if (cv::mean(now.grey)[0] < too_dark) return moved_;
  if (!views_.empty()) compare(now.edges);
  const bool learns = rounds_ > 0 || views_.empty() || accepted_ || strange_ || is_other_light();
  if (learns) learn(now.grey, now.edges);
  return moved_;
}

bool ViewWatch::is_other_light() const { return !moved_ && !strange_ && exact_ && share_ >= few && share_ < familiar; }

void ViewWatch::compare(const cv::Mat& edges) {
  const auto patience = static_cast<int>(limit_ / between_ / 2);
  LearnedView* best = nullptr;
  share_ = 0;
  for (auto& view : views_) {
    for (auto& landmark : view.landmarks) locate(landmark, edges);
    const double share = share_of(view, [&](const Landmark& each) { return each.missed < patience; });
    if (!best || share > share_) best = &view;
    share_ = std::max(share, share_);
  }
  if (share_ >= familiar) best->recognised = checks_;
  exact_ = share_of(*best, [](const Landmark& each) { return each.in_place; }) >= few / 2;
  strange_ = share_of(*best, [](const Landmark& each) { return each.missed == 0; }) < few;
  const double moved_away = share_ >= some ? 0 : share_of(*best, [&](const Landmark& each) {
    return each.missed >= patience && likeness_around(each, edges, 2 * tolerance) >= alike;
  });
  const bool stands_beside = moved_away >= beside && moved_away > share_;
  if (share_ >= back_above) {
    other_view_ = false;
    still_ = 0;
  }
  moved_ = stands_beside || (share_ < few && other_view_) || (moved_ && share_ < back_above);
}

// A landmark is permanent: people who wait are gone at a later check, or in the next light.
void ViewWatch::learn(const cv::Mat& grey, const cv::Mat& edges) {
  if (rounds_ == 0) candidate_.landmarks = landmarks_in({grey, edges});
  for (auto& landmark : candidate_.landmarks) {
    locate(landmark, edges);
    landmark.seen += landmark.missed == 0 ? 1 : 0;
  }
  if (++rounds_ < learning_rounds) return;
  rounds_ = 0;
  finish_learning();
}

void ViewWatch::finish_learning() {
  auto& all = candidate_.landmarks;
  std::erase_if(all, [](const Landmark& each) { return each.seen < enough_rounds; });
  const bool plain = all.size() < fewest_landmarks;
  if (plain && accepted_) {  // a person accepted a plain view: not watched until it has landmarks
    views_.clear();
    accepted_ = moved_ = other_view_ = strange_ = false;
    still_ = 0;
    news_ = true;
  }
  if (!views_.empty() && !accepted_ && !is_other_light()) {
    // As rich as half of the accepted view: another view. Poorer: needed twice, because people may stand still during one
    // learning.
    const std::size_t rich = (views_.front().landmarks.size() + 1) / 2;
    if (strange_ && all.size() >= std::min(fewest_landmarks, rich)) ++still_;
    other_view_ |= strange_ && (all.size() >= rich || still_ >= 2);
    return;
  }
  if (plain) return;
  candidate_.recognised = checks_;
  const bool full = views_.size() == most_views;
  if (full)
    views_.erase(std::min_element(views_.begin() + 1, views_.end(),
                                  [](const auto& a, const auto& b) { return a.recognised < b.recognised; }));
  views_.insert(accepted_ ? views_.begin() : views_.end(), std::move(candidate_));
  candidate_ = {};
  if (accepted_) {
    moved_ = other_view_ = false;
    still_ = 0;
  }
  accepted_ = false;
  share_ = 1;
  news_ = true;
}

std::vector<std::uint8_t> ViewWatch::take_changed_views() {
  if (!news_) return {};
  news_ = false;
  return encode_views(views_);
}

// "GVW1", then for each view the number of its landmarks, and for each landmark its place and its edges.
std::vector<std::uint8_t> encode_views(const std::vector<LearnedView>& views) {
  std::vector<std::uint8_t> bytes{'G', 'V', 'W', '1', static_cast<std::uint8_t>(views.size())};
  for (const auto& view : views) {
    bytes.push_back(static_cast<std::uint8_t>(view.landmarks.size()));
    for (const auto& landmark : view.landmarks) {
      bytes.push_back(static_cast<std::uint8_t>(landmark.x / 2));
      bytes.push_back(static_cast<std::uint8_t>(landmark.x % 2));
      bytes.push_back(static_cast<std::uint8_t>(landmark.y));
      for (const std::int8_t each : landmark.edges) bytes.push_back(static_cast<std::uint8_t>(each));
    }
  }
  return bytes;
}

std::vector<LearnedView> decode_views(std::span<const std::uint8_t> bytes) {
  constexpr std::array<std::uint8_t, 4> mark{'G', 'V', 'W', '1'};
  constexpr int edge = Landmark::reach + tolerance;
  if (bytes.size() < 5 || !std::equal(mark.begin(), mark.end(), bytes.begin()) || bytes[4] > most_views) return {};
  std::vector<LearnedView> views(bytes[4]);
  std::size_t at = 5;
  for (auto& view : views) {
    if (at >= bytes.size() || bytes[at] < fewest_landmarks || bytes[at] > most_landmarks) return {};
    view.landmarks.resize(bytes[at++]);
    for (auto& landmark : view.landmarks) {
      if (bytes.size() - at < 3 + landmark.edges.size()) return {};
      landmark.x = 2 * bytes[at] + bytes[at + 1];
      landmark.y = bytes[at + 2];
      if (landmark.x < edge || landmark.x >= view_width - edge || landmark.y < edge || landmark.y >= view_height - edge)
        return {};
      for (std::size_t i = 0; i < landmark.edges.size(); ++i)
        landmark.edges[i] = static_cast<std::int8_t>(bytes[at + 3 + i]);
      at += 3 + landmark.edges.size();
    }
  }
  return at == bytes.size() ? views : std::vector<LearnedView>{};
}

}  // namespace gapura::drivers
