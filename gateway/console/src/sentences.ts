// SPDX-License-Identifier: Apache-2.0
// A journal entry as a sentence a guard would say.
import type { Entry, Visit } from "./api";
import { devices, duty, findVisit, lockdowns, portals, stopKind } from "./live";
import { activityOf } from "./sops";
import { denialText, failureText, kindOfDenial, reasonsOf, stepsOf } from "./verdict";
import { coded, has, t, tMaybe } from "./words";

// The API tells ids only; those of the usual cameras have words, others show as they are.
export function cameraName(id: string): string {
  const name = id.replace(/^cam[-_]/, "");
  return coded("camera", name).replace(/[-_]/g, " ");
}

// A point is named by its portal and the way through it: the ids are for machines.
export function placeName(point: string | null): string {
  if (!point) return "";
  for (const portal of portals.value) {
    if (portal.id === point) return portal.name || portal.id;
    const found = portal.points.find((one) => one.id === point);
    if (found) return t(/(^|[.-])(out|exit)$/.test(found.id) || found.to === "outside" ? "place.out" : "place.in", { name: portal.name || portal.id });
  }
  const device = devices.value.find((one) => one.id === point);
  return device ? `${coded("kind", device.kind)} ${device.kind === "camera" ? cameraName(point) : point}` : coded("place", point);
}

export function alarmText(kind: string): string {
  const key = `alarm.${kind}`;
  return has(key) ? t(key) : t("alarm.other", { kind });
}

function whatOf(entry: Entry): string {
  const data = entry.data;
  const text = (name: string) => (typeof data[name] === "string" ? (data[name] as string) : "");
  switch (entry.type) {
    case "approval_decided": {
      const code = text("decision") || text("approval");
      const words: Record<string, string> = {
        accept_now: coded("approval", "accepted"),
        accept_later: coded("approval", "accepted_later"),
        hold: coded("approval", "held"),
        decline: coded("approval", "declined"),
        refer: coded("approval", "referred"),
        reschedule: coded("approval", "rescheduled"),
        ask: coded("approval", "asked_back"),
      };
      return words[code] ?? coded("approval", code);
    }
    case "visit_closed":
      return coded("state", text("outcome"));
    case "screening_recorded":
      return coded("screening", text("result"));
    case "access_denied":
      return reasonsOf(entry)
        .slice(0, 1)
        .map((code) => denialText(code, stepsOf(entry), findVisit(entry.visit)))
        .join("");
    case "access_not_taken":
    case "access_unknown":
      return failureText(text("why"), !entry.visit); // no guest: a guard opened by hand
    case "sign_in_refused":
    case "request_refused":
      return coded("refusal", text("why"));
    case "badge_print_ended":
      return coded("print_end", text("outcome"));
    case "visit_moved":
      return coded("state", text("to"));
    case "step_attested":
      return activityOf([text("step"), text("answer")].filter(Boolean).join(":"), findVisit(entry.visit));
    case "deviation_noted":
      return coded("deviation", text("kind"));
    case "undone":
      return has(`undone.${text("of")}`) ? t(`undone.${text("of")}` as "undone.visit_moved") : text("of");
    case "approval_received":
      return coded("approval", text("receipt"));
    case "approval_escalated":
      return String(data.level ?? "");
    case "verbal_reviewed":
      return t(data.confirmed ? "verbal.said_confirmed" : "verbal.said_disputed");
    case "badge_changed":
      return coded("badge", text("to"));
    case "escort_moved":
      return coded("escort", text("to"));
    case "deposit_moved":
      return coded("deposit.state", text("to"));
    case "duty_changed": {
      const known = new Map(duty.value?.aides.map((one) => [one.id, one.name]));
      return text("first") ? (known.get(text("first")) ?? text("first")) : t("duty.none");
    }
    case "mode_changed":
      return coded("admin.mode", text("mode"));
    case "lockdown_started":
    case "lockdown_ended":
      return lockdowns.value.find((one) => one.id === text("plan"))?.name ?? text("plan");
    case "post_changed":
      return t(data.attended === false ? "post.empty" : "post.occupied");
    case "leader_changed":
      return coded("leader", text("state"));
    case "alarm_raised":
    case "alarm_cleared":
    case "alarm_acknowledged":
      return alarmText(text("kind"));
    default:
      return "";
  }
}

// From where an account signed in or was refused, and how often.
function originOf(entry: Entry) {
  const text = (name: string) => (typeof entry.data[name] === "string" ? (entry.data[name] as string) : "");
  const word = (name: string) => (has(`refusal.${name}.${text(name)}`) ? coded(`refusal.${name}`, text(name)) : text(name));
  const times = Number(entry.data.times ?? 1);
  return {
    account: word("account"),
    address: word("address"),
    route: word("route"),
    device: word("device"),
    times: times > 1 ? t("refusal.times", { n: times }) : "",
  };
}

// `visit`: that the entry is of, where the page has it at hand.
export function sentenceOf(entry: Entry, visit: Visit | undefined = findVisit(entry.visit)): string {
  const scan = entry.type === "access_denied";
  const who = visit?.name ?? t(!scan ? "event.someone" : reasonsOf(entry).includes("ambiguous_scan") ? "event.several_codes" : "event.unknown_card");
  const fill = { who, where: findVisit(entry.point)?.name ?? placeName(entry.point), what: whatOf(entry), type: entry.type, actor: entry.actor };
  if (/^(sign_in_refused|request_refused)$/.test(entry.type)) Object.assign(fill, originOf(entry));
  if (entry.type === "session_opened" && entry.data.address) return t("event.session_opened_from", { ...fill, ...originOf(entry) });
  if (entry.type === "device_online" && entry.data.view === "accepted") return t("event.view_accepted", fill);
  if (/^device_o/.test(entry.type) && entry.data.outages) return t("event.device_chatters", { ...fill, n: Number(entry.data.outages) });
  if (/^device_o/.test(entry.type) && entry.data.fault) return t("event.device_fault", { ...fill, what: coded("fault", String(entry.data.fault)) });
  if (entry.type === "access_granted" && entry.data.by === "guard") return t("event.access_granted_guard", fill);
  if (entry.type === "mode_changed" && entry.data.by === "schedule") return t("event.mode_by_schedule", fill);
  if (entry.type === "granting_stopped" && stopKind(String(entry.data.why)) === "fault") return t("event.granting_stopped_fault");
  if (entry.type === "log_continued" && entry.data.alone) return t("event.log_continued_alone");
  return tMaybe(`event.${entry.type}`, fill) ?? t("event.other", fill);
}

// The shape before the sentence: the same three as in the band, for the entries that are verdicts or alarms.
export function toneOf(entry: Entry): "pass" | "check" | "refuse" | null {
  if (entry.type === "access_granted" || entry.type === "access_taken") return "pass";
  if (entry.type === "access_denied") return kindOfDenial(reasonsOf(entry));
  if (
    /^(access_not_taken|access_unknown|screening_alarm|alarm_raised|device_offline|granting_stopped|deviation_noted|lockdown_started|approval_escalated|sign_in_refused|request_refused)$/.test(
      entry.type,
    )
  )
    return "check";
  return null;
}
