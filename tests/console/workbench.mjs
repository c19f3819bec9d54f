// SPDX-License-Identifier: Apache-2.0
// A post to work on the console with: a simulated post on a morning with guests, whose page is the dist folder as it is now
// (npm run watch) and not the one in the daemon. Devices, clock and disk are moved through the control port.
//   node workbench.mjs [--port 8443] [--empty]
import { fileURLToPath } from "node:url";
import { serveConsole } from "./built_console.mjs";
import { sample } from "./sample.mjs";
import { procedure, startPost } from "./simulated_post.mjs";
import * as simulator from "./simulator.mjs";

const at = process.argv.indexOf("--port");
const post = await startPost({ also: procedure("meeting"), empty: process.argv.includes("--empty") });
simulator.use(post.control);
if (post.admin) await sample(post);

const { url } = await serveConsole(post, fileURLToPath(new URL("../../gateway/console/dist", import.meta.url)), at < 0 ? 8443 : Number(process.argv[at + 1]));
console.log(`console ${url} · control ${post.control}${post.admin ? "" : ` · code ${post.code}`}`);
for (const [name, password] of Object.entries(post.accounts)) console.log(`  ${name}  ${password}`);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => post.stop().then(() => process.exit(0)));
