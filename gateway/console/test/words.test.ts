// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { placesOf, readCatalogues } from "../locale.mjs";
import { coded, has, language, loadLanguage, nextLanguage, numberText, recall, setLanguage, t, tMaybe } from "../src/words";

afterEach(() => loadLanguage("id"));

describe("the sentences", () => {
  test("count by the rules of their language", async () => {
    expect(t("device.some_off", { n: 1 })).toBe("1 perangkat mati");
    expect(t("privacy.days", { n: 1234 })).toBe("1.234 hari");
    await loadLanguage("en");
    expect([1, 2, 1234].map((n) => t("device.some_off", { n }))).toEqual(["1 device down", "2 devices down", "1,234 devices down"]);
    expect(t("card.party", { n: 4 })).toBe("4 people");
  });
  test("numbers are written as in the language", async () => {
    expect(numberText(1234.56, 1)).toBe("1.234,6");
    await loadLanguage("en");
    expect(numberText(1234.56, 1)).toBe("1,234.6");
  });
  test("a code without a sentence shows as itself", () => {
    expect(coded("deny", "revoked")).toBe(t("deny.revoked"));
    expect(coded("deny", "of_tomorrow")).toBe("of_tomorrow");
    expect(has("deny.of_tomorrow")).toBe(false);
    expect(has("toString")).toBe(false);
    expect(tMaybe("event.of_tomorrow", {})).toBeUndefined();
  });
  test("an unknown language is Bahasa Indonesia, a chosen one is kept", async () => {
    await setLanguage("en");
    expect([language.value, recall("gapura.language")]).toEqual(["en", "en"]);
    expect(nextLanguage()).toEqual({ tag: "id", name: "Bahasa Indonesia" });
    await loadLanguage("constructor");
    expect(language.value).toBe("id");
    expect(nextLanguage()).toEqual({ tag: "en", name: "English" });
  });
});

describe("a catalogue", () => {
  const folderWith = (files: Record<string, object>) => {
    const folder = mkdtempSync(join(tmpdir(), "gapura-words-"));
    for (const [name, words] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(words));
    return folder;
  };
  const id = { "language.name": "Bahasa Indonesia", a: "{n, number} orang", b: "Halo" };
  test("may be a few sentences; Bahasa Indonesia comes first", () => {
    const folder = folderWith({ "en.json": { "language.name": "English", b: "Hello" }, "id.json": id, "bug.json": { "language.name": "Basa Ugi" } });
    expect([...readCatalogues(folder).keys()]).toEqual(["id", "bug", "en"]);
  });
  test.each([
    [{ b: "Hello" }, /"language\.name" is missing/],
    [{ "language.name": "English", c: "Hello" }, /no screen says "c"/],
    [{ "language.name": "English", b: "Hello {name}" }, /"b" has a place for name/],
    [{ "language.name": "English", b: 3 }, /"b" is no text/],
    [{ "language.name": "English", a: "{n, plural, one {#}}" }, /"n" has no "other"/],
    [{ "language.name": "English", a: "{n" }, /./],
  ])("that is wrong is refused: %o", (en, said) => {
    expect(() => readCatalogues(folderWith({ "id.json": id, "en.json": en }))).toThrow(said);
  });
  test("says what its sentences take", () => {
    expect(placesOf("{name}: {n, plural, one {# of {all, number}} other {#, {what}}}")).toEqual({ name: "text", n: "number", all: "number", what: "text" });
    expect(placesOf("it's plain")).toEqual({});
  });
});
