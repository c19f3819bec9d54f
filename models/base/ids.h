// SPDX-License-Identifier: Apache-2.0
// Strong identifiers. Those of devices and places come from the configuration; those of people and things are random and
// opaque (made by the core), so a leaf of the journal can carry them without identifying a person.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace gapura {

template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}
  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the operator's own 0 for a pointer
  auto operator<=>(const Id&) const = default;

 private:
  std::string text_;
};

using CameraId = Id<struct CameraTag>;
using ReaderId = Id<struct ReaderTag>;
using BusId = Id<struct BusTag>;
using ControllerId = Id<struct ControllerTag>;
using DetectorId = Id<struct DetectorTag>;
using PortalId = Id<struct PortalTag>;            // a door or a turnstile lane
using AccessPointId = Id<struct AccessPointTag>;  // one direction through a portal
using AreaId = Id<struct AreaTag>;
using GuestId = Id<struct GuestTag>;
using VisitId = Id<struct VisitTag>;
using BadgeId = Id<struct BadgeTag>;
using UserId = Id<struct UserTag>;

}  // namespace gapura

template <class Tag>
struct std::hash<gapura::Id<Tag>> {
  std::size_t operator()(const gapura::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.str()); }
};
