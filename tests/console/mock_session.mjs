// SPDX-License-Identifier: Apache-2.0
// One run of steps on the mock in one browser: begun by the import, ended by end().
import { launch, open, shoot, signIn } from "./browser.mjs";
import { listen } from "./mock_server.mjs";

export const mock = await listen(0, 0);
export const browser = await launch();
// What Chromium says of a line that a test cuts.
export const known = /Failed to load resource|ERR_(INCOMPLETE|CONNECTION|EMPTY|INTERNET)/;

let count = 0;
export async function step(name, run) {
  const began = Date.now();
  await run();
  console.log(`ok ${++count} - ${name} (${Date.now() - began} ms)`);
}

export async function enter(role, screen, options) {
  const page = await open(browser, mock.url, screen, options);
  await signIn(page, role, "contoh-contoh");
  return page;
}

// Ends the process. With an error: a picture of every open page, and what each complained about.
export async function end(error) {
  if (error) {
    console.error(`not ok ${count + 1}`, error);
    for (const context of browser.contexts()) for (const page of context.pages()) {
      await shoot(page, `failed-${browser.contexts().indexOf(context)}`).catch(() => {});
      console.error(page.problems?.join("\n"));
    }
  } else {
    console.log(`1..${count}`);
  }
  await browser.close();
  mock.stop();
  process.exit(error ? 1 : 0);
}
