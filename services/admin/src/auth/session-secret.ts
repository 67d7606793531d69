import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "@tollgate/kit/logging/logger";

// The value of One API's example files: known to everybody.
const publicSecret = "random_string";
const secretBytes = 32;

/** Where the secret comes from. */
export interface SessionSecretSource {
  /** SESSION_SECRET, if set. */
  readonly configured: string | undefined;
  readonly dataDir: string;
  readonly logger: Pick<Logger, "warn">;
}

/** The key that signs session cookies: derived from SESSION_SECRET, or a random one kept in DATA_DIR/session.secret. */
export async function loadSessionSecret(source: SessionSecretSource): Promise<Uint8Array> {
  const { configured, dataDir, logger } = source;
  if (configured !== undefined && configured !== publicSecret) {
    return createHash("sha256").update("tollgate session cookie\0").update(configured).digest();
  }
  if (configured === publicSecret) {
    logger.warn(
      {},
      "SESSION_SECRET is the well-known example value and is ignored; a random secret is used",
    );
  }
  await mkdir(dataDir, { recursive: true });
  const path = join(dataDir, "session.secret");
  try {
    await writeFile(path, randomBytes(secretBytes).toString("base64url"), {
      mode: 0o600,
      flag: "wx",
    });
  } catch (error) {
    // Made at an earlier start: that one stays valid.
    if (!isAlreadyThere(error)) {
      throw error;
    }
  }
  const secret = Buffer.from(await readFile(path, "utf8"), "base64url");
  if (secret.length !== secretBytes) {
    throw new Error(`${path} does not hold a session secret; delete it to get a new one`);
  }
  return secret;
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}
