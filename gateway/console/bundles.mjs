// SPDX-License-Identifier: Apache-2.0
// What the build does with the finished bundle: a .br and a .gz beside each file that becomes smaller by it, which the daemon
// serves as they are; and what a role's page costs on the line, held to its budget. A page over budget fails the build.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

// kB of all files that the page of a role loads, compressed, the first time it is opened: 1 kB = 1000 bytes.
const budgets_kb = { aide: 110, guard: 130, admin: 150 };
const textual = new Set([".html", ".js", ".css", ".svg", ".json", ".webmanifest", ".txt"]);

function brotli(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
}

// The size on the line of each file below `folder`, by its path there.
function compressAll(folder) {
  const sizes = new Map();
  for (const name of readdirSync(folder, { recursive: true }).map(String)) {
    const path = join(folder, name);
    if (!statSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    sizes.set(name, bytes.length);
    if (!textual.has(extname(name))) continue;
    const made = { br: brotli(bytes), gz: gzipSync(bytes, { level: 9 }) };
    for (const [kind, smaller] of Object.entries(made)) if (smaller.length < bytes.length) writeFileSync(`${path}.${kind}`, smaller);
    sizes.set(name, Math.min(bytes.length, made.br.length));
  }
  return sizes;
}

// The scripts and styles that `chunk` cannot do without.
function withImports(bundle, chunk, found = new Set()) {
  if (found.has(chunk.fileName)) return found;
  found.add(chunk.fileName);
  for (const name of chunk.viteMetadata.importedCss) found.add(name);
  for (const name of chunk.imports) withImports(bundle, bundle[name], found);
  return found;
}

// Bytes on the line of a role's page in its largest language. What belongs to no script (page, font, icons) is counted for each.
function costOf(role, bundle, sizes) {
  const scripts = Object.values(bundle).filter((one) => one.type === "chunk");
  const home = scripts.find((one) => one.facadeModuleId?.endsWith(`/src/${role}/${role}.tsx`));
  if (!home) throw new Error(`no bundle for ${role}: its screen is src/${role}/${role}.tsx`);
  const languages = scripts.filter((one) => one.facadeModuleId?.startsWith("\0virtual:language/"));
  if (!languages.length) throw new Error("no bundle for a language: see locale.mjs");
  const chosen = new Set(scripts.flatMap((one) => [one.fileName, ...one.viteMetadata.importedCss]));
  const always = [...sizes.keys()].filter((name) => !chosen.has(name));
  const costs = languages.map((language) => {
    const needed = new Set([home, language, ...scripts.filter((one) => one.isEntry)].flatMap((one) => [...withImports(bundle, one)]));
    return [...always, ...needed].reduce((sum, name) => sum + sizes.get(name), 0);
  });
  return Math.max(...costs);
}

export function compressedWithinBudget() {
  return {
    name: "gapura-compressed",
    apply: "build",
    writeBundle({ dir }, bundle) {
      const sizes = compressAll(dir);
      const over = [];
      for (const [role, budget] of Object.entries(budgets_kb)) {
        const kb = costOf(role, bundle, sizes) / 1000;
        console.log(`${role}: ${kb.toFixed(1)} kB compressed, all in (budget ${budget} kB)`);
        if (kb > budget) over.push(`${role}: ${kb.toFixed(1)} kB of ${budget} kB`);
      }
      if (over.length) this.error(`over budget (bundles.mjs): ${over.join(", ")}`);
    },
  };
}
