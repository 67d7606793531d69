import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createTemporaryDirectory } from "../testing/temporary-directory.ts";
import { createSecretBox } from "./secret-box.ts";
import { deriveKey, loadSecretKey } from "./secret-key.ts";

describe("a sealed secret", () => {
  const key = deriveKey(new Uint8Array(32), "test");
  const box = createSecretBox(key);

  it("opens with the same key and place only", () => {
    const sealed = box.seal("sk-秘密", "channel:1");
    assert.equal(box.open(sealed, "channel:1"), "sk-秘密");
    assert.throws(() => box.open(sealed, "channel:2"), /cannot be opened/u);
    const other = createSecretBox(deriveKey(new Uint8Array(32), "other"));
    assert.throws(() => other.open(sealed, "channel:1"), /cannot be opened/u);
  });

  it("does not open when any part was changed, cut or has another version", () => {
    const sealed = box.seal("secret", "a");
    const bytes = Buffer.from(sealed.slice(3), "base64url");
    const changed = Array.from(bytes, (_, index) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(index) ^ 1, index);
      return `v1.${copy.toString("base64url")}`;
    });
    const bad = [sealed.slice(0, -4), `v2${sealed.slice(2)}`, "v1.", "", ...changed];
    for (const text of bad) {
      assert.throws(() => box.open(text, "a"), /cannot be opened/u);
    }
  });

  it("never looks the same twice", () => {
    assert.notEqual(box.seal("secret", "a"), box.seal("secret", "a"));
  });
});

describe("the master key", () => {
  it("is made once, readable by its owner only", () => {
    using folder = createTemporaryDirectory();
    const first = loadSecretKey({ dataDir: folder.path });
    assert.equal(first.length, 32);
    assert.deepEqual(loadSecretKey({ dataDir: folder.path }), first);
    assert.equal(statSync(join(folder.path, "secret.key")).mode & 0o777, 0o600);
    const keyFile = join(folder.path, "secret.key");
    assert.deepEqual(loadSecretKey({ keyFile, dataDir: "/nowhere" }), first);
  });
});
