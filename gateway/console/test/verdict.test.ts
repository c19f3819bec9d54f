// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { denialSay, denialText, failureText, kindOfDenial, reasonsOf, stepsOf } from "../src/verdict";
import { t } from "../src/words";
import { entryOf } from "./shapes";

test("the first reason decides between amber and red; a code of tomorrow is red", () => {
  expect(kindOfDenial(["screening_missing", "revoked"])).toBe("check");
  expect(kindOfDenial(["revoked", "screening_missing"])).toBe("refuse");
  expect(kindOfDenial(["of_tomorrow"])).toBe("refuse");
  expect(kindOfDenial([])).toBe("refuse");
});

test("reasons are read as a list, as one word, and as nothing", () => {
  expect(reasonsOf(entryOf("access_denied", { data: { reasons: ["revoked", "expired"] } }))).toEqual(["revoked", "expired"]);
  expect(reasonsOf(entryOf("access_denied", { data: { reason: "lost" } }))).toEqual(["lost"]);
  expect(reasonsOf(entryOf("access_denied"))).toEqual([]);
  expect(stepsOf(entryOf("access_denied", { data: { steps: ["portrait"] } }))).toEqual(["portrait"]);
});

test("every denial has words, also one of tomorrow", () => {
  expect(denialText("revoked")).toBe(t("deny.revoked"));
  expect(denialText("of_tomorrow")).toContain("of_tomorrow");
  expect(denialText("sop_step_missing", ["deposit_return"])).toBe(t("deny.step.deposit_return"));
  expect(denialSay("sop_step_missing", ["deposit_return"])).toBe(t("say.deposit_return"));
  expect(denialSay("of_tomorrow", [])).toBe("");
});

test("a release that was not used says what to do", () => {
  expect(failureText("no_passage")).toBe(t("outcome.no_passage"));
  expect(failureText("no_passage", true)).toBe(t("outcome.no_passage_guard"));
  expect(failureText("of_tomorrow")).toContain("of_tomorrow");
});
