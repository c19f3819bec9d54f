// SPDX-License-Identifier: Apache-2.0
// Tools of qr_bench: the readers to compare, tallies, and the lists of the measuring set.
#pragma once

#include <zbar.h>
// after ZBar: both define a symbol type, and ZXing's header tolerates the other one
#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <opencv2/core.hpp>
#include <set>
#include <string>
#include <vector>

#include "drivers/qr_reader/qr_reader.h"

namespace gapura::bench {

using Texts = std::set<std::string>;

inline double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

inline drivers::GreyView view_of(const cv::Mat& grey) {
  return {grey.data, grey.cols, grey.rows, static_cast<int>(grey.step[0])};
}

// --- readers

// The baseline: one call with the library's defaults.
inline Texts plain(const cv::Mat& grey) {
  ZXing::DecodeHints hints;
  hints.setFormats(ZXing::BarcodeFormat::QRCode);
  Texts texts;
  const ZXing::ImageView view(grey.data, grey.cols, grey.rows, ZXing::ImageFormat::Lum, static_cast<int>(grey.step[0]));
  for (const auto& result : ZXing::ReadBarcodes(view, hints)) texts.insert(result.text());
  return texts;
}

class Zbar {
 public:
  Zbar() {
    scanner_.set_config(zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 0);
    scanner_.set_config(zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_ENABLE, 1);
  }
  Texts operator()(const cv::Mat& grey) {
    const cv::Mat whole = grey.isContinuous() ? grey : grey.clone();
    zbar::Image image(static_cast<unsigned>(whole.cols), static_cast<unsigned>(whole.rows), "Y800", whole.data,
                      whole.total());
    scanner_.scan(image);
    Texts texts;
    for (auto symbol = image.symbol_begin(); symbol != image.symbol_end(); ++symbol) texts.insert(symbol->get_data());
    return texts;
  }

 private:
  zbar::ImageScanner scanner_;
};

inline Texts texts_of(const std::vector<drivers::Code>& codes) {
  Texts texts;
  for (const auto& code : codes) texts.insert(code.text);
  return texts;
}

// --- tallies

// Expected and found texts are compared without white space and control characters.
inline std::string bare(const std::string& text) {
  std::string result;
  for (const char c : text)
    if (static_cast<unsigned char>(c) > ' ' && c != 127) result += c;
  return result;
}

struct Tally {
  int asked = 0, hits = 0, wrong = 0;  // asked: pictures with a code
  double ms = 0;

  double percent() const { return 100.0 * hits / std::max(1, asked); }
  void add(const Tally& other) {
    asked += other.asked;
    hits += other.hits;
    wrong += other.wrong;
    ms += other.ms;
  }
};

// A wrong text is one that was not expected. `all`: a hit is a picture of which every text was found, otherwise one.
inline void measure(Tally& tally, const std::function<Texts(const cv::Mat&)>& reader, const cv::Mat& grey,
                    const Texts& expected, bool all = false) {
  const double begin = cpu_ms();
  const Texts found = reader(grey);
  tally.ms += cpu_ms() - begin;
  Texts wanted;
  for (const auto& text : expected) wanted.insert(bare(text));
  std::size_t right = 0;
  for (const auto& text : found) {
    const bool expected_text = wanted.count(bare(text)) != 0;
    right += expected_text ? 1 : 0;
    tally.wrong += expected_text ? 0 : 1;
  }
  tally.asked += wanted.empty() ? 0 : 1;
  tally.hits += right > 0 && (!all || right == wanted.size()) ? 1 : 0;
}

// Returns the interval that contains the true share with 95 % probability (Wilson).
inline std::string interval(int hits, int asked) {
  if (asked == 0) return "";
  constexpr double z = 1.96;
  const double n = asked, p = hits / n, middle = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double reach = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return fmt::format("{:.0f}-{:.0f}", 100 * (middle - reach), 100 * (middle + reach));
}

// One kind of picture, read by all readers.
struct Row {
  Tally plain, zbar, ours;
  void add(const Row& other) {
    plain.add(other.plain);
    zbar.add(other.zbar);
    ours.add(other.ours);
  }
  double times_plain() const { return ours.ms / std::max(1e-9, plain.ms); }
};

inline void print_heading(const std::string& title) {
  fmt::print("\n{}\n  {:<22}{:>6} {:>8} {:>8} {:>8} {:>9} {:>7} {:>7}  {}\n", title, "", "with", "ZXing", "ZBar", "Gapura",
             "95 %", "ZBar x", "Gapura x", "wrong: ZXing ZBar Gapura");
}

inline void print_row(const std::string& name, const Row& row) {
  fmt::print("  {:<22}{:>6} {:>7.1f}% {:>7.1f}% {:>7.1f}% {:>9} {:>7.2f} {:>7.2f}  {:>12} {:>4} {:>6}\n", name,
             row.ours.asked, row.plain.percent(), row.zbar.percent(), row.ours.percent(),
             interval(row.ours.hits, row.ours.asked), row.zbar.ms / std::max(1e-9, row.plain.ms), row.times_plain(),
             row.plain.wrong, row.zbar.wrong, row.ours.wrong);
}

// --- the measuring set: *-clips.tsv lists clips, any other .tsv pictures (columns: its README)

inline std::string unescaped(const std::string& text) {
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

inline std::vector<std::vector<std::string>> listed(const std::filesystem::path& folder, bool clips) {
  std::vector<std::vector<std::string>> lines;
  if (!std::filesystem::is_directory(folder)) return lines;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string name = file.path().filename().string();
    if (file.path().extension() != ".tsv" || (name.find("clips") != std::string::npos) != clips) continue;
    std::ifstream list(file.path());
    for (std::string line; std::getline(list, line);) {
      std::vector<std::string> fields(1);
      for (const char c : line)
        if (c == '\t')
          fields.emplace_back();
        else
          fields.back() += c;
      if (fields.size() >= 3) lines.push_back(std::move(fields));
    }
  }
  return lines;
}

}  // namespace gapura::bench
