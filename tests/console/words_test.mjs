// SPDX-License-Identifier: Apache-2.0
// What tsc does not see in the catalogues of gateway/console/src/words (it sees a missing key): no sentence is empty, none is
// written twice, and both languages have the same places to fill. No browser, no daemon.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../gateway/console/src/words/", import.meta.url);
const meant_empty = ["ready.ready_act"]; // nothing is to be done

// [key, words] of all files of one language.
const catalogue = (language) => readdirSync(folder).filter((name) => name.startsWith(language)).flatMap((name) =>
  [...readFileSync(new URL(name, folder), "utf8").matchAll(/"([\w.]+)": "((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text]));
const placesOf = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort().join();

const languages = { id: catalogue("id"), en: catalogue("en") };
const [id, en] = [new Map(languages.id), new Map(languages.en)];
let count = 0;
const failures = [];
function holds(title, found) {
  console.log(`${found.length ? "not ok" : "ok"} ${++count} - ${title}`);
  if (found.length) failures.push(`${title}: ${found.join(", ")}`);
}

for (const [language, all] of Object.entries(languages)) {
  const keys = all.map(([key]) => key);
  holds(`${language}: no sentence is empty`, all.filter(([key, text]) => !text.trim() && !meant_empty.includes(key)).map(([key]) => key));
  holds(`${language}: no sentence is written twice`, keys.filter((key, index) => keys.indexOf(key) !== index));
}
assert.ok(id.size > 1000, `${id.size} sentences were found`);
holds("both languages have the same sentences", [...id.keys()].filter((key) => !en.has(key)).concat([...en.keys()].filter((key) => !id.has(key))));
holds("both languages have the same places to fill", [...id].filter(([key, text]) => placesOf(text) !== placesOf(en.get(key) ?? text)).map(([key]) => key));

assert.deepEqual(failures, []);
console.log(`1..${count}`);
