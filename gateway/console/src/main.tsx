// SPDX-License-Identifier: Apache-2.0
import { render } from "preact";
import { App } from "./app";
import { applyTheme } from "./ui/frame";
import { chosenLanguage, language, loadLanguage } from "./words";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/components.css";
import "./styles/login.css";
import "./styles/guard.css";
import "./styles/visit.css";
import "./styles/post.css";
import "./styles/aide.css";
import "./styles/rules.css";
import "./styles/narrow.css";

const spoken = loadLanguage(chosenLanguage() ?? "id");
const opened = new Promise((done) => addEventListener("load", done));

// What this page was made of is kept with it: its language is not named in index.html.
function used(): string[] {
  const named = [...document.querySelectorAll<HTMLLinkElement | HTMLScriptElement>("link[href], script[src]")];
  const addresses = [...named.map((one) => ("href" in one ? one.href : one.src)), ...performance.getEntriesByType("resource").map((one) => one.name)];
  return [...new Set(addresses.map((one) => new URL(one).pathname))].filter((path) => path.startsWith("/assets/"));
}
// Where the browser trusts the certificate; without it the page needs the line to be loaded.
if ("serviceWorker" in navigator) {
  void opened.then(() => navigator.serviceWorker.register("/sw.js").catch(() => {}));
  const keep = () => Promise.all([navigator.serviceWorker.ready, spoken, opened]).then(([worker]) => worker.active?.postMessage(used()));
  language.subscribe(() => void keep().catch(() => {})); // with each language that is spoken here
}
applyTheme();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);
const page = document.getElementById("app")!;
spoken.then(
  () => render(<App />, page),
  () => render(<p class="loading">Muat ulang halaman ini. · Reload this page.</p>, page), // no word was loaded that could say it
);
