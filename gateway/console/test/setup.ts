// SPDX-License-Identifier: Apache-2.0
// The little of a browser that the modules touch; nothing here draws. Each test file begins with empty storage, in Bahasa Indonesia.
import { webcrypto } from "node:crypto";
import { vi } from "vitest";

class Kept extends Map<string, string> {
  getItem = (key: string) => this.get(key) ?? null;
  setItem = (key: string, value: string) => void this.set(key, value);
  removeItem = (key: string) => void this.delete(key);
}
vi.stubGlobal("crypto", webcrypto); // not among Node 18's globals
vi.stubGlobal("localStorage", new Kept());
vi.stubGlobal("sessionStorage", new Kept());
vi.stubGlobal("addEventListener", () => {});
vi.stubGlobal("document", { documentElement: { lang: "", dataset: {} } });

const { loadLanguage } = await import("../src/words");
await loadLanguage("id");
