// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/base/words.h"

namespace gapura {

// What was not done as the procedure says. The gateway itself records alarm_without_action, not_screened and
// passage_without_visit.
GAPURA_ENUM(Deviation, step_skipped, wrong_order, late, wrong_executor, input_missing, output_missing, limit_exceeded,
            out_of_hours, without_approval, alarm_without_action, badge_not_returned, not_screened, passage_without_visit);

// info: a time. note: an act of the post. violation: a person was where the procedure does not let them be, or may still
// be, or has something that opens doors.
GAPURA_ENUM(DeviationSeverity, info, note, violation);
DeviationSeverity severity_of(Deviation kind);

}  // namespace gapura
