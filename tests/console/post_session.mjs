// SPDX-License-Identifier: Apache-2.0
// One run of steps on a simulated post in one browser: begun by the import, ended by end().
import { launch, open, shoot, signIn } from "./browser.mjs";
import { startPost } from "./simulated_post.mjs";

export const browser = await launch();
// What Chromium says of a line that a test cuts.
export const known = /Failed to load resource|ERR_(INCOMPLETE|CONNECTION|EMPTY|INTERNET)/;

let count = 0;
export async function step(name, run) {
  const began = Date.now();
  await run();
  console.log(`ok ${++count} - ${name} (${Date.now() - began} ms)`);
}

const posts = [];
export async function openPost(options) {
  const post = await startPost(options);
  posts.push(post);
  return post;
}

export async function enter(post, name, screen, options) {
  const page = await open(browser, post.url, screen, options);
  await signIn(page, name, post.accounts[name]);
  return page;
}

// Ends the process. With an error: a picture of every open page, what each complained about, and the gate's log.
export async function end(error) {
  if (error) {
    console.error(`not ok ${count + 1}`, error);
    for (const context of browser.contexts()) for (const page of context.pages()) {
      await shoot(page, `failed-${browser.contexts().indexOf(context)}`).catch(() => {});
      console.error(page.problems?.join("\n"));
    }
    for (const post of posts) console.error(post.log);
  } else {
    console.log(`1..${count}`);
  }
  await browser.close();
  await Promise.all(posts.map((post) => post.stop()));
  process.exit(error ? 1 : 0);
}
