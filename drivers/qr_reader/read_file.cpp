// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/read_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <optional>

namespace gapura::drivers {
namespace {

using Clock = std::chrono::steady_clock;

GreyView view_of(const cv::Mat& grey) { return {grey.data, grey.cols, grey.rows, static_cast<int>(grey.step[0])}; }

// Adds the codes that are new, and the time since `begin`.
void add(FileReading& reading, const QrReader& reader, const std::vector<Code>& codes, Clock::time_point begin) {
  if (reading.skipped == Skipped::no) reading.skipped = reader.skipped();
  reading.ms += std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
  for (const auto& code : codes)
    if (std::find(reading.texts.begin(), reading.texts.end(), code.text) == reading.texts.end())
      reading.texts.push_back(code.text);
}

// A picture with more pixels is reduced: a badge that needs them is no badge, and a scan of a poster is searched in seconds
// instead of minutes.
constexpr int longest_side = 4096;

FileReading read_picture_of(cv::Mat grey) {
  FileReading reading;
  const double shrink = static_cast<double>(longest_side) / std::max(grey.cols, grey.rows);
  if (shrink < 1) cv::resize(grey, grey, {}, shrink, shrink, cv::INTER_AREA);
  QrReader reader;
  const auto begin = Clock::now();
  add(reading, reader, reader.read_picture(view_of(grey)), begin);
  return reading;
}

// Returns none when no frame could be decoded: a file with a picture's signature is tried as a video too.
std::optional<FileReading> read_video(cv::VideoCapture& video, const std::function<void()>& piece) {
  FileReading reading;
  bool decoded = false;
  QrReader reader;
  cv::Mat frame, grey;
  for (piece(); video.read(frame) && !frame.empty(); piece()) {
    decoded = true;
    if (frame.channels() == 1)
      grey = frame;
    else
      cv::cvtColor(frame, grey, cv::COLOR_BGR2GRAY);
    const auto begin = Clock::now();
    add(reading, reader, reader.read_frame(view_of(grey)), begin);
  }
  if (!decoded) return std::nullopt;
  return reading;
}

}  // namespace

Result<FileReading> read_file(const std::string& path, const std::function<void()>& piece) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return fail(ErrorKind::bad_input, fmt::format("{}: a folder; name the pictures in it", path));
  if (!std::filesystem::is_regular_file(path, ignored))
    return fail(ErrorKind::not_found, fmt::format("{}: no such file", path));
  if (std::filesystem::file_size(path, ignored) == 0)
    return fail(ErrorKind::bad_input, fmt::format("{}: the file is empty", path));
  piece();
  try {
    // The orientation noted by a phone is not applied: a code reads the same in any rotation.
    const cv::Mat grey = cv::imread(path, cv::IMREAD_GRAYSCALE | cv::IMREAD_IGNORE_ORIENTATION);
    if (!grey.empty()) return read_picture_of(grey);
    cv::VideoCapture video(path, cv::CAP_FFMPEG);
    if (video.isOpened())
      if (auto reading = read_video(video, piece)) return std::move(*reading);
  } catch (const std::exception&) {
    // A file that cannot be decoded is reported below.
  }
  return fail(ErrorKind::bad_input, fmt::format("{}: neither a picture nor a video that can be decoded", path));
}

}  // namespace gapura::drivers
