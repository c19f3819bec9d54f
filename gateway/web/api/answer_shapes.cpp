// SPDX-License-Identifier: Apache-2.0
// The shapes that answers name, in the order in which openapi.json has them.
#include "gateway/web/api/router.h"
#include "gateway/web/queries/answers.h"

namespace gapura::gateway {
namespace answer {
namespace {

using NamedShapes = std::vector<std::pair<std::string, Shape>>;

template <class... Answers>
NamedShapes shapes_of() {
  return {{Answers::schema, answer_shape<Answers>()}...};
}

NamedShapes all_shapes() {
  return shapes_of<User, Person, Site, Visit, Next, Previous, Badge, Card, Deposit, ListedPerson, RowMistake, Refusal,
                   Device, Portal, Lock, Point, Area, Lockdown, Muster, Inside, StaffInside, Shift, Duty, Host, Hours, Sop,
                   SopStep, StepAnswer, SopGate, Alarm, AlarmRate, Chatter, Fix, KindCount, Event, RetentionClass, NextRule,
                   KnownBackup, ErasureRun, ErasedClass, LegalHold, Subject, Case, BreachPerson, Status>();
}

}  // namespace
}  // namespace answer

const std::vector<std::pair<std::string, Shape>>& answer_shapes() {
  static const auto shapes = answer::all_shapes();
  return shapes;
}

}  // namespace gapura::gateway
