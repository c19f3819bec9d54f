// SPDX-License-Identifier: Apache-2.0
// What reading a badge finds and costs, beside one plain ZXing call and ZBar on the same pictures in the same run:
// generated frames of fifteen kinds, generated clips of hard presentations, an empty lobby, and the photographs, frames and
// clips of $GAPURA_QR_DATA or ../shared/data/qr where there is one. Ends with the targets; exit code 1 when one is missed.
//   qr_bench [--seed N] [--frames N] [--clips N]     N frames (720p, half as many 1080p) and clips of each kind
#include <cstdlib>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "bench/qr_measure.h"
#include "bench/targets.h"
#include "drivers/camera/jpeg.h"
#include "drivers/camera/motion_gate.h"
#include "support/badge_clips.h"
#include "support/badge_frames.h"

namespace gapura::bench {
namespace {

struct Options {
  std::uint32_t seed = 1;
  int frames = 12, clips = 5;
};

Targets targets;

Texts read_picture(const cv::Mat& grey) {
  static drivers::QrReader reader;
  return texts_of(reader.read_picture(view_of(grey)));
}

void read_by_all(Row& row, const cv::Mat& grey, const Texts& expected, bool all = false) {
  static Zbar zbar;
  measure(row.plain, plain, grey, expected, all);
  measure(row.zbar, std::ref(zbar), grey, expected, all);
  measure(row.ours, read_picture, grey, expected, all);
}

Row print_rows(const std::string& title, const std::map<std::string, Row>& rows) {
  Row all;
  print_heading(title);
  for (const auto& [kind, row] : rows) {
    print_row(kind, row);
    all.add(row);
  }
  print_row("all", all);
  return all;
}

void bench_frames(const Options& options) {
  std::map<std::string, Row> rows;
  for (std::size_t kind = 0; kind < tests::frame_kinds.size(); ++kind)
    for (int i = 0; i < options.frames + options.frames / 2; ++i) {
      const bool large = i >= options.frames;
      const auto seed = options.seed * 100'000 + static_cast<std::uint32_t>(i);
      const auto frame =
          tests::badge_frame(static_cast<tests::FrameKind>(kind), seed, large ? cv::Size(1920, 1080) : cv::Size(1280, 720));
      read_by_all(rows[tests::frame_kinds[kind]], frame.grey, frame.texts, true);
    }
  const Row all = print_rows("generated frames, 720p and 1080p (several badges: all of them found)", rows);
  targets.at_least("generated frames, found %", all.ours.percent(), 93);
  targets.at_most("generated frames, x plain", all.times_plain(), 0.6);
  targets.at_least("inverted, found %", rows["inverted"].ours.percent(), 95);
  targets.at_least("mirrored, found %", rows["mirrored"].ours.percent(), 100);
  targets.at_most("generated frames, wrong texts", all.ours.wrong, 0);
}

void bench_measuring_set(const std::filesystem::path& folder) {
  std::map<std::string, Row> photographs, frames;
  for (const auto& fields : listed(folder, false)) {
    const cv::Mat grey = cv::imread((folder / fields[0]).string(), cv::IMREAD_GRAYSCALE | cv::IMREAD_IGNORE_ORIENTATION);
    if (grey.empty()) continue;
    Texts expected;
    for (std::size_t i = 3; i < fields.size(); ++i)
      if (!fields[i].empty()) expected.insert(unescaped(fields[i]));
    const bool generated = fields[1].rfind("synth", 0) == 0;
    Row& row = (generated ? frames : photographs)[fields[1]];
    const int wrong = row.ours.wrong, hits = row.ours.hits;
    read_by_all(row, grey, expected);
    if (std::getenv("GAPURA_BENCH_VERBOSE") != nullptr &&
        (row.ours.wrong > wrong || (row.ours.hits == hits && !expected.empty())))
      fmt::print("  {} {}\n", row.ours.wrong > wrong ? "wrong text" : "not found", fields[0]);
  }
  if (!photographs.empty()) {
    const Row all = print_rows("photographs of the measuring set", photographs);
    targets.at_least("photographs, found %", all.ours.percent(), 78);
    targets.at_most("photographs, x plain", all.times_plain(), 0.8);
    targets.at_most("photographs, wrong texts", all.ours.wrong, 0);
  }
  if (!frames.empty()) {
    const Row all = print_rows("generated frames of the measuring set", frames);
    targets.at_least("frames of the measuring set, found %", all.ours.percent(), 93);
    targets.at_most("frames of the measuring set, x plain", all.times_plain(), 0.6);
    targets.at_most("frames of the measuring set, wrong texts", all.ours.wrong, 0);
  }
}

struct Clip {
  std::string kind;
  Texts text;
  int first, last;
  std::function<cv::Mat(int)> frame;  // empty after the last one; asked for in order
};

constexpr int in_time = 25;  // frames from the first with the badge: a second

// A camera's process on one clip: gate, then search. Costs count while the badge is in view.
Row read_clip(const Clip& clip) {
  Row row;
  static Zbar zbar;
  drivers::MotionGate gate;
  drivers::QrReader reader;
  Tally by_plain, by_zbar, by_us;
  for (int number = 0;; ++number) {
    const cv::Mat grey = clip.frame(number);
    if (grey.empty()) break;
    const bool in_view = number >= clip.first && number <= clip.last, counts = in_view && number < clip.first + in_time;
    const Texts expected = clip.text;
    Tally one, other, ours;
    measure(
        ours,
        [&](const cv::Mat& frame) {
          const BootTime at{Millis{1000 + number * 40}};
          return gate.wants(view_of(frame), at, by_us.hits > 0) ? texts_of(reader.read_frame(view_of(frame))) : Texts{};
        },
        grey, expected);
    row.ours.wrong += ours.wrong;
    by_us.hits += ours.hits;
    if (!in_view) continue;
    measure(one, plain, grey, expected);
    row.plain.ms += one.ms;
    row.ours.ms += ours.ms;
    row.plain.wrong += one.wrong;
    if (!counts) continue;
    row.plain.hits |= one.hits;
    row.ours.hits |= ours.hits;
    if (row.zbar.hits != 0) continue;  // it is slow: not asked again once it has read the badge
    measure(other, std::ref(zbar), grey, expected);
    row.zbar.hits |= other.hits;
    row.zbar.wrong += other.wrong;
    by_zbar.ms += other.ms;
    by_plain.ms += one.ms;
  }
  row.plain.asked = row.zbar.asked = row.ours.asked = 1;
  row.zbar.ms = row.plain.ms * by_zbar.ms / std::max(1e-9, by_plain.ms);
  return row;
}

void judge_clips(const std::string& name, const std::map<std::string, Row>& rows) {
  const Row all = print_rows(name + ", read within a second; cost while the badge is in view", rows);
  targets.at_least(name + ", read in 1 s, of 50", 50.0 * all.ours.hits / all.ours.asked, 44);
  targets.at_most(name + ", x plain", all.times_plain(), 0.75);
  targets.at_most(name + ", wrong texts", all.ours.wrong, 0);
}

void bench_clips(const Options& options) {
  std::map<std::string, Row> rows;
  for (std::size_t kind = 0; kind < tests::clip_kinds.size(); ++kind)
    for (int i = 0; i < options.clips; ++i) {
      const tests::BadgeClip made(static_cast<tests::ClipKind>(kind), options.seed * 1000 + static_cast<std::uint32_t>(i));
      rows[tests::clip_kinds[kind]].add(
          read_clip({tests::clip_kinds[kind], {made.text()}, made.first(), made.last(), [&](int number) {
                       return number < tests::BadgeClip::frames ? made.frame(number) : cv::Mat();
                     }}));
    }
  judge_clips("generated clips", rows);
}

void bench_set_clips(const std::filesystem::path& folder) {
  std::map<std::string, Row> rows;
  for (const auto& fields : listed(folder, true)) {
    if (fields.size() < 6) continue;
    cv::VideoCapture video((folder / fields[0]).string(), cv::CAP_FFMPEG);
    rows[fields[1]].add(read_clip({fields[1], {unescaped(fields[3])}, std::stoi(fields[4]), std::stoi(fields[5]), [&](int) {
                                     cv::Mat frame, grey;
                                     if (video.read(frame)) cv::cvtColor(frame, grey, cv::COLOR_BGR2GRAY);
                                     return grey;
                                   }}));
  }
  if (!rows.empty()) judge_clips("clips of the measuring set", rows);
}

// Ten seconds of an empty lobby: the gate on every frame, a search now and then.
void bench_idle(const Options& options, cv::Size size) {
  tests::Dice dice(options.seed);
  const cv::Mat lobby = tests::lobby(dice, size);
  drivers::MotionGate gate;
  drivers::QrReader reader;
  double ours = 0, base = 0;
  int searched = 0;
  constexpr int settling = 50, frames = 250;
  for (int i = 0; i < settling + frames; ++i) {
    const cv::Mat grey = tests::taken(lobby, {0.6, 0.9, 5, 2.5, 80}, options.seed * 1000 + static_cast<std::uint32_t>(i));
    double begin = cpu_ms();
    const bool wanted = gate.wants(view_of(grey), BootTime{Millis{1000 + i * 40}}, false);
    if (wanted) reader.read_frame(view_of(grey));
    if (i < settling) continue;
    ours += cpu_ms() - begin;
    searched += wanted ? 1 : 0;
    begin = cpu_ms();
    plain(grey);
    base += cpu_ms() - begin;
  }
  fmt::print("\nempty lobby, {}p at 25 frames a second: {} of {} frames searched, x plain {:.3f}\n", size.height, searched,
             frames, ours / base);
  targets.at_most(fmt::format("empty lobby {}p, x plain", size.height), ours / base, 0.08);
}

// What a camera's process does beside the search, per 1080p frame.
void bench_camera_work() {
  const auto scene = tests::badge_frame(tests::FrameKind::clean, 7, {1920, 1080});
  const cv::Mat chroma(540, 960, CV_8U, cv::Scalar(120));
  drivers::Frame frame;
  frame.y = {scene.grey.data, 1920, 1080, 1920};
  frame.u = frame.v = {chroma.data, 960, 540, 960};
  drivers::QrReader reader;
  const auto codes = reader.read_picture(view_of(scene.grey));
  drivers::MotionGate gate;
  auto cost = [](const char* name, const std::function<void(int)>& work) {
    std::vector<double> ms;
    for (int i = 0; i < 100; ++i) {
      const double begin = cpu_ms();
      work(i);
      ms.push_back(cpu_ms() - begin);
    }
    std::sort(ms.begin(), ms.end());
    fmt::print("  {:<46} cpu p50 {:5.2f} ms  p99 {:5.2f} ms\n", name, ms[50], ms[99]);
  };
  fmt::print("\nper 1080p frame\n");
  cost("plain ZXing", [&](int) { plain(scene.grey); });
  cost("search of a picture with a badge", [&](int) { reader.read_picture(view_of(scene.grey)); });
  cost("search of a video frame with a badge", [&](int) { reader.read_frame(view_of(scene.grey)); });
  cost("motion gate", [&](int i) { gate.wants(view_of(scene.grey), BootTime{Millis{i * 40}}, false); });
  cost("still of a reading, 1280 wide, outline", [&](int) { drivers::to_jpeg(frame, 1280, 80, codes); });
  cost("preview, 640 wide", [&](int) { drivers::to_jpeg(frame, 640, 70); });
}

int run(int count, char** words) {
  Options options;
  targets = Targets(count, words);
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = words[i];
    const int value = std::max(1, std::atoi(words[i + 1]));
    if (name == "--seed") options.seed = static_cast<std::uint32_t>(value);
    if (name == "--frames") options.frames = value;
    if (name == "--clips") options.clips = value;
  }
  cv::setNumThreads(1);
  bench_frames(options);
  bench_clips(options);
  bench_idle(options, {1280, 720});
  bench_idle(options, {1920, 1080});
  bench_camera_work();
  const char* named = std::getenv("GAPURA_QR_DATA");
  const std::filesystem::path folder = named != nullptr ? named : GAPURA_SOURCE_DIR "/../shared/data/qr";
  if (listed(folder, false).empty())
    fmt::print("\nphotographs: skipped ({} has no list; set GAPURA_QR_DATA)\n", folder.string());
  bench_measuring_set(folder);
  bench_set_clips(folder);
  return targets.report();
}

}  // namespace
}  // namespace gapura::bench

int main(int count, char** words) { return gapura::bench::run(count, words); }
