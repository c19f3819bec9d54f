// SPDX-License-Identifier: Apache-2.0
import { render } from "preact";
import { App } from "./app";
import { applyTheme } from "./ui/frame";
import { chosenLanguage, loadLanguage } from "./words";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/components.css";
import "./styles/login.css";
import "./styles/guard.css";
import "./styles/visit.css";
import "./styles/post.css";
import "./styles/aide.css";
import "./styles/rules.css";

// Where the browser trusts the certificate; without it the page needs the line to be loaded, as before.
// What this page was made of is kept with it: its language is not named in index.html.
const used = () =>
  performance
    .getEntriesByType("resource")
    .map((one) => new URL(one.name).pathname)
    .filter((path) => path.startsWith("/assets/"));
if ("serviceWorker" in navigator)
  addEventListener("load", () => {
    void navigator.serviceWorker.register("/sw.js").catch(() => {});
    void navigator.serviceWorker.ready.then((worker) => worker.active?.postMessage(used()));
  });
applyTheme();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);
const page = document.getElementById("app")!;
loadLanguage(chosenLanguage() ?? "id").then(
  () => render(<App />, page),
  () => render(<p class="loading">Muat ulang halaman ini. · Reload this page.</p>, page), // no word was loaded that could say it
);
