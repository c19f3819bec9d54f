// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/third_finder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace gapura::drivers::qr {
namespace {

using Point = cv::Point2f;

constexpr std::size_t most_finders = 6;  // more of them are no badge, and all pairs are tried
constexpr int smallest_code = 21, largest_code = 57;
constexpr float between_centres = 7;  // a code's modules minus this are between the middles of two finder patterns

// The middle of a finder pattern and the code's axes there, each one module long.
struct Finder {
  Point centre, across, down;
};

// Where the modules of a code are, from the middles of its three finder patterns. Affine: between them perspective moves
// the modules that are compared by less than one.
struct Grid {
  Point corner, right, below;  // middles: of the one between the two others, and of those two
  int modules = 0;

  Point at(float x, float y) const {
    const auto span = static_cast<float>(modules) - between_centres;
    return corner + (right - corner) * ((x - 3) / span) + (below - corner) * ((y - 3) / span);
  }
};

enum class Lost { corner, below };  // which of the grid's finder patterns is missing
struct Guess {
  Grid grid;
  Lost lost;
  float agreement = 0;

  Point& place() { return lost == Lost::corner ? grid.corner : grid.below; }
};

float cross(Point a, Point b) { return a.x * b.y - a.y * b.x; }
float length(Point a) { return std::hypot(a.x, a.y); }

// The white ring of five modules with its black middle of three. The black ring around it may be broken.
bool finder_in(const std::vector<cv::Point>& ring, const std::vector<cv::Point>& middle, Finder& found) {
  const double outer = cv::contourArea(ring), inner = cv::contourArea(middle);
  if (outer < 40 || inner < 0.15 * outer || inner > 0.6 * outer) return false;
  const cv::RotatedRect box = cv::minAreaRect(ring);
  const auto [shorter, longer] = std::minmax(box.size.width, box.size.height);
  if (longer > 2 * shorter || outer < 0.7 * box.size.area()) return false;
  const cv::Moments m = cv::moments(ring), n = cv::moments(middle);
  found.centre = {static_cast<float>(m.m10 / m.m00), static_cast<float>(m.m01 / m.m00)};
  const Point core(static_cast<float>(n.m10 / n.m00), static_cast<float>(n.m01 / n.m00));
  if (length(core - found.centre) > 0.15F * longer) return false;
  std::array<Point, 4> corners;
  box.points(corners.data());
  std::array<Point, 4> farthest{};
  for (std::size_t i = 0; i < 4; ++i) {
    const Point way = corners[i] - box.center;
    farthest[i] = *std::max_element(ring.begin(), ring.end(), [&](cv::Point a, cv::Point b) {
      return static_cast<float>(a.x) * way.x + static_cast<float>(a.y) * way.y <
             static_cast<float>(b.x) * way.x + static_cast<float>(b.y) * way.y;
    });
  }
  found.across = (farthest[1] - farthest[0] + farthest[2] - farthest[3]) / 10;
  found.down = (farthest[3] - farthest[0] + farthest[2] - farthest[1]) / 10;
  found.centre = core;
  return std::abs(cross(found.across, found.down)) > 1;
}

std::vector<Finder> find_finders(const cv::Mat& binary) {
  std::vector<std::vector<cv::Point>> lines;
  std::vector<cv::Vec4i> tree;  // next, previous, first child, parent
  cv::Mat black;
  cv::bitwise_not(binary, black);
  cv::findContours(black, lines, tree, cv::RETR_TREE, cv::CHAIN_APPROX_SIMPLE);
  std::vector<Finder> finders;
  for (std::size_t i = 0; i < lines.size() && finders.size() < most_finders; ++i) {
    if (tree[i][3] < 0) continue;  // the ring is a hole in black
    Finder found;
    for (int child = tree[i][2]; child >= 0; child = tree[static_cast<std::size_t>(child)][0])
      if (finder_in(lines[i], lines[static_cast<std::size_t>(child)], found)) {
        finders.push_back(found);
        break;
      }
  }
  return finders;
}

// Modules that are the same in every code, compared with a picture: 1 if all agree, 0 by chance.
struct Answers {
  int right = 0, asked = 0;

  void ask(const cv::Mat& binary, cv::Point at, bool black) {
    ++asked;
    if (at.x < 0 || at.y < 0 || at.x >= binary.cols || at.y >= binary.rows) return;
    right += (binary.at<std::uint8_t>(at) < 128) == black ? 1 : 0;
  }
  float agreement() const { return 2 * static_cast<float>(right) / static_cast<float>(std::max(1, asked)) - 1; }
};

// How well the modules that are the same in every code agree with `grid`: the missing finder pattern with the white around
// it, and both lines of alternating modules. 1 if all agree, 0 by chance.
float agreement(const cv::Mat& binary, const Guess& guess) {
  Answers answers;
  const auto ask = [&](float x, float y, bool black) { answers.ask(binary, guess.grid.at(x, y), black); };
  const int top = guess.lost == Lost::corner ? 0 : guess.grid.modules - 7;
  for (int y = -1; y <= 7; ++y)
    for (int x = -1; x <= 7; ++x) {
      const int ring = std::max(std::abs(x - 3), std::abs(y - 3));
      ask(static_cast<float>(x), static_cast<float>(top + y), ring == 3 || ring < 2);
    }
  for (int i = 8; i < guess.grid.modules - 8; ++i) {
    ask(static_cast<float>(i), 6, i % 2 == 0);
    ask(6, static_cast<float>(i), i % 2 == 0);
  }
  return answers.agreement();
}

// The same for the one line that both seen finder patterns bound; rules out wrong pairs and wrong sides.
bool line_between(const cv::Mat& binary, const Grid& grid) {
  Answers answers;
  for (int i = 8; i < grid.modules - 8; ++i) answers.ask(binary, grid.at(static_cast<float>(i), 6), i % 2 == 0);
  return answers.agreement() > 0.2F;
}

// Perspective moves the missing one by up to two modules from where the others point.
void settle(const cv::Mat& binary, Guess& guess, Point across, Point down) {
  Point best = guess.place();
  guess.agreement = agreement(binary, guess);
  for (const float step : {1.0F, 0.5F}) {
    const Point around = best;
    const int reach = step == 1 ? 2 : 1;
    for (int y = -reach; y <= reach; ++y)
      for (int x = -reach; x <= reach; ++x) {
        guess.place() = around + across * (static_cast<float>(x) * step) + down * (static_cast<float>(y) * step);
        const float value = agreement(binary, guess);
        if (value <= guess.agreement) continue;
        guess.agreement = value;
        best = guess.place();
      }
  }
  guess.place() = best;
}

// All places where the third of two finder patterns may be.
void guess_from(const cv::Mat& binary, const Finder& one, Finder other, std::vector<Guess>& guesses) {
  // The axes of both, rotated to match.
  for (int turn = 0; turn < 4 && one.across.dot(other.across) < 0.7F * length(one.across) * length(other.across); ++turn) {
    const Point was = other.across;
    other.across = other.down;
    other.down = -was;
  }
  const Point across = (one.across + other.across) / 2, down = (one.down + other.down) / 2, way = other.centre - one.centre;
  const float size = length(across), ratio = length(one.across) / length(other.across), area = cross(across, down);
  if (ratio < 0.6F || ratio > 1.7F || std::abs(area) < 0.3F * size * size) return;
  const float right = cross(way, down) / area, below = cross(across, way) / area;  // in modules
  const auto largest = std::max(std::abs(right), std::abs(below)), least = std::min(std::abs(right), std::abs(below));
  const int modules = static_cast<int>(std::lround((largest + between_centres - 1) / 4)) * 4 + 1;
  if (modules < smallest_code || modules > largest_code) return;
  const auto add = [&](Grid grid, Lost lost) {
    grid.modules = modules;
    if (lost == Lost::below && !line_between(binary, grid)) return;
    Guess guess{grid, lost};
    settle(binary, guess, across, down);
    guesses.push_back(guess);
  };
  if (least > 0.6F * largest) {
    for (const Point corner : {one.centre + across * right, one.centre + down * below})
      add({corner, one.centre, other.centre}, Lost::corner);
    return;
  }
  if (least > 0.25F * largest) return;
  const Point aside = (std::abs(right) > std::abs(below) ? down : across) * largest;
  for (const Point to : {aside, -aside}) {
    add({one.centre, other.centre, one.centre + to}, Lost::below);
    add({other.centre, one.centre, other.centre + to}, Lost::below);
  }
}

void draw_finder(cv::Mat& picture, const Grid& grid, Point middle) {
  constexpr int fraction_bits = 4;
  constexpr float fine = 1 << fraction_bits;
  const auto span = static_cast<float>(grid.modules) - between_centres;
  const Point across = (grid.right - grid.corner) / span, down = (grid.below - grid.corner) / span;
  for (int ring = 4; ring > 0; --ring) {  // the white around it first
    const float reach = static_cast<float>(ring) + 0.5F;
    std::vector<cv::Point> corners;
    for (const Point corner : {Point(-1, -1), Point(1, -1), Point(1, 1), Point(-1, 1)})
      corners.emplace_back((middle + across * (corner.x * reach) + down * (corner.y * reach)) * fine);
    cv::fillConvexPoly(picture, corners, cv::Scalar(ring % 2 == 0 ? 255 : 0), cv::LINE_8, fraction_bits);
  }
}

// Redraws all three: in a scratched code those that were seen are often scratched as well.
cv::Mat repaired(const cv::Mat& binary, const Grid& grid) {
  cv::Mat picture = binary.clone();
  for (const Point middle : {grid.corner, grid.right, grid.below}) draw_finder(picture, grid, middle);
  return picture;
}

}  // namespace

std::vector<cv::Mat> with_third_finder(const cv::Mat& binary) {
  const auto finders = find_finders(binary);
  std::vector<Guess> guesses;
  for (std::size_t i = 0; i < finders.size(); ++i)
    for (std::size_t j = i + 1; j < finders.size(); ++j) guess_from(binary, finders[i], finders[j], guesses);
  std::stable_sort(guesses.begin(), guesses.end(),
                   [](const Guess& a, const Guess& b) { return a.agreement > b.agreement; });
  std::vector<cv::Mat> pictures;
  for (std::size_t i = 0; i < std::min(most_repairs, guesses.size()); ++i)
    pictures.push_back(repaired(binary, guesses[i].grid));
  return pictures;
}

}  // namespace gapura::drivers::qr
