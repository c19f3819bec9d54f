# SPDX-License-Identifier: Apache-2.0
# gapura_embed_console(TARGET DIST_FOLDER [SOURCES FILE…]): puts the console's files into TARGET as one object, each with what the
# console's build made of it beside it: NAME.br (brotli) and NAME.gz.
# Without DIST_FOLDER/index.html at build time the table is empty and the server says how to build the console.
# SOURCES: what the console is built of. A console that is older than one of them is built again first, which needs npm.
function(gapura_embed_console target dist)
  cmake_parse_arguments(PARSE_ARGV 2 embed "" "" "SOURCES")
  file(GLOB_RECURSE present CONFIGURE_DEPENDS ${dist}/*)
  set(table ${CMAKE_CURRENT_BINARY_DIR}/console_assets.cpp)
  add_custom_command(OUTPUT ${table}
    COMMAND bash -c ". cmake/common.sh && { [ ! -f '${dist}/index.html' ] || console; }"
    COMMAND ${CMAKE_COMMAND} -DDIST=${dist} -DOUT=${table} -P ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
    DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_FILE} ${present} ${embed_SOURCES}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} COMMENT "Embedding the web console" VERBATIM)
  target_sources(${target} PRIVATE ${table})
  # ccache hashes the source text only; .incbin would bring yesterday's files. The table names each file's SHA-256, so it changes.
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE OR NOT DEFINED DIST)
  return()
endif()

set(types html text/html js text/javascript css text/css svg image/svg+xml png image/png jpg image/jpeg ico image/x-icon
  woff2 font/woff2 webmanifest application/manifest+json json application/json txt text/plain)
set(files)
if(EXISTS ${DIST}/index.html)
  file(GLOB_RECURSE files RELATIVE ${DIST} ${DIST}/*)
endif()
set(bytes "")
set(rows "")
set(number 0)

# Appends FILE to `bytes` and gives the expression that has it back in RESULT; an empty text without such a file.
macro(embed_file label file result)
  set(${result} "{}")
  if(EXISTS ${file})
    string(APPEND bytes "asm(\".pushsection .rodata\\n${label}: .incbin \\\"${file}\\\"\\n${label}_end:\\n.popsection\");\n")
    string(APPEND bytes "extern \"C\" const char ${label}[], ${label}_end[];\n")
    set(${result} "bytes(${label}, ${label}_end)")
  endif()
endmacro()

foreach(name ${files})
  string(REGEX MATCH "[^.]*$" extension ${name})
  list(FIND types "${extension}" at)
  if(at EQUAL -1)
    continue()  # source maps and the like stay out
  endif()
  math(EXPR at "${at} + 1")
  list(GET types ${at} type)
  string(REGEX REPLACE "^text/.*" "\\0; charset=utf-8" type ${type})
  file(SHA256 ${DIST}/${name} hash)
  string(SUBSTRING ${hash} 0 20 etag)
  embed_file(asset_${number} ${DIST}/${name} plain)
  embed_file(asset_${number}_br ${DIST}/${name}.br br)
  embed_file(asset_${number}_gz ${DIST}/${name}.gz gz)
  string(APPEND rows "      {\"/${name}\", \"${type}\", \"${etag}\", ${plain}, ${br}, ${gz}},\n")
  math(EXPR number "${number} + 1")
endforeach()
if(number EQUAL 0)
  set(body "const Asset* embedded_assets_begin() { return nullptr; }\nconst Asset* embedded_assets_end() { return nullptr; }\n")
else()
  set(body "namespace {
std::string_view bytes(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }
const std::vector<Asset>& assets() {
  static const std::vector<Asset> all{
${rows}  };
  return all;
}
}  // namespace
const Asset* embedded_assets_begin() { return assets().data(); }
const Asset* embedded_assets_end() { return assets().data() + assets().size(); }
")
endif()
file(WRITE ${OUT} "// Made by gateway/web/api/embed.cmake.
#include <vector>
#include \"gateway/web/api/console.h\"
${bytes}
namespace gapura::gateway {
${body}
}  // namespace gapura::gateway
")
