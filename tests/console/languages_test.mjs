// SPDX-License-Identifier: Apache-2.0
// A third language is a file: the console is built with ten sentences of Javanese beside the shipped catalogues. It is in the
// switch, says those ten, and the rest in Bahasa Indonesia; numbers and times have one form in each language.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { accessible, assertQuiet, open, screens, shoot, signIn } from "./browser.mjs";
import { browser, end, mock, step } from "./mock_session.mjs";

const console_folder = fileURLToPath(new URL("../../gateway/console", import.meta.url));
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
const work = mkdtempSync(join(tmpdir(), "gapura-languages-"));

function buildWith(more) {
  const locale = join(work, "locale");
  cpSync(new URL("../../config/locale", import.meta.url), locale, { recursive: true });
  writeFileSync(join(locale, "jv.json"), JSON.stringify(more));
  return spawnSync(process.execPath, [join(console_folder, "node_modules/vite/bin/vite.js"), "build", "--mode", "development", "--outDir", join(work, "dist"), "--emptyOutDir"],
    { cwd: console_folder, env: { ...process.env, GAPURA_LOCALE: locale }, encoding: "utf8" });
}

// The pages of that build over the API of the mock.
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
function serve() {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, mock.url);
    if (pathname.startsWith("/api/")) {
      const onward = http.request(new URL(request.url, mock.url), { method: request.method, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      response.on("close", () => onward.destroy());
      request.pipe(onward);
      return;
    }
    const file = join(work, "dist", pathname === "/" ? "index.html" : pathname);
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" }).end(readFileSync(file));
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

let server;
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
    server = await serve();
    const page = await open(browser, `http://127.0.0.1:${server.address().port}/`, screens.desk);
    await page.getByRole("heading", { name: "Masuk" }).waitFor();
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByRole("button", { name: "Basa Jawa" }).click();
    await page.getByRole("heading", { name: "Mlebu" }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), "jv");
    await page.getByText("Setiap tindakan tercatat atas nama Anda.").waitFor(); // not in the file
    await accessible(page, "sign-in in Javanese");
    await signIn(page, "petugas", "contoh-contoh");
    await page.getByRole("button", { name: "Tamu anyar" }).waitFor();
    await page.getByText(/wong \d/).first().waitFor();
    await shoot(page, "language-third");
    await page.reload();
    await page.getByRole("button", { name: "Tamu anyar" }).waitFor();
    assertQuiet(page, "the guard in Javanese");
    await page.context().close();
  });

  await step("The clock has the language's form", async () => {
    const page = await open(browser, `http://127.0.0.1:${server.address().port}/`, screens.desk);
    await signIn(page, "petugas", "contoh-contoh");
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
rmSync(work, { recursive: true, force: true });
server?.closeAllConnections();
server?.close();
await end(failed);
