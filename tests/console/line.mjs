// SPDX-License-Identifier: Apache-2.0
// The network between a browser and the post, which can be cut (nothing is taken any more) or go silent (all is taken and
// nothing arrives). Bytes pass as they are.
import { connect, createServer } from "node:net";

export class Line {
  #ways = new Set(); // [from, to]
  #silent = false;
  static open(target) {
    const line = new Line();
    line.target = target;
    return new Promise((done) => {
      line.server = createServer((near) => line.#take(near)).listen(0, "127.0.0.1", () => {
        line.port = line.server.address().port;
        done(line);
      });
    });
  }
  #take(near) {
    const far = connect(this.target, "127.0.0.1");
    for (const way of [[near, far], [far, near]]) {
      const [from, to] = way;
      this.#ways.add(way);
      if (!this.#silent) from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => (this.#ways.delete(way), to.destroy()));
    }
  }
  // What is under way ends in the middle.
  drop() {
    for (const [from] of this.#ways) from.destroy();
  }
  async cut() {
    const closed = new Promise((done) => this.server.close(done));
    this.drop();
    await closed;
  }
  // To another post from now on.
  to(target) {
    this.target = target;
    this.drop();
  }
  mend() {
    return new Promise((done) => this.server.listen(this.port, "127.0.0.1", done));
  }
  silence(on) {
    this.#silent = on;
    for (const [from, to] of this.#ways) on ? from.unpipe(to) : from.pipe(to);
  }
  async close() {
    if (this.server.listening) await this.cut();
  }
}
