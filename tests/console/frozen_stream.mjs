// SPDX-License-Identifier: Apache-2.0
// A way to the daemon on which single connections can be made to die as a NAT or a Wi-Fi lets them: they stay open, and
// nothing is passed in either direction. It ends TLS with the site's own certificate, so as to know the event stream.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect, createServer } from "node:tls";

const asks_for_stream = /^GET \/api\/v1\/events\/stream[? ]/m;

export async function wayTo(url, data) {
  const port = Number(new URL(url).port);
  const links = new Set();
  let passed = 0; // also over connections that have ended since
  const tls = { key: readFileSync(join(data, "tls/key.pem")), cert: readFileSync(join(data, "tls/cert.pem")) };
  const server = createServer(tls, (page) => {
    const daemon = connect({ port, host: "localhost", rejectUnauthorized: false });
    const link = { page, daemon, stream: false, frozen: false };
    links.add(link);
    page.on("data", (bytes) => {
      link.stream ||= asks_for_stream.test(bytes.toString("latin1"));
      if (!link.frozen) daemon.write(bytes);
    });
    daemon.on("data", (bytes) => {
      if (link.frozen) return;
      if (!link.stream) passed += bytes.length;
      page.write(bytes);
    });
    const end = (other) => () => {
      if (link.frozen && other === page) return; // the page never hears of it
      other.destroy();
      if (other === daemon) links.delete(link);
    };
    page.on("close", end(daemon)).on("error", () => {});
    daemon.on("close", end(page)).on("error", () => {});
  });
  await new Promise((done) => server.listen(0, "localhost", done));
  return {
    url: `https://localhost:${server.address().port}`,
    // How many streams died.
    freeze() {
      const running = [...links].filter((one) => one.stream && !one.frozen);
      for (const one of running) one.frozen = true;
      return running.length;
    },
    passed: () => passed, // bytes that other connections have brought to pages
    close() {
      for (const { page, daemon } of links) {
        page.destroy();
        daemon.destroy();
      }
      server.close();
    },
  };
}
