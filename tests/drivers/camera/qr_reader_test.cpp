// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/qr_reader.h"

#include <time.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <set>

#include "drivers/qr_reader/finder_count.h"
#include "drivers/qr_reader/presentation.h"
#include "drivers/qr_reader/read_file.h"
#include "support/badge_clips.h"
#include "support/badge_frames.h"
#include "support/hostile_frames.h"
#include "support/qr_pictures.h"
#include "support/temporary_folder.h"

using namespace gapura;
using drivers::Code;
using drivers::GreyView;
using drivers::QrReader;

namespace {

GreyView view_of(const cv::Mat& grey) { return {grey.data, grey.cols, grey.rows, static_cast<int>(grey.step[0])}; }

std::vector<std::string> payloads_of(const cv::Mat& grey) {
  QrReader reader;
  std::vector<std::string> payloads;
  for (const auto& code : reader.read_picture(view_of(grey))) payloads.push_back(code.payload);
  std::sort(payloads.begin(), payloads.end());
  return payloads;
}

using Payloads = std::vector<std::string>;

cv::Mat scene(int width = 1280, int height = 720) { return cv::Mat(height, width, CV_8U, cv::Scalar(140)); }

cv::Mat on_scene(const cv::Mat& code, cv::Point at = {400, 150}) {
  cv::Mat picture = scene();
  code.copyTo(picture(cv::Rect(at, code.size())));
  return picture;
}

}  // namespace

TEST_CASE("A plain badge is read, with its outline where it is", "[qr]") {
  const cv::Mat code = tests::qr_picture("G1:plain", 8);
  QrReader reader;
  const auto codes = reader.read_picture(view_of(on_scene(code)));
  REQUIRE(codes.size() == 1);
  CHECK(codes[0].payload == "G1:plain");
  CHECK(codes[0].text == "G1:plain");
  for (const auto& corner : codes[0].outline) {
    CHECK(corner.x >= 400);
    CHECK(corner.x <= 400 + code.cols);
    CHECK(corner.y >= 150);
    CHECK(corner.y <= 150 + code.rows);
  }
}

TEST_CASE("A badge is read in any rotation", "[qr]") {
  const cv::Mat code = tests::qr_picture("G1:rotated badge", 7);
  for (int degrees = 0; degrees < 360; degrees += 15) {
    CAPTURE(degrees);
    cv::Mat picture = scene();
    std::vector<cv::Point2f> corners;
    for (int i = 0; i < 4; ++i) {
      const double turn = (degrees + 90 * i) * CV_PI / 180;
      corners.emplace_back(static_cast<float>(640 + 160 * std::cos(turn)), static_cast<float>(360 + 160 * std::sin(turn)));
    }
    tests::place(picture, code, corners);
    CHECK(payloads_of(picture) == Payloads{"G1:rotated badge"});
  }
}

TEST_CASE("Light codes on dark are read", "[qr]") {
  cv::Mat code = tests::qr_picture("G1:inverted", 8);
  cv::bitwise_not(code, code);
  CHECK(payloads_of(on_scene(code)) == Payloads{"G1:inverted"});
}

TEST_CASE("A code is read that has lost any one of its finder patterns", "[qr]") {
  const int module = 6, quiet = 4 * module, lost = 7 * module;
  const std::string text = "G1:A.FINDER.PATTERN.LOST";
  const cv::Mat whole = tests::badge_code(text, module);
  const int last = whole.cols - quiet - lost;
  for (const cv::Point at : {cv::Point(quiet, quiet), cv::Point(last, quiet), cv::Point(quiet, last)})
    for (const double tone : {255.0, 20.0}) {  // drowned in glare, covered
      CAPTURE(at.x, at.y, tone);
      cv::Mat code = whole.clone();
      code(cv::Rect(at, cv::Size(lost, lost))).setTo(tone);
      cv::Mat picture = scene();
      tests::place(picture, code, {{400, 150}, {640, 190}, {610, 430}, {370, 400}});
      CHECK(payloads_of(picture) == Payloads{text});
    }
}

TEST_CASE("Two of three finder patterns lost: nothing is read, and nothing else", "[qr]") {
  const int module = 6, quiet = 4 * module, lost = 7 * module;
  cv::Mat code = tests::badge_code("G1:TWO.PATTERNS.LOST.HERE", module);
  code(cv::Rect(quiet, quiet, lost, lost)).setTo(255);
  code(cv::Rect(quiet, code.rows - quiet - lost, lost, lost)).setTo(255);
  CHECK(payloads_of(on_scene(code)).empty());
}

TEST_CASE("A code far out of focus is found, though no edge in the picture is steep", "[qr]") {
  const std::string text = "G1:OUT.OF.FOCUS.AND.FAINT";
  cv::Mat picture = on_scene(tests::badge_code(text, 7)), faint;
  cv::GaussianBlur(picture, picture, {}, 4);
  picture.convertTo(faint, -1, 0.4, 60);
  CHECK(payloads_of(faint) == Payloads{text});
}

TEST_CASE("Codes seen in a mirror are read", "[qr]") {
  cv::Mat code = tests::qr_picture("G1:mirrored", 8);
  cv::flip(code, code, 1);
  CHECK(payloads_of(on_scene(code)) == Payloads{"G1:mirrored"});
}

TEST_CASE("Two badges in one picture are both found", "[qr]") {
  cv::Mat picture = on_scene(tests::qr_picture("G1:first", 8), {80, 200});
  const cv::Mat second = tests::qr_picture("G1:second", 8);
  second.copyTo(picture(cv::Rect({800, 220}, second.size())));
  CHECK(payloads_of(picture) == Payloads{"G1:first", "G1:second"});
}

TEST_CASE("The same badge twice in a picture is one code", "[qr]") {
  cv::Mat picture = on_scene(tests::qr_picture("G1:twin", 8), {80, 200});
  const cv::Mat second = tests::qr_picture("G1:twin", 8);
  second.copyTo(picture(cv::Rect({800, 220}, second.size())));
  CHECK(payloads_of(picture) == Payloads{"G1:twin"});
}

TEST_CASE("Any bytes in a code come out as they are", "[qr]") {
  std::string control = "G1:";
  for (int c = 1; c < 32; ++c) control += static_cast<char>(c);
  for (const std::string& payload :
       {control, std::string("'; DROP TABLE badge; --"), std::string("<script>alert(1)</script>"),
        std::string("\xff\xfe\x80 not UTF-8"), std::string("a\0b", 3), std::string("Kediaman \xE2\x80\xAE gnp.exe")}) {
    CAPTURE(payload);
    CHECK(payloads_of(on_scene(tests::qr_picture(payload, 6))) == Payloads{payload});
  }
}

TEST_CASE("The largest code there is, 2,900 bytes, is read whole", "[qr]") {
  std::string payload;
  for (int i = 0; i < 2900; ++i) payload += static_cast<char>('a' + i % 26);
  const cv::Mat code = tests::qr_picture(payload, 6, QR_ECLEVEL_L);
  cv::Mat picture(code.rows + 100, code.cols + 200, CV_8U, cv::Scalar(150));
  code.copyTo(picture(cv::Rect({100, 50}, code.size())));
  CHECK(payloads_of(picture) == Payloads{payload});
}

TEST_CASE("The largest code is read on video in a scene too", "[qr]") {
  std::string payload;
  for (int i = 0; i < 2900; ++i) payload += static_cast<char>('a' + i % 26);
  cv::Mat picture = scene(1920, 1080);
  const cv::Mat code = tests::qr_picture(payload, 5, QR_ECLEVEL_L);
  code.copyTo(picture(cv::Rect({400, 60}, code.size())));
  CHECK(payloads_of(picture) == Payloads{payload});
  QrReader reader;
  bool read = false;
  for (int frame = 0; frame < 25 && !read; ++frame) {
    const auto codes = reader.read_frame(view_of(picture));
    read = codes.size() == 1 && codes[0].payload == payload;
  }
  CHECK(read);
}

TEST_CASE("Pictures without a code give nothing, whatever they are", "[qr]") {
  CHECK(payloads_of(scene()).empty());
  CHECK(payloads_of(cv::Mat(1, 1, CV_8U, cv::Scalar(0))).empty());
  CHECK(payloads_of(cv::Mat(3, 2000, CV_8U, cv::Scalar(0))).empty());
  QrReader reader;
  CHECK(reader.read_picture({}).empty());
  CHECK(reader.read_frame({}).empty());
  cv::Mat noise(480, 640, CV_8U);
  cv::RNG random(7);
  for (int i = 0; i < 3; ++i) {
    random.fill(noise, cv::RNG::UNIFORM, 0, 256);
    CHECK(payloads_of(noise).empty());
  }
}

namespace {

double used_seconds() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

#ifdef __SANITIZE_ADDRESS__
constexpr double slower = 5;
#else
constexpr double slower = 1;
#endif

}  // namespace

TEST_CASE("No frame keeps the search busy: finder patterns, stripes, noise, checkerboards and text", "[qr][hostile]") {
  for (const std::string kind : tests::hostile_kinds)
    for (std::uint32_t seed = 0; seed < 6; ++seed) {
      INFO(kind << " " << seed);
      const cv::Mat frame = tests::hostile_frame(kind, seed, seed % 2 == 0 ? cv::Size(1920, 1080) : cv::Size(1280, 720));
      QrReader reader;
      for (int i = 0; i < 6; ++i) {  // in which every look at a frame has its turn
        const double before = used_seconds();
        CHECK(reader.read_frame(view_of(frame)).empty());
        CHECK(used_seconds() - before < 0.25 * slower);
      }
      const double before = used_seconds();
      CHECK(reader.read_picture(view_of(frame)).empty());
      CHECK(used_seconds() - before < 0.25 * slower);
    }
}

TEST_CASE("A sheet of finder patterns is left out with its reason, and the next frame is read", "[qr][hostile]") {
  QrReader reader;
  CHECK(reader.read_frame(view_of(tests::hostile_frame("finders", 1, {1920, 1080}))).empty());
  CHECK(reader.skipped() == drivers::Skipped::finder_patterns);
  const cv::Mat badge = on_scene(tests::qr_picture("G1:next", 8));
  const auto codes = reader.read_frame(view_of(badge));
  REQUIRE(codes.size() == 1);
  CHECK(codes[0].payload == "G1:next");
  CHECK(reader.skipped() == drivers::Skipped::no);
  CHECK(reader.read_frame(view_of(badge), Millis{-1}).empty());
  CHECK(reader.skipped() == drivers::Skipped::time);
}

TEST_CASE("Finder patterns are counted whatever their size, place and turn", "[qr][hostile]") {
  for (const int module : {1, 2, 3, 5, 8, 13})
    for (const int across : {1, 3, 7}) {
      INFO(module << " " << across);
      cv::Mat sheet(across * 9 * module + 40, across * 9 * module + 40, CV_8U, cv::Scalar(255));
      for (int i = 0; i < across * across; ++i)
        tests::draw_finder(sheet, {20 + i % across * 9 * module, 20 + i / across * 9 * module}, module);
      CHECK(drivers::qr::count_finders(sheet, 1000) == across * across);
      cv::Mat turned;
      const auto middle = static_cast<float>(sheet.cols) / 2;
      cv::warpAffine(sheet, turned, cv::getRotationMatrix2D({middle, middle}, 30, 1), sheet.size(), cv::INTER_NEAREST,
                     cv::BORDER_CONSTANT, cv::Scalar(255));
      if (module >= 3 && across == 1) CHECK(drivers::qr::count_finders(turned, 1000) == 1);
      CHECK(drivers::qr::count_finders(sheet, 4) == std::min(5, across * across));
    }
  CHECK(drivers::qr::count_finders(cv::Mat(100, 100, CV_8U, cv::Scalar(0)), 10) == 0);
}

TEST_CASE("A picture with a stride wider than its width is read", "[qr]") {
  cv::Mat wide(720, 2000, CV_8U, cv::Scalar(9));
  on_scene(tests::qr_picture("G1:stride", 8)).copyTo(wide(cv::Rect(300, 0, 1280, 720)));
  QrReader reader;
  const auto codes = reader.read_picture({wide.data + 300, 1280, 720, 2000});
  REQUIRE(codes.size() == 1);
  CHECK(codes[0].payload == "G1:stride");
}

// Guards recall: the seeds are fixed, so a kind that falls below its line was made worse by a change of the reader. The
// lines are what was read when they were drawn; `qr_bench` has the figures on many seeds.
TEST_CASE("Generated frames of every kind are read, and never as something else", "[qr]") {
  constexpr int seeds = 6;
  const std::map<std::string, int> least{{"defocus", 4},  {"glare", 4},  {"damaged", 2},
                                         {"mirrored", 5}, {"motion", 5}, {"small", 5}};
  for (std::size_t kind = 0; kind < tests::frame_kinds.size(); ++kind) {
    int found = 0;
    for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
      const auto frame = tests::badge_frame(static_cast<tests::FrameKind>(kind), seed, {1280, 720});
      const auto payloads = payloads_of(frame.grey);
      for (const auto& payload : payloads) CHECK(frame.texts.count(payload) == 1);
      found += payloads.size() == frame.texts.size() ? 1 : 0;
    }
    const std::string name = tests::frame_kinds[kind];
    CAPTURE(name, found);
    CHECK(found >= (least.count(name) != 0 ? least.at(name) : seeds));
  }
}

TEST_CASE("Generated hard presentations are read within a second", "[qr]") {
  int read = 0, clips = 0;
  for (const auto kind :
       {tests::ClipKind::swipe, tests::ClipKind::farther, tests::ClipKind::dark, tests::ClipKind::inverted,
        tests::ClipKind::mirrored, tests::ClipKind::phone, tests::ClipKind::covered}) {
    const tests::BadgeClip clip(kind, 1);
    QrReader reader;
    bool in_time = false;
    for (int frame = clip.first(); frame < clip.first() + tests::BadgeClip::frames_per_second && !in_time; ++frame)
      for (const auto& code : reader.read_frame(view_of(clip.frame(frame)))) {
        CHECK(code.payload == clip.text());
        in_time = true;
      }
    ++clips;
    read += in_time ? 1 : 0;
  }
  CHECK(read >= clips - 1);
}

TEST_CASE("Two badges in a generated frame are both seen on video, and are ambiguous together", "[qr]") {
  const auto frame = tests::badge_frame(tests::FrameKind::multi, 3, {1280, 720});
  REQUIRE(frame.texts.size() == 2);
  QrReader reader;
  drivers::Presentation presentation;
  std::set<std::string> seen;
  std::size_t together = 0;
  for (int number = 0; number < 8; ++number) {
    Payloads payloads;
    for (const auto& code : reader.read_frame(view_of(frame.grey))) payloads.push_back(code.payload);
    seen.insert(payloads.begin(), payloads.end());
    together = std::max(together, presentation.see(payloads, BootTime{Millis{1000 + number * 40}}).size());
  }
  CHECK(seen == frame.texts);
  CHECK(together == 2);
}

TEST_CASE("On video a badge of every kind is read within a second of frames", "[qr]") {
  const cv::Mat upright = tests::qr_picture("G1:video", 6);
  cv::Mat inverted, mirrored;
  cv::bitwise_not(upright, inverted);
  cv::flip(upright, mirrored, 1);
  for (const auto& code : {upright, inverted, mirrored}) {
    const cv::Mat picture = on_scene(code);
    QrReader reader;
    bool read = false;
    for (int frame = 0; frame < 25 && !read; ++frame) {
      const auto codes = reader.read_frame(view_of(picture));
      read = codes.size() == 1 && codes[0].payload == "G1:video";
    }
    CHECK(read);
  }
}

TEST_CASE("A file is read like a camera's picture", "[qr]") {
  const tests::TemporaryFolder folder;
  const std::string picture = folder / "badge.png", video = folder / "clip.avi", text = folder / "notes.txt";
  cv::imwrite(picture, on_scene(tests::qr_picture("G1:file \xC3\xA9", 8)));
  const auto reading = drivers::read_file(picture);
  REQUIRE(reading.has_value());
  CHECK(reading->texts == Payloads{"G1:file \xC3\xA9"});
  CHECK(reading->ms > 0);

  cv::VideoWriter writer(video, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 25, {1280, 720}, false);
  REQUIRE(writer.isOpened());
  for (int i = 0; i < 5; ++i) writer.write(scene());
  for (int i = 0; i < 5; ++i) writer.write(on_scene(tests::qr_picture("G1:clip", 8)));
  writer.release();
  const auto clip = drivers::read_file(video);
  REQUIRE(clip.has_value());
  CHECK(clip->texts == Payloads{"G1:clip"});

  std::ofstream(text) << "no picture";
  CHECK(drivers::read_file(text).error().kind == ErrorKind::bad_input);
  std::ofstream(folder / "empty.png").close();
  CHECK(drivers::read_file(folder / "empty.png").error().kind == ErrorKind::bad_input);
  std::filesystem::copy_file(picture, folder / "cut.png");
  std::filesystem::resize_file(folder / "cut.png", 60);
  CHECK(drivers::read_file(folder / "cut.png").error().kind == ErrorKind::bad_input);
  CHECK(drivers::read_file(folder.path()).error().kind == ErrorKind::bad_input);
  cv::Mat poster(9000, 9000, CV_8U, cv::Scalar(255));
  const cv::Mat large = tests::qr_picture("G1:poster", 60);
  large.copyTo(poster(cv::Rect({900, 700}, large.size())));
  cv::imwrite(folder / "poster.png", poster, {cv::IMWRITE_PNG_COMPRESSION, 1});
  const auto huge = drivers::read_file(folder / "poster.png");
  REQUIRE(huge.has_value());
  CHECK(huge->texts == Payloads{"G1:poster"});
  CHECK(drivers::read_file(folder / "absent.png").error().kind == ErrorKind::not_found);
}
