// SPDX-License-Identifier: Apache-2.0
// A way to the daemon on which single connections can be made to die as a NAT or a Wi-Fi lets them: they stay open, and
// nothing is passed in either direction. It ends TLS with the site's own certificate, so as to know the event stream.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect, createServer } from "node:tls";

const beat = "event: beat\n";
const asks_for_stream = /^GET \/api\/v1\/events\/stream[? ]/m;

export async function wayTo(url, data) {
  const port = Number(new URL(url).port);
  const links = new Set();
  let passed = 0; // also over connections that have ended since
  const waiting = new Set(); // called at each heartbeat
  const tls = { key: readFileSync(join(data, "tls/key.pem")), cert: readFileSync(join(data, "tls/cert.pem")) };
  const server = createServer(tls, (page) => {
    const daemon = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
    const link = { page, daemon, stream: false, frozen: false, beats: 0, tail: "" };
    links.add(link);
    page.on("data", (bytes) => {
      link.stream ||= asks_for_stream.test(bytes.toString("latin1"));
      if (!link.frozen) daemon.write(bytes);
    });
    daemon.on("data", (bytes) => {
      if (link.frozen) return;
      page.write(bytes);
      if (link.stream) countBeats(link, bytes);
      else passed += bytes.length;
    });
    const end = (other) => () => {
      if (link.frozen && other === page) return; // the page never hears of it
      other.destroy();
      if (other === daemon) links.delete(link);
    };
    page.on("close", end(daemon)).on("error", () => {});
    daemon.on("close", end(page)).on("error", () => {});
  });
  // A heartbeat may come in two pieces.
  function countBeats(link, bytes) {
    const pieces = (link.tail + bytes.toString("latin1")).split(beat);
    link.tail = pieces.at(-1).slice(1 - beat.length);
    link.beats += pieces.length - 1;
    if (pieces.length > 1) for (const look of [...waiting]) look(link);
  }
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `https://127.0.0.1:${server.address().port}`,
    // How many streams died.
    freeze() {
      const running = [...links].filter((one) => one.stream && !one.frozen);
      for (const one of running) one.frozen = true;
      return running.length;
    },
    // Until one stream has brought so many further heartbeats, one every four seconds.
    beats(number, limit = 60_000) {
      const before = new Map([...links].map((link) => [link, link.beats]));
      return new Promise((done, fail) => {
        const look = (link) => link.beats - (before.get(link) ?? 0) >= number && end(done);
        const late = setTimeout(() => end(() => fail(new Error(`not ${number} heartbeats within ${limit} ms`))), limit);
        const end = (how) => {
          clearTimeout(late);
          waiting.delete(look);
          how();
        };
        waiting.add(look);
      });
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
