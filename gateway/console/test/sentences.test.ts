// SPDX-License-Identifier: Apache-2.0
import { afterEach, expect, test } from "vitest";
import { enumerations } from "../enumerations.mjs";
import type { Entry } from "../src/api";
import { sentenceOf } from "../src/sentences";
import { loadLanguage } from "../src/words";
import { entryOf, visitOf } from "./shapes";

afterEach(() => loadLanguage("id"));

const types: string[] = enumerations().get("EventType") ?? [];

test.each(["id", "en"])("each entry is a sentence with every place filled (%s)", async (language) => {
  await loadLanguage(language);
  expect(types.length).toBeGreaterThan(80);
  for (const type of types) {
    for (const more of [{}, { data: { reasons: ["revoked"], reason: "x", address: "10.0.0.7", outages: 4, fault: "wrong_unit", times: 3 } }]) {
      const said = sentenceOf(entryOf(type as Entry["type"], { point: "gate_in", ...more } as Partial<Entry>), visitOf());
      expect(said, type).not.toMatch(/undefined|NaN|[{}]/);
      expect(said.trim(), type).not.toBe("");
    }
  }
});

test("an entry of tomorrow shows its type", () => {
  expect(sentenceOf(entryOf("moon_landed" as Entry["type"]))).toContain("moon_landed");
});
