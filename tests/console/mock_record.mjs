// SPDX-License-Identifier: Apache-2.0
// A record that grows, signed and provable as docs/record-format.md says, made with Node's own cryptography.
import { createHash, generateKeyPairSync, sign } from "node:crypto";

const hash = (...parts) => parts.reduce((all, part) => all.update(part), createHash("sha256")).digest();
const split = (n) => 2 ** Math.floor(Math.log2(n - 1));

export class MockRecord {
  constructor() {
    this.origin = "gapura.contoh/log1";
    this.leaves = [];
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    this.privateKey = privateKey;
    const raw = Buffer.concat([Buffer.from([1]), publicKey.export({ format: "der", type: "spki" }).subarray(-32)]);
    this.id = hash(`${this.origin}\n`, raw).subarray(0, 4);
    this.key = `${this.origin}+${this.id.toString("hex")}+${raw.toString("base64")}`;
    this.grow(11);
  }
  grow(count) {
    for (let i = 0; i < count; ++i) this.leaves.push(hash(Buffer.from([0]), `leaf ${this.leaves.length}`));
  }
  root(from = 0, count = this.leaves.length) {
    if (count === 1) return this.leaves[from];
    const left = split(count);
    return hash(Buffer.from([1]), this.root(from, left), this.root(from + left, count - left));
  }
  checkpoint() {
    const text = `${this.origin}\n${this.leaves.length}\n${this.root().toString("base64")}\n`;
    const signature = Buffer.concat([this.id, sign(null, Buffer.from(text), this.privateKey)]);
    return {
      checkpoint: `${text}\n\u2014 ${this.origin} ${signature.toString("base64")}\n`, origin: this.origin, size: this.leaves.length,
      root: this.root().toString("base64"), time: new Date().toISOString().replace("Z", "+00:00"), keys: [this.key],
    };
  }
  consistency(old, from = 0, count = this.leaves.length, known = true) {
    if (old === count) return known ? [] : [this.root(from, count).toString("base64")];
    const left = split(count);
    if (old <= left)
      return [...this.consistency(old, from, left, known), this.root(from + left, count - left).toString("base64")];
    return [...this.consistency(old - left, from + left, count - left, false), this.root(from, left).toString("base64")];
  }
}
