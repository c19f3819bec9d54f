// SPDX-License-Identifier: Apache-2.0
// Every code that the daemon can send to a screen has its words in both catalogues: the enumerations of models/*.h are
// compared with gateway/console/src/words. No browser, no daemon.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { enumerations } from "../../gateway/console/enumerations.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path) => readFileSync(root + path, "utf8");

// "key": "words" of all files of one language.
function catalogue(language) {
  const all = new Map();
  for (const name of readdirSync(`${root}gateway/console/src/words`)) {
    if (!name.startsWith(language)) continue;
    for (const [, key, text] of read(`gateway/console/src/words/${name}`).matchAll(/"([\w.]+)": "((?:[^"\\]|\\.)*)"/g)) all.set(key, text);
  }
  return all;
}
const enums = enumerations();
function wordsOf(name) {
  const all = enums.get(name) ?? assert.fail(`models/*.h declare no ${name}`);
  assert.ok(all.length > 1 && all.every((word) => /^\w+$/.test(word)), `${name} has words`);
  return all;
}

const catalogues = { id: catalogue("id"), en: catalogue("en") };
let count = 0;
const failures = [];
function holds(title, prefix, codes) {
  const missing = Object.entries(catalogues).flatMap(([language, words]) =>
    codes.filter((code) => !words.get(`${prefix}.${code}`)?.trim()).map((code) => `${language}: ${prefix}.${code}`));
  if (missing.length) failures.push(`${title}: ${missing.join(", ")}`);
  console.log(`${missing.length ? "not ok" : "ok"} ${++count} - ${title} (${codes.length})`);
}

holds("every reason of a denial has a sentence", "deny", wordsOf("DenialReason"));
holds("every type of entry has a sentence", "event", wordsOf("EventType"));
for (const [title, prefix, name] of [["state of a visit", "state", "VisitState"], ["decision", "approval", "Approval"], ["result of the detector", "screening", "Screening"],
  ["state of a badge", "badge", "BadgeState"], ["presence", "presence", "Presence"], ["state of an escort", "escort", "EscortState"]]) {
  holds(`every ${title} has its words`, prefix, wordsOf(name));
}
holds("every mode of a door has its words", "admin.mode", wordsOf("PortalMode"));
holds("every alarm has its words", "alarm", wordsOf("AlarmKind"));
holds("every deviation has its words", "deviation", wordsOf("Deviation"));

const [id, en] = [catalogues.id, catalogues.en];
assert.deepEqual([...en.keys()].filter((key) => !id.has(key)), [], "no key is English only");
assert.deepEqual(failures, []);
console.log(`1..${count}`);
