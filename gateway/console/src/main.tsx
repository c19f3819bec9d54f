// SPDX-License-Identifier: Apache-2.0
import { render } from "preact";
import { App } from "./app";
import { applyTheme } from "./ui/frame";
import { language } from "./words";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/login.css";
import "./styles/guard.css";
import "./styles/band.css";
import "./styles/visit.css";
import "./styles/post.css";
import "./styles/aide.css";
import "./styles/admin.css";
import "./styles/rules.css";

// Where the browser trusts the certificate; without it the page needs the line to be loaded, as before.
if ("serviceWorker" in navigator) addEventListener("load", () => void navigator.serviceWorker.register("/sw.js").catch(() => {}));
applyTheme();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);
document.documentElement.lang = language.get();
render(<App />, document.getElementById("app")!);
