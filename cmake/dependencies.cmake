# SPDX-License-Identifier: Apache-2.0
# Everything comes from Debian 12's packages (see packages.txt); nothing is downloaded by the build.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZXing REQUIRED)
find_package(date REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(boost_json 1.81 REQUIRED CONFIG)

foreach(pair
    "sodium libsodium" "cairo cairo" "pangocairo pangocairo" "modbus libmodbus" "sqlite sqlite3" "qrencode libqrencode" "curl libcurl"
    "avformat libavformat" "avcodec libavcodec" "avutil libavutil" "swscale libswscale" "turbojpeg libturbojpeg"
    "toml tomlplusplus" "icu icu-i18n" "systemd libsystemd" "evdev libevdev" "gst_rtsp gstreamer-rtsp-server-1.0" "gst_app gstreamer-app-1.0")
  string(REPLACE " " ";" pair ${pair})
  list(GET pair 0 name)
  list(GET pair 1 module)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET GLOBAL ${module})
endforeach()

# CUPS of Debian 12 has no .pc file.
find_path(CUPS_INCLUDE cups/cups.h REQUIRED)
find_library(CUPS_LIBRARY cups REQUIRED)
add_library(cups::cups INTERFACE IMPORTED)
target_include_directories(cups::cups SYSTEM INTERFACE ${CUPS_INCLUDE})
target_link_libraries(cups::cups INTERFACE ${CUPS_LIBRARY})
# Only a benchmark's peer: without it qr_bench is not built.
pkg_check_modules(zbar IMPORTED_TARGET GLOBAL zbar)

# OpenCVConfig.cmake ships only in libopencv-dev, which pulls 111 more packages; the four modules are found by hand.
find_path(OPENCV_INCLUDE opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
foreach(module core imgproc imgcodecs videoio)
  find_library(OPENCV_${module} opencv_${module} REQUIRED)
  add_library(opencv::${module} INTERFACE IMPORTED)
  target_include_directories(opencv::${module} SYSTEM INTERFACE ${OPENCV_INCLUDE})
  target_link_libraries(opencv::${module} INTERFACE ${OPENCV_${module}})
endforeach()
