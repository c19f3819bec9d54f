// SPDX-License-Identifier: Apache-2.0
// What reading a badge costs and finds, against one plain ZXing call on the same pictures in the same run.
// Frames are generated; photographs are used where $GAPURA_QR_DATA or ../shared/data/qr has them.
#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <set>

#include "drivers/camera/jpeg.h"
#include "drivers/camera/motion_gate.h"
#include "drivers/qr_reader/qr_reader.h"
#include "support/qr_pictures.h"

namespace {

using Texts = std::set<std::string>;
using Reader = std::function<Texts(const cv::Mat&)>;

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

gapura::drivers::GreyView view_of(const cv::Mat& grey) {
  return {grey.data, grey.cols, grey.rows, static_cast<int>(grey.step[0])};
}

Texts plain(const cv::Mat& grey) {
  ZXing::DecodeHints hints;
  hints.setFormats(ZXing::BarcodeFormat::QRCode);
  Texts texts;
  const ZXing::ImageView view(grey.data, grey.cols, grey.rows, ZXing::ImageFormat::Lum, static_cast<int>(grey.step[0]));
  for (const auto& result : ZXing::ReadBarcodes(view, hints)) texts.insert(result.text());
  return texts;
}

Texts texts_of(const std::vector<gapura::drivers::Code>& codes) {
  Texts texts;
  for (const auto& code : codes) texts.insert(code.text);
  return texts;
}

// Expected and found texts are compared without white space and control characters.
std::string bare(const std::string& text) {
  std::string result;
  for (const char c : text)
    if (static_cast<unsigned char>(c) > ' ' && c != 127) result += c;
  return result;
}

struct Tally {
  int pictures = 0, hits = 0, wrong = 0, pictures_with_codes = 0;
  std::vector<double> ms;
  double total() const {
    double sum = 0;
    for (const double each : ms) sum += each;
    return sum;
  }
  double quantile(double q) const {
    if (ms.empty()) return 0;
    auto sorted = ms;
    std::sort(sorted.begin(), sorted.end());
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(q * static_cast<double>(sorted.size())))];
  }
};

// A hit is a picture of which at least one expected text was found; a wrong text is one that was not expected.
void measure(Tally& tally, const Reader& reader, const cv::Mat& grey, const Texts& expected) {
  const double begin = cpu_ms();
  const Texts found = reader(grey);
  tally.ms.push_back(cpu_ms() - begin);
  ++tally.pictures;
  Texts wanted;
  for (const auto& text : expected) wanted.insert(bare(text));
  bool hit = false;
  for (const auto& text : found) {
    if (wanted.count(bare(text)) != 0)
      hit = true;
    else
      ++tally.wrong;
  }
  tally.hits += hit ? 1 : 0;
  tally.pictures_with_codes += expected.empty() ? 0 : 1;
}

void print(const std::string& name, const Tally& tally, const Tally& base) {
  fmt::print("  {:<22} found {:5.1f} % ({}/{})  wrong {}  cpu p50 {:6.2f} ms  p99 {:7.2f} ms  x plain {:.2f}\n", name,
             100.0 * tally.hits / std::max(1, tally.pictures_with_codes), tally.hits, tally.pictures_with_codes,
             tally.wrong, tally.quantile(0.5), tally.quantile(0.99), tally.total() / std::max(1e-9, base.total()));
}

struct Picture {
  std::string path, category;
  Texts expected;
};

std::string unescaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      result += text[i];
      continue;
    }
    const char next = text[++i];
    result += next == 't' ? '\t' : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
  }
  return result;
}

std::vector<std::string> columns(const std::string& line) {
  std::vector<std::string> result(1);
  for (const char c : line) {
    if (c == '\t')
      result.emplace_back();
    else
      result.back() += c;
  }
  return result;
}

std::vector<Picture> list_pictures(const std::filesystem::path& folder) {
  std::vector<Picture> pictures;
  std::ifstream list(folder / "dev.tsv");
  for (std::string line; std::getline(list, line);) {
    const auto fields = columns(line);
    if (fields.size() < 3) continue;
    Picture picture{(folder / fields[0]).string(), fields[1], {}};
    for (std::size_t i = 3; i < fields.size(); ++i)
      if (!fields[i].empty()) picture.expected.insert(unescaped(fields[i]));
    pictures.push_back(std::move(picture));
  }
  return pictures;
}

void bench_frames() {
  gapura::drivers::QrReader reader;
  Tally base, still, video;
  for (int seed = 1; seed <= 60; ++seed) {
    const auto frame = gapura::tests::badge_frame(seed, {1920, 1080});
    measure(base, plain, frame.grey, {frame.text});
    measure(still, [&](const cv::Mat& grey) { return texts_of(reader.read_picture(view_of(grey))); }, frame.grey,
            {frame.text});
    measure(video, [&](const cv::Mat& grey) { return texts_of(reader.read_frame(view_of(grey))); }, frame.grey,
            {frame.text});
  }
  fmt::print("frame -> text, {} generated 1080p frames\n", base.pictures);
  print("plain ZXing", base, base);
  print("cascade (picture)", still, base);
  print("one video frame", video, base);
}

// What a camera's process does beside the search, per 1080p frame.
void bench_camera_work() {
  const auto scene = gapura::tests::badge_frame(7, {1920, 1080});
  const cv::Mat chroma(540, 960, CV_8U, cv::Scalar(120));
  gapura::drivers::Frame frame;
  frame.y = {scene.grey.data, 1920, 1080, 1920};
  frame.u = frame.v = {chroma.data, 960, 540, 960};
  gapura::drivers::QrReader reader;
  const auto codes = reader.read_picture(view_of(scene.grey));
  gapura::drivers::MotionGate gate;
  auto cost = [](const char* name, const std::function<void(int)>& work) {
    Tally tally;
    for (int i = 0; i < 100; ++i) {
      const double begin = cpu_ms();
      work(i);
      tally.ms.push_back(cpu_ms() - begin);
    }
    fmt::print("  {:<46} cpu p50 {:5.2f} ms  p99 {:5.2f} ms\n", name, tally.quantile(0.5), tally.quantile(0.99));
  };
  fmt::print("beside the search, per 1080p frame\n");
  cost("motion gate", [&](int i) { gate.wants(view_of(scene.grey), gapura::BootTime{gapura::Millis{i * 40}}, false); });
  cost("still of a reading, 1280 wide, outline", [&](int) { gapura::drivers::to_jpeg(frame, 1280, 80, codes); });
  cost("preview, 640 wide", [&](int) { gapura::drivers::to_jpeg(frame, 640, 70); });
}

void bench_photographs(const std::filesystem::path& folder) {
  gapura::drivers::QrReader reader;
  Tally base[2], ours[2];
  std::map<std::string, std::pair<Tally, Tally>> kinds;
  for (const auto& picture : list_pictures(folder)) {
    const cv::Mat grey = cv::imread(picture.path, cv::IMREAD_GRAYSCALE | cv::IMREAD_IGNORE_ORIENTATION);
    if (grey.empty()) continue;
    const int set = picture.category.rfind("synth", 0) == 0 ? 1 : 0;
    const Reader cascade = [&](const cv::Mat& m) { return texts_of(reader.read_picture(view_of(m))); };
    measure(base[set], plain, grey, picture.expected);
    measure(ours[set], cascade, grey, picture.expected);
    measure(kinds[picture.category].first, plain, grey, picture.expected);
    const int wrong = ours[set].wrong;
    measure(kinds[picture.category].second, cascade, grey, picture.expected);
    if (wrong != 0 && std::getenv("GAPURA_BENCH_VERBOSE") != nullptr && kinds[picture.category].second.wrong > 0)
      fmt::print("  wrong text seen by now: {}\n", picture.path);
  }
  for (const auto& [kind, tallies] : kinds) {
    fmt::print("  {:<20} plain {:3}/{:3}  ours {:3}/{:3}  wrong {}/{}  x{:.2f}\n", kind, tallies.first.hits,
               tallies.first.pictures_with_codes, tallies.second.hits, tallies.second.pictures_with_codes,
               tallies.first.wrong, tallies.second.wrong, tallies.second.total() / std::max(1e-9, tallies.first.total()));
  }
  for (int set = 0; set < 2; ++set) {
    fmt::print("{}\n", set == 0 ? "photographs" : "generated frames of the data set");
    print("plain ZXing", base[set], base[set]);
    print("cascade", ours[set], base[set]);
  }
}

// Clips: read within a second (25 frames) of the badge's first frame.
void bench_clips(const std::filesystem::path& folder) {
  std::ifstream list(folder / "dev-clips.tsv");
  int clips = 0, read_by_plain = 0, read_by_us = 0, wrong = 0;
  double plain_ms = 0, our_ms = 0;
  for (std::string line; std::getline(list, line);) {
    const auto fields = columns(line);
    if (fields.size() < 6) continue;
    cv::VideoCapture video((folder / fields[0]).string(), cv::CAP_FFMPEG);
    gapura::drivers::QrReader reader;
    const std::string expected = bare(unescaped(fields[3]));
    const int first = std::stoi(fields[4]);
    bool by_plain = false, by_us = false;
    cv::Mat frame, grey;
    for (int number = 0; video.read(frame); ++number) {
      cv::cvtColor(frame, grey, cv::COLOR_BGR2GRAY);
      const bool in_time = number < first + 25;
      double begin = cpu_ms();
      for (const auto& text : plain(grey)) by_plain |= in_time && bare(text) == expected;
      plain_ms += cpu_ms() - begin;
      begin = cpu_ms();
      for (const auto& code : reader.read_frame(view_of(grey))) {
        by_us |= in_time && bare(code.text) == expected;
        wrong += bare(code.text) == expected ? 0 : 1;
      }
      our_ms += cpu_ms() - begin;
    }
    ++clips;
    read_by_plain += by_plain ? 1 : 0;
    read_by_us += by_us ? 1 : 0;
    if (std::getenv("GAPURA_BENCH_VERBOSE") != nullptr && !by_us) fmt::print("  missed {}\n", fields[0]);
  }
  fmt::print("clips read within 1 s: plain {}/{}, ours {}/{}, wrong {}, x plain {:.2f}\n", read_by_plain, clips, read_by_us,
             clips, wrong, our_ms / std::max(1e-9, plain_ms));
}

}  // namespace

int main() {
  cv::setNumThreads(1);
  bench_frames();
  bench_camera_work();
  const char* named = std::getenv("GAPURA_QR_DATA");
  const std::filesystem::path folder = named != nullptr ? named : GAPURA_SOURCE_DIR "/../shared/data/qr";
  if (!std::filesystem::exists(folder / "dev.tsv")) {
    fmt::print("photographs: skipped ({} has no dev.tsv; set GAPURA_QR_DATA)\n", folder.string());
    return 0;
  }
  bench_photographs(folder);
  bench_clips(folder);
}
