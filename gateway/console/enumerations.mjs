// SPDX-License-Identifier: Apache-2.0
// The enumerations of models/*.h with their words: "Level" to ["off", "on", "unknown"]. The headers are their declaration.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../models/", import.meta.url));

export function enumerations() {
  const all = new Map();
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".h") && each !== "words.h")) {
    const header = readFileSync(folder + name, "utf8").replaceAll(/\/\/.*$/gm, "");
    for (const [, enumeration, list] of header.matchAll(/^GAPURA_ENUM\((\w+),([^)]*)\)/gm))
      all.set(enumeration, list.split(",").map((word) => word.trim().replace(/_+$/, "")));
    const events = [...header.matchAll(/^ {2}X\((\w+), \w+\)/gm)].map(([, type]) => type);
    if (events.length) all.set("EventType", events);
  }
  return all;
}
