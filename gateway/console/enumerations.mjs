// SPDX-License-Identifier: Apache-2.0
// The enumerations of the headers of models/ with their words: "Level" to ["off", "on", "unknown"]. The headers are their declaration.
// That of a class has its name in front: DeviceHealth::Kind is "DeviceHealthKind". Fails where a declaration is not understood.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../models/", import.meta.url));
const declaration = /^(?:struct (\w+) \{\n {2})?GAPURA_(?:CLASS_)?ENUM\(\s*(\w+),([^)]*)\)/gm;

export function enumerations() {
  const all = new Map();
  for (const name of readdirSync(folder, { recursive: true }).filter((each) => each.endsWith(".h") && each !== "base/words.h")) {
    const header = readFileSync(folder + name, "utf8").replaceAll(/\/\/.*$/gm, "");
    const found = [...header.matchAll(declaration)];
    assert.equal(found.length, header.match(/GAPURA_(CLASS_)?ENUM\(/g)?.length ?? 0, `every enumeration of models/${name} is understood`);
    for (const [, owner = "", enumeration, list] of found)
      all.set(
        owner + enumeration,
        list.split(",").map((word) => word.trim().replace(/_+$/, "")),
      );
    const events = [...header.matchAll(/^ {2}X\((\w+), \w+\)/gm)].map(([, type]) => type);
    if (events.length) all.set("EventType", events);
  }
  for (const [name, words] of all) assert.ok(words.length > 1 && words.every((word) => /^\w+$/.test(word)), `${name} has words`);
  return all;
}
