// SPDX-License-Identifier: Apache-2.0
// A third language is a file: the console is built with ten sentences of Javanese beside the shipped catalogues. It is in the
// switch, says those ten, and the rest in Bahasa Indonesia; numbers and times have one form in each language.
import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accessible, assertQuiet, open, screens, shoot, signIn } from "./browser.mjs";
import { serveConsole, temporaryBuild } from "./built_console.mjs";
import { guestsOf } from "./guests.mjs";
import { browser, end, openPost, step } from "./post_session.mjs";

const javanese = {
  "language.name": "Basa Jawa",
  "login.title": "Mlebu",
  "login.name": "Jeneng akun",
  "login.password": "Tembung sandhi",
  "login.submit": "Mlebu saiki",
  "board.new": "Tamu anyar",
  "col.empty.inside": "Ora ana tamu ing njero.",
  "cancel": "Wurung",
  "close": "Tutup lawang",
  "card.party": "{n, plural, other {wong #}}",
};

const made = temporaryBuild();
function buildWith(more) {
  const locale = join(made.work, "locale");
  cpSync(new URL("../../config/locale", import.meta.url), locale, { recursive: true });
  writeFileSync(join(locale, "jv.json"), JSON.stringify(more));
  return made.build({ GAPURA_LOCALE: locale });
}

let server, password;
let failed;
try {
  await step("A sentence that no screen says, or a place that no screen fills, fails the build", () => {
    for (const [wrong, said] of [[{ "no.such": "x" }, /no screen says "no\.such"/], [{ "card.party": "{people}" }, /"card\.party" has a place for people/]]) {
      const built = buildWith({ ...javanese, ...wrong });
      assert.notEqual(built.status, 0);
      assert.match(built.stderr + built.stdout, said);
    }
  });

  await step("Ten sentences in a file are a language in the switch", async () => {
    const built = buildWith(javanese);
    assert.equal(built.status, 0, built.stderr);
    const post = await openPost();
    password = post.accounts.petugas;
    await guestsOf(post).fresh({ party: 3, category: "special" });
    server = await serveConsole(post, made.dist);
    const page = await open(browser, server.url, screens.desk);
    await page.getByRole("heading", { name: "Masuk" }).waitFor();
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByRole("button", { name: "Basa Jawa" }).click();
    await page.getByRole("heading", { name: "Mlebu" }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), "jv");
    await page.getByText("Setiap tindakan tercatat atas nama Anda.").waitFor(); // not in the file
    await accessible(page, "sign-in in Javanese");
    await signIn(page, "petugas", password);
    await page.getByRole("button", { name: "Tamu anyar" }).waitFor();
    await page.getByText("wong 3").first().waitFor();
    await shoot(page, "language-third");
    await page.reload();
    await page.getByRole("button", { name: "Tamu anyar" }).waitFor();
    assertQuiet(page, "the guard in Javanese");
    await page.context().close();
  });

  await step("The clock has the language's form", async () => {
    const page = await open(browser, server.url, screens.desk);
    await signIn(page, "petugas", password);
    const clock = page.locator(".status-line .clock b");
    await clock.waitFor();
    assert.match(await clock.textContent(), /^\d\d\.\d\d\.\d\d$/);
    await page.evaluate(() => document.querySelector('.switches [lang="en"]').click());
    await page.waitForFunction(() => document.documentElement.lang === "en");
    await page.waitForFunction(() => /^\d\d:\d\d:\d\d$/.test(document.querySelector(".status-line .clock b").textContent));
    assertQuiet(page, "the guard");
  });
} catch (error) {
  failed = error;
}
made.remove();
server?.stop();
await end(failed);
