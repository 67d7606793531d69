/**
 * The one-time code of a fresh installation. Whoever can read the server's log or files may make the root user; a stranger
 * who reaches the port first may not.
 */
import { createHash, randomInt, timingSafeEqual } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@tollgate/kit/clock/clock";

// Without letters and digits that look alike: 16 of 31 are 79 bits.
const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const codeLength = 16;
const lifeMs = 24 * 60 * 60_000;
const codeLook = new RegExp(`^[${alphabet}]{${codeLength}}$`, "u");

/** The code of this installation. */
export interface SetupCode {
  /** The valid code; an expired one is replaced. */
  read(): Promise<string>;
  /** Compares in constant time. */
  verify(attempt: string): Promise<boolean>;
  /** Deletes the code: the root user exists. */
  discard(): Promise<void>;
}

/** Keeps the code in DATA_DIR/setup-code, readable by the owner only, with the time until which it is valid. */
export function createSetupCode(options: {
  readonly dataDir: string;
  readonly clock: Clock;
}): SetupCode {
  const { dataDir, clock } = options;
  const path = join(dataDir, "setup-code");
  const readOrMake = async (): Promise<string> => {
    const [code = "", validUntil = ""] = (await readText(path)).split("\n");
    if (codeLook.test(code) && Date.parse(validUntil) > clock.nowMs()) {
      return code;
    }
    const fresh = makeCode();
    const expiry = new Date(clock.nowMs() + lifeMs).toISOString();
    await mkdir(dataDir, { recursive: true });
    await rm(path, { force: true });
    await writeFile(path, `${fresh}\n${expiry}\n`, { mode: 0o600, flag: "wx" });
    return fresh;
  };
  // One at a time, so that two readers of a fresh installation see the same code.
  let latest: Promise<unknown> = Promise.resolve();
  const read = async (): Promise<string> => {
    const next = latest.then(readOrMake, readOrMake);
    latest = next;
    return next;
  };
  return {
    read,
    async verify(attempt) {
      const normal = attempt.trim().toUpperCase().replaceAll("-", "");
      return timingSafeEqual(digest(normal), digest(await read()));
    },
    async discard() {
      await rm(path, { force: true });
    },
  };
}

function makeCode(): string {
  return Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join("");
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    // No code was made yet.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return "";
    }
    throw error;
  }
}
