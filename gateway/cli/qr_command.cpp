// SPDX-License-Identifier: Apache-2.0
#include <boost/json.hpp>
#include <cmath>

#include "drivers/qr_reader/read_file.h"
#include "gateway/cli/commands.h"

namespace gapura::gateway {

int read_codes(const Terminal& terminal, const std::vector<std::string>& files) {
  int code = done;
  for (const std::string& file : files) {
    boost::json::object line{{"file", file}};
    if (const auto reading = drivers::read_file(file)) {
      line["texts"] = boost::json::array(reading->texts.begin(), reading->texts.end());
      line["ms"] = std::round(reading->ms * 1000) / 1000;
    } else {
      line["error"] = reading.error().message;
      code = reading.error().kind == ErrorKind::not_found ? bad_usage : exit_code(reading.error().kind);
    }
    terminal.out << boost::json::serialize(line) << std::endl;  // at once: the next file may be a long video
  }
  return code;
}

}  // namespace gapura::gateway
