// SPDX-License-Identifier: Apache-2.0
// The post's time: the daemon's clock, in the site's zone, with the Indonesian name of that zone.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { formatTag } from "./words";

const zoneNames: Record<string, string> = {
  "Asia/Jakarta": "WIB",
  "Asia/Pontianak": "WIB",
  "Asia/Makassar": "WITA",
  "Asia/Ujung_Pandang": "WITA",
  "Asia/Jayapura": "WIT",
};

let zone = "Asia/Jakarta";
// Daemon's clock minus this machine's. A guard's PC is often minutes off, and waits must not be.
let ahead_ms = 0;

export function setZone(name: string) {
  zone = name;
}
export function setServerTime(text: string) {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) ahead_ms = at - Date.now();
}
export const serverNow = () => Date.now() + ahead_ms;
export const zoneName = () => zoneNames[zone] ?? "";

// One for each form of a time and zone, made once: making and freeing thousands of them (a board ticks) stops the page for
// a quarter of a second whenever the browser collects its garbage (docs/performance.md).
const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(options: Intl.DateTimeFormatOptions, tag = formatTag()): Intl.DateTimeFormat {
  const key = `${tag} ${zone} ${Object.entries(options)}`;
  let format = formats.get(key);
  if (!format) {
    try {
      format = new Intl.DateTimeFormat(tag, { timeZone: zone, ...options });
    } catch {
      format = new Intl.DateTimeFormat(tag, options); // a zone this browser does not know
    }
    formats.set(key, format);
  }
  return format;
}
const formatted = (at: number, options: Intl.DateTimeFormatOptions) => formatOf(options).format(at);
const day: Intl.DateTimeFormatOptions = { day: "2-digit", month: "2-digit", year: "numeric" };
const minute: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const instant = (at: string | number) => (typeof at === "number" ? at : Date.parse(at));

export const clockText = (at: string | number) => formatted(instant(at), { ...minute, second: "2-digit" });
export const minuteText = (at: string | number) => formatted(instant(at), minute);
// Every stamp carries its zone: 14.07 WITA.
export const stampText = (at: string | number) => `${minuteText(at)} ${zoneName()}`.trim();
// An end: midnight closes the day that a badge was given on, so it reads 24.00.
export const endText = (at: string) => stampText(at).replace(/^00(?=\D00\b)/, "24");
export const dayText = (at: string | number) => formatted(instant(at), day);

// A day only when it is not today's: 08.00 WITA, or 24/11/2026 08.00 WITA.
export const momentText = (at: string | number) => (dayText(at) === dayText(serverNow()) ? stampText(at) : `${dayText(at)} ${stampText(at)}`);

// An instant as the site's wall clock shows it, for <input type="datetime-local">: 2026-11-30T14:07.
export function siteLocal(at: string | number): string {
  const parts = Object.fromEntries(
    formatOf({ ...day, ...minute }, "en-GB")
      .formatToParts(instant(at))
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}
// And back: the person's own machine may be in another zone.
export function siteInstant(local: string): string {
  const asUtc = Date.parse(`${local}Z`);
  const ahead = Date.parse(`${siteLocal(asUtc)}Z`) - asUtc;
  return new Date(asUtc - ahead).toISOString();
}

// mm:ss, or h:mm:ss from an hour on. Never negative: a clock set back must not show a guest arriving in the future.
export function waitedText(since: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${two(minutes)}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

// One timer for the page, however many cards tick.
const second = signal(0);
setInterval(() => {
  second.value++;
}, 1000);
export function useNow(): number {
  void second.value; // drawn again with each
  return serverNow();
}

// For what depends on minutes (columns, overdue): changes every five seconds.
export function useCoarseNow(): number {
  const [now, set] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => set(serverNow()), 5000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
