// SPDX-License-Identifier: Apache-2.0
// The sentences that the first catalogue must have, because the daemon sends their code: one for each word of these enumerations of
// models/. Without one the console does not compile.
import type { Sentences } from "./generated/sentences";
import type {
  AlarmHandling,
  AlarmKind,
  Approval,
  BadgeState,
  DenialReason,
  DepositState,
  Deviation,
  DeviceHealthKind,
  ErrorKind,
  EscortState,
  EventType,
  LeaderState,
  Level,
  PortalKind,
  PortalMode,
  Presence,
  RetentionClass,
  Role,
  Screening,
  VisitState,
} from "./generated/words";

export type DeclaredKey =
  | `event.${EventType}`
  | `deny.${DenialReason}`
  | `error.${ErrorKind}`
  | `alarm.${AlarmKind | AlarmHandling}`
  | `deviation.${Deviation}`
  | `state.${VisitState}`
  | `approval.${Approval}`
  | `screening.${Screening}`
  | `presence.${Presence}`
  | `escort.${EscortState}`
  | `badge.${BadgeState}`
  | `deposit.state.${DepositState}`
  | `leader.${LeaderState}`
  | `role.${Role}`
  | `privacy.class.${RetentionClass}`
  | `kind.${DeviceHealthKind | PortalKind}`
  | `admin.mode.${PortalMode}`
  | `admin.level.${Level}`
  | `admin.lock.${Level}`;

// Names those that config/locale/id.json lacks.
type Missing = Exclude<DeclaredKey, keyof Sentences>;
export const complete: [Missing] extends [never] ? true : { missing: Missing } = true;
