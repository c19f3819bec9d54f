// SPDX-License-Identifier: Apache-2.0
// What the API answers, each object declared once (answer.h), by subject. A json::object is used only where the members'
// names are data: an event's particulars (models/record/events.h declares them), a driver's statistics, people by area.
#pragma once

#include "gateway/web/queries/answers/accounts.h"
#include "gateway/web/queries/answers/alarms.h"
#include "gateway/web/queries/answers/badges.h"
#include "gateway/web/queries/answers/post.h"
#include "gateway/web/queries/answers/privacy.h"
#include "gateway/web/queries/answers/record.h"
#include "gateway/web/queries/answers/site.h"
#include "gateway/web/queries/answers/visits.h"
