// SPDX-License-Identifier: Apache-2.0
// The catalogues of config/locale: one file for each language, named by its tag, each sentence in ICU message syntax. id.json has
// them all; what another file lacks is said in Bahasa Indonesia. The build compiles them, so that the page parses none.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import MessageFormat from "@messageformat/core";
import compileModule from "@messageformat/core/compile-module.js";
import { parse } from "@messageformat/parser";

export const locale_folder = resolve(process.env.GAPURA_LOCALE ?? fileURLToPath(new URL("../../config/locale", import.meta.url)));
const first = "id";
const not_on_screens = /^(paper|cli)\./; // said by the daemon's papers and by the command line alone

// The engine says at most a position, and in no case the file.
function readJson(file) {
  const text = readFileSync(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    const at = /position (\d+)/.exec(error.message);
    const line = at ? `:${text.slice(0, Number(at[1])).split("\n").length}` : "";
    throw new Error(`${file}${line}: ${error.message}`);
  }
}

// Each language's own sentences by its tag; Bahasa Indonesia first, the others in the order of their tags.
export function readCatalogues(folder = locale_folder) {
  const tags = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => basename(name, ".json"));
  tags.sort((a, b) => Number(b === first) - Number(a === first) || a.localeCompare(b));
  const all = new Map(tags.map((tag) => [tag, readJson(join(folder, `${tag}.json`))]));
  const known = all.get(first);
  if (!known) throw new Error(`${folder} has no ${first}.json`);
  for (const [tag, words] of all) {
    if (!words["language.name"]) throw new Error(`${tag}.json: "language.name" is missing: the language's name in itself`);
    for (const [key, text] of Object.entries(words)) check(tag, key, text, known);
  }
  for (const [tag, words] of all) all.set(tag, Object.fromEntries(Object.entries(words).filter(([key]) => !not_on_screens.test(key))));
  return all;
}

function check(tag, key, text, known) {
  if (!(key in known)) throw new Error(`${tag}.json: no screen says "${key}"; ${first}.json has all that are said`);
  if (typeof text !== "string") throw new Error(`${tag}.json: "${key}" is no text`);
  const strange = Object.keys(placesOf(text)).filter((name) => !(name in placesOf(known[key])));
  if (strange.length) throw new Error(`${tag}.json: "${key}" has a place for ${strange.join(", ")}, which ${first}.json does not fill`);
}

// What a sentence takes: its places by name, and "number" or "text" for each.
export function placesOf(text) {
  const places = {};
  for (const part of typeof text === "string" ? parse(text) : text) {
    if (!part.arg) continue;
    if (part.cases && !part.cases.some((one) => one.key === "other")) throw new Error(`"${part.arg}" has no "other": ${text}`);
    const counts = part.type === "plural" || part.type === "selectordinal" || (part.type === "function" && part.key === "number");
    places[part.arg] = counts || places[part.arg] === "number" ? "number" : "text";
    for (const one of part.cases ?? []) Object.assign(places, placesOf(one.tokens), { [part.arg]: places[part.arg] });
  }
  return places;
}

// A script whose default export has each sentence as a text, or as a function of what it takes.
export function compiled(tag, catalogues) {
  const rules = MessageFormat.supportedLocalesOf(tag).length ? tag : first;
  const words = { ...catalogues.get(first), "language.format": rules, ...catalogues.get(tag) };
  const filled = Object.fromEntries(Object.entries(words).filter(([, text]) => Object.keys(placesOf(text)).length));
  const constant = Object.fromEntries(
    Object.entries(words)
      .filter(([key]) => !(key in filled))
      .map(([key, text]) => [key, plainOf(text)]),
  );
  const script = compileModule(new MessageFormat(rules), filled);
  return `${script.replace("export default {", "const filled = {")};\nexport default { ...${JSON.stringify(constant)}, ...filled };\n`;
}
const plainOf = (text) =>
  parse(text)
    .map((part) => part.value)
    .join("");

const list_id = "virtual:languages";
const language_id = "virtual:language/";

// For Vite: `virtual:languages` is the list of them, by tag: the name, and how to load the sentences.
export function languages() {
  const catalogues = readCatalogues();
  return {
    name: "gapura-languages",
    resolveId: (id) => (id.startsWith(list_id) || id.startsWith(language_id) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${list_id}`) {
        const rows = [...catalogues].map(
          ([tag, words]) => `${JSON.stringify(tag)}: { name: ${JSON.stringify(words["language.name"])}, load: () => import("${language_id}${tag}") }`,
        );
        return `export const languages = { ${rows.join(", ")} };`;
      }
      if (id.startsWith(`\0${language_id}`)) return compiled(id.slice(language_id.length + 1), catalogues);
    },
    // With the names that a person at a network log knows.
    config: () => ({
      build: {
        rollupOptions: {
          output: {
            chunkFileNames: ({ name, facadeModuleId }) => `assets/${facadeModuleId?.startsWith(`\0${language_id}`) ? `language-${name}` : name}-[hash].js`,
          },
        },
      },
    }),
  };
}
