import { hkdfSync, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the master key comes from. */
export interface SecretKeySource {
  /** An existing file; comes first. */
  readonly keyFile?: string | undefined;
  /** Otherwise `secret.key` in this folder, made with mode 0600 at the first start. */
  readonly dataDir: string;
}

const keyBytes = 32;

/** The 32 bytes of the master key. A file holds them raw, in 64 hexadecimal digits, or in base64. Throws an `Error`. */
export function loadSecretKey({ keyFile, dataDir }: SecretKeySource): Uint8Array {
  if (keyFile !== undefined) {
    return decodeKey(readFileSync(keyFile), keyFile);
  }
  const path = join(dataDir, "secret.key");
  mkdirSync(dataDir, { recursive: true });
  createKeyFile(path);
  return decodeKey(readFileSync(path), path);
}

/** A key of 32 bytes for one purpose; knowing it tells nothing about the master key or other purposes. */
export function deriveKey(master: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", master, "", `tollgate:${purpose}`, keyBytes));
}

/** Makes the file unless it exists. It appears whole or not at all, also when two processes start at once. */
function createKeyFile(path: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(keyBytes).toString("hex")}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    // An existing key is the usual case from the second start on.
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) {
      throw error;
    }
  } finally {
    unlinkSync(draft);
  }
}

function decodeKey(content: Buffer, path: string): Uint8Array {
  if (content.length === keyBytes) {
    return new Uint8Array(content);
  }
  const text = content.toString("latin1").trim();
  const isHex = /^[0-9a-f]{64}$/iu.test(text);
  const key = Buffer.from(text, isHex ? "hex" : "base64");
  if (key.length !== keyBytes) {
    throw new Error(`${path} must hold 32 bytes, raw, in hexadecimal or in base64`);
  }
  return new Uint8Array(key);
}
