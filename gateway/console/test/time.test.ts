// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { clockText, dayText, endText, momentText, serverNow, setServerTime, setZone, siteInstant, siteLocal, stampText, waitedText } from "../src/time";
import { loadLanguage } from "../src/words";

beforeEach(() => setZone("Asia/Makassar"));
afterEach(async () => {
  vi.useRealTimers();
  await loadLanguage("id");
});

describe("the site's time", () => {
  const at = "2026-11-30T06:07:31.500Z";
  test("has one form in each language, and carries its zone", async () => {
    expect([clockText(at), stampText(at), dayText(at)]).toEqual(["14.07.31", "14.07 WITA", "30/11/2026"]);
    await loadLanguage("en");
    expect([clockText(at), stampText(at), dayText(at)]).toEqual(["14:07:31", "14:07 WITA", "30/11/2026"]);
  });
  test("is the site's in each of Indonesia's zones, midnight included", () => {
    for (const [zone, stamp] of [
      ["Asia/Jakarta", "00.00 WIB"],
      ["Asia/Makassar", "01.00 WITA"],
      ["Asia/Jayapura", "02.00 WIT"],
    ]) {
      setZone(zone);
      expect(stampText("2026-11-30T17:00:00Z")).toBe(stamp);
    }
  });
  test("an end at midnight closes its day", async () => {
    setZone("Asia/Jakarta");
    expect(endText("2026-11-30T17:00:00Z")).toBe("24.00 WIB");
    expect(endText("2026-11-30T17:00:30Z")).toBe("24.00 WIB");
    expect(endText("2026-11-30T17:01:00Z")).toBe("00.01 WIB");
    await loadLanguage("en");
    expect(endText("2026-11-30T17:00:00Z")).toBe("24:00 WIB");
  });
  test("names the day only when it is not today's", () => {
    vi.useFakeTimers({ now: Date.parse(at) });
    expect(momentText("2026-11-30T00:00:00Z")).toBe("08.00 WITA");
    expect(momentText("2026-11-29T00:00:00Z")).toBe("29/11/2026 08.00 WITA");
  });
  test("a zone that the browser does not know shows the machine's own time", () => {
    setZone("Mars/Olympus");
    expect(clockText(at)).toMatch(/^\d\d\.\d\d\.31$/);
  });
});

test("a date and time typed in are the site's wall clock, and read back the same", () => {
  for (const [zone, instant] of [
    ["Asia/Jakarta", "2030-01-07T02:00:00.000Z"],
    ["Asia/Jayapura", "2030-01-07T00:00:00.000Z"],
    ["America/St_Johns", "2030-01-07T12:30:00.000Z"],
  ]) {
    setZone(zone);
    expect(siteInstant("2030-01-07T09:00")).toBe(instant);
    expect(siteLocal(instant)).toBe("2030-01-07T09:00");
  }
  setZone("Asia/Jakarta");
  expect(siteLocal("2026-12-31T17:00:00Z")).toBe("2027-01-01T00:00");
});

test("waiting is counted from the daemon's clock and never negative", () => {
  vi.useFakeTimers({ now: Date.parse("2026-11-30T06:00:00Z") });
  setServerTime("2026-11-30T06:10:00Z");
  expect(serverNow()).toBe(Date.parse("2026-11-30T06:10:00Z"));
  setServerTime("no time");
  expect(serverNow()).toBe(Date.parse("2026-11-30T06:10:00Z"));
  const now = serverNow();
  expect(waitedText("2026-11-30T06:02:48Z", now)).toBe("07:12");
  expect(waitedText("2026-11-30T04:07:51Z", now)).toBe("2:02:09");
  expect(waitedText("2026-11-30T06:11:00Z", now)).toBe("00:00");
});
