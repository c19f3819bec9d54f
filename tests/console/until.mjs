// SPDX-License-Identifier: Apache-2.0
// How the tests of this folder wait: for what has to become true, with a limit that only says when to give up.
export const limit_ms = Number(process.env.GAPURA_LIMIT_MS ?? 45_000); // generous: machines that build are slow

// Asks until it holds; resolves to the answer that did.
export async function until(what, holds, limit = limit_ms) {
  for (const end = Date.now() + limit; Date.now() < end; await new Promise((next) => setTimeout(next, 50))) {
    const found = await holds();
    if (found) return found;
  }
  throw new Error(`${what}: not within ${limit} ms`);
}
