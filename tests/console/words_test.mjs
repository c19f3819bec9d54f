// SPDX-License-Identifier: Apache-2.0
// Every code that the daemon can send to a screen has its words in both catalogues: the enumerations of models/*.h and the
// alarms that the core raises are compared with gateway/console/src/words. No browser, no daemon.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

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
// The words of an enumeration, as a header lists them.
function wordsOf(header, name) {
  const [, list] = new RegExp(`words<${name}> =\\s*std::to_array<const char\\*>\\(\\{([^}]*)\\}`).exec(read(header)) ?? assert.fail(`${header} lists no words of ${name}`);
  const all = [...list.matchAll(/"(\w+)"/g)].map(([, word]) => word);
  assert.ok(all.length > 1, `${name} has words`);
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

holds("every reason of a denial has a sentence", "deny", wordsOf("models/decision_reason.h", "DenialReason"));
holds("every type of entry has a sentence", "event", wordsOf("models/site_event.h", "EventType"));
for (const [title, prefix, name] of [["state of a visit", "state", "VisitState"], ["decision", "approval", "Approval"], ["result of the detector", "screening", "Screening"],
  ["state of a badge", "badge", "BadgeState"], ["presence", "presence", "Presence"], ["state of an escort", "escort", "EscortState"]]) {
  holds(`every ${title} has its words`, prefix, wordsOf("models/visit.h", name));
}
holds("every mode of a door has its words", "admin.mode", wordsOf("models/site.h", "PortalMode"));
const raised = readdirSync(`${root}gateway/core`).flatMap((name) => [...read(`gateway/core/${name}`).matchAll(/raise\(change, "(\w+)"/g)].map(([, kind]) => kind));
assert.ok(raised.includes("screening_undisposed"));
holds("every alarm that the core raises has its words", "alarm", [...new Set(raised)]);

const deviations = readdirSync(`${root}gateway/core`).flatMap((name) =>
  [...read(`gateway/core/${name}`).matchAll(/deviation_noted[\s\S]{0,160}?"kind", std::string\("(\w+)"\)/g)].map(([, kind]) => kind));
assert.ok(deviations.includes("alarm_without_action"));
holds("every deviation that the core notes has its words", "deviation", [...new Set(deviations)]);

const [id, en] = [catalogues.id, catalogues.en];
assert.deepEqual([...en.keys()].filter((key) => !id.has(key)), [], "no key is English only");
assert.deepEqual(failures, []);
console.log(`1..${count}`);
