// SPDX-License-Identifier: Apache-2.0
// What the console's build does not see in the catalogues of config/locale (it sees a sentence that no screen says, and a place
// that no screen fills): no sentence is empty, none is written twice, and both shipped languages have them all, with the same
// places; the console leaves out what no screen says. No browser, no daemon.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { placesOf, readCatalogues } from "../../gateway/console/locale.mjs";

const folder = new URL("../../config/locale/", import.meta.url);
const meant_empty = ["ready.ready_act"]; // nothing is to be done

// [key, words] as they are written, a key that is written twice twice.
const catalogue = (language) =>
  [...readFileSync(new URL(`${language}.json`, folder), "utf8").matchAll(/^ {2}("[\w.]+"): ("(?:[^"\\]|\\.)*"),?$/gm)].map(([, key, text]) => [JSON.parse(key), JSON.parse(text)]);
const listed = (text) => Object.entries(placesOf(text)).map((one) => one.join(" ")).sort().join();

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
holds("both languages have the same places to fill", [...id].filter(([key, text]) => listed(text) !== listed(en.get(key) ?? text)).map(([key]) => key));
holds("what only papers and the command line say is not sent to browsers", [...readCatalogues().values()].flatMap(Object.keys).filter((key) => /^(paper|cli)\./.test(key)));

assert.deepEqual(failures, []);
console.log(`1..${count}`);
