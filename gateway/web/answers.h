// SPDX-License-Identifier: Apache-2.0
// What the API answers, each object declared once (answer.h), by subject. A json::object is used only where the members'
// names are data: an event's particulars (models/events.h declares them), a driver's statistics, people by area.
#pragma once

#include "gateway/web/answers/accounts.h"
#include "gateway/web/answers/alarms.h"
#include "gateway/web/answers/badges.h"
#include "gateway/web/answers/post.h"
#include "gateway/web/answers/privacy.h"
#include "gateway/web/answers/record.h"
#include "gateway/web/answers/site.h"
#include "gateway/web/answers/visits.h"
