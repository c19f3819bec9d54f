// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/bodies.h"
#include "gateway/web/api/handlers.h"

namespace gapura::gateway {
namespace {

constexpr std::chrono::milliseconds still_limit{1500}, still_age{2000}, first_look{700};

// What the markers of a JPEG say, without decoding anything: a small file may claim a picture of gigabytes.
struct JpegFacts {
  int width = 0, height = 0;
  bool quantised = false, coded = false;  // it has its tables
  std::size_t scanned = 0;                // bytes from the first scan's data to the end
};

JpegFacts read_markers(std::string_view jpeg) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(jpeg[at]); };
  JpegFacts facts;
  std::size_t at = 2;
  while (at + 9 < jpeg.size() && byte(at) == 0xff) {
    const int marker = byte(at + 1);
    const auto length = static_cast<std::size_t>(byte(at + 2) * 256 + byte(at + 3));
    if (marker == 0xdb) facts.quantised = true;
    if (marker == 0xc4) facts.coded = true;
    if (marker >= 0xc0 && marker <= 0xc2) {  // baseline, extended, progressive
      facts.width = byte(at + 7) * 256 + byte(at + 8);
      facts.height = byte(at + 5) * 256 + byte(at + 6);
    }
    at += 2 + length;
    if (marker == 0xda) {
      facts.scanned = at < jpeg.size() ? jpeg.size() - at : 0;
      break;
    }
  }
  return facts;
}

// Each block of 8 × 8 pixels takes a bit of the scan at least: fewer are no picture of that size.
bool is_picture(const JpegFacts& facts) {
  const auto blocks = static_cast<std::size_t>((facts.width + 7) / 8) * static_cast<std::size_t>((facts.height + 7) / 8);
  return facts.quantised && facts.coded && facts.scanned >= blocks / 8 + 2;  // and the end's marker
}

std::string uploaded(const Call& call) {
  const JpegFacts facts = read_markers(call.request.body);
  if (facts.width < 16 || facts.height < 16 || facts.width > 8192 || facts.height > 8192)
    throw Problem("bad_input", "Expected a JPEG of 16 to 8192 pixels a side.");
  if (!is_picture(facts)) throw Problem("bad_input", "This JPEG has no picture in it.");
  return call.request.body;
}

drivers::Camera& camera_of(Call& call, const std::string& id) {
  if (!call.db.may_see_cameras(call.db.off_duty())) throw not_on_duty();
  drivers::Camera* camera = call.api.context.camera(CameraId(id));
  if (!camera) throw Problem("not_found", "There is no such camera.");
  return *camera;
}

std::string taken_now(Call& call) {
  const auto from = read_fields<PictureFrom>(read_body(call.route.body, call.request.body));
  auto still = camera_of(call, from.camera).take_still(still_limit);
  if (!still) throw Problem(still.error());
  if (!*still) throw Problem("unavailable", "The camera has no picture now.");
  return {(*still)->jpeg.begin(), (*still)->jpeg.end()};
}

Response jpeg_response(std::string bytes, const char* caching) {
  Response response;
  response.type = "image/jpeg";
  response.body = std::move(bytes);
  response.headers.emplace_back("Cache-Control", caching);
  return response;
}

// An unmasked visit's pictures load while its data are shown.
constexpr Millis unmasked_for{15 * 60'000};

void must_be_shown(Call& call, const std::string& hash, Media media) {
  if (const auto& aide = call.db.off_duty(); !aide.empty() && !call.db.is_picture_theirs(aide, hash)) throw not_on_duty();
  const UtcTime since = call.now.utc - unmasked_for;
  const std::string owner = call.api.context.pictures.sealed_for(hash, media);
  if (!call.db.may_load(hash, owner, call.actor().user.str(), since.time_since_epoch().count()))
    throw Problem("not_permitted",
                  "This belongs to a finished visit of another day. Unmask the visit with a reason first.");
}

}  // namespace

Response post_pictures(Call& call) {
  const auto type = call.request.header("content-type");
  const bool upload = type == "image/jpeg";
  if (!upload && !type.starts_with("application/json"))
    throw Problem("bad_input", "Expected Content-Type image/jpeg or application/json.", 415);
  auto hash = call.api.context.pictures.keep(upload ? uploaded(call) : taken_now(call));
  if (!hash) throw Problem(hash.error());
  call.api.uploads.put(*hash, call.who.user, call.now.boot);
  return json_response(call, answer::KeptPicture{*hash, "/api/v1/pictures/" + *hash + ".jpg"});
}

// The journal entry comes before the camera's change.
Response post_camera_view(Call& call) {
  drivers::Camera& camera = camera_of(call, call.parameters[0]);
  auto asked = call.read<AcceptView>();
  asked.camera = CameraId(call.parameters[0]);
  const Reply made = call.ask(std::move(asked));
  camera.accept_view();
  return json_response(call, answer::Entry{made.entry});
}

Response get_picture(Call& call) {
  must_be_shown(call, call.parameters[0], Media::picture);
  auto bytes = call.api.context.pictures.load(call.parameters[0]);
  if (!bytes) throw Problem(bytes.error());
  // Personal: never on the disk of a shared computer.
  return jpeg_response(std::move(*bytes), "no-store");
}

Response get_clip(Call& call) {
  must_be_shown(call, call.parameters[0], Media::clip);
  auto bytes = call.api.context.pictures.load(call.parameters[0], Media::clip);
  if (!bytes) throw Problem(bytes.error());
  Response response;
  response.type = "video/mp4";
  response.body = std::move(*bytes);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Response get_camera_live(Call& call) {
  drivers::Camera& camera = camera_of(call, call.parameters[0]);
  Response response;
  response.type = LivePictures::type;
  response.headers.emplace_back("Cache-Control", "no-store");
  response.stream = [live = call.api.live, &camera, session = call.who.session,
                     aide = call.aide_user()](const StreamPtr& stream) { live->join(camera, stream, session, aide); };
  return response;
}

Response get_camera_still(Call& call) {
  drivers::Camera& camera = camera_of(call, call.parameters[0]);
  StillPtr still = camera.latest(still_age);
  // The first to look finds no preview yet: encoding begins with the question.
  if (!still && camera.stats().online) still = camera.take_still(first_look).value_or(nullptr);
  if (!still) {  // a page asks again and again: no picture is an answer, not an error
    Response response;
    response.status = 204;
    return response;
  }
  return jpeg_response({still->jpeg.begin(), still->jpeg.end()}, "no-store");
}

}  // namespace gapura::gateway
