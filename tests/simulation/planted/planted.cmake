# SPDX-License-Identifier: Apache-2.0
# The product's sources once more, with mistakes in them that a test switches on one at a time: plant.py copies the files to
# build/planted, which is the include root of the library. It runs again when a source or a mistake changes.
find_program(GAPURA_PYTHON python3)
if(NOT GAPURA_PYTHON)
  gapura_left_out(planted_test "python3 is not installed")
  return()
endif()
set(planted_root ${CMAKE_BINARY_DIR}/planted)
foreach(room models/* gateway/contract gateway/core gateway/journal gateway/registry gateway/store gateway/simulation
        gateway/record gateway/privacy gateway/vault)
  list(APPEND planted_patterns ${CMAKE_SOURCE_DIR}/${room}/*.cpp)
endforeach()
file(GLOB planted_sources RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS ${planted_patterns}
  ${CMAKE_SOURCE_DIR}/gateway/settings/private_file.cpp ${CMAKE_SOURCE_DIR}/gateway/media/picture_store.cpp
  ${CMAKE_SOURCE_DIR}/gateway/media/media_keys.cpp ${CMAKE_SOURCE_DIR}/gateway/media/sealed_file.cpp)
list(FILTER planted_sources EXCLUDE REGEX "record/daily_sheet|record/backup|record/pdf_|privacy/.*_pdf|privacy/export")
file(GLOB planted_headers RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/models/*/*.h
  ${CMAKE_SOURCE_DIR}/gateway/*/*.h)
file(GLOB_RECURSE planted_mistakes CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/mistakes/*.txt)
set(planted_files ${planted_sources} ${planted_headers})
list(TRANSFORM planted_files PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE planted_originals)
list(TRANSFORM planted_files PREPEND ${planted_root}/ OUTPUT_VARIABLE planted_copies)
list(TRANSFORM planted_sources PREPEND ${planted_root}/)
add_custom_command(OUTPUT ${planted_copies} ${planted_root}/mistakes.inc
  COMMAND ${GAPURA_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/plant.py ${CMAKE_SOURCE_DIR} ${planted_root} ${planted_files}
  DEPENDS ${CMAKE_CURRENT_LIST_DIR}/plant.py ${planted_originals} ${planted_mistakes}
  COMMENT "Planting mistakes" VERBATIM)
set_source_files_properties(${CMAKE_BINARY_DIR}/gateway/schema.cpp PROPERTIES GENERATED TRUE)
add_library(simulation_planted STATIC ${planted_sources} ${CMAKE_BINARY_DIR}/gateway/schema.cpp
  ${CMAKE_SOURCE_DIR}/drivers/base64.cpp ${CMAKE_SOURCE_DIR}/drivers/boot_clock.cpp)
target_include_directories(simulation_planted PUBLIC ${planted_root} ${CMAKE_BINARY_DIR}/roots/drivers
  ${CMAKE_CURRENT_SOURCE_DIR})
# An invariant would end the day before the checks have seen the mistake.
target_compile_definitions(simulation_planted PUBLIC GAPURA_WITHOUT_INVARIANTS)
# The product's own build has seen the warnings; g++ 12 finds more of this kind with -O1, and none of them is one.
target_compile_options(simulation_planted PRIVATE $<$<CONFIG:Release>:-O1> -Wno-maybe-uninitialized)
gapura_unity(simulation_planted)
target_link_libraries(simulation_planted PRIVATE gapura_options
  PUBLIC PkgConfig::sqlite PkgConfig::sodium OpenSSL::Crypto Boost::json fmt::fmt spdlog::spdlog Threads::Threads)
gapura_test(planted_test simulation/planted simulation_planted)
set_tests_properties(planted_test PROPERTIES PROCESSORS 2 TIMEOUT 900)
