import { createHmac, randomBytes } from "node:crypto";
import { createSecretBox } from "@tollgate/kit/secrets/secret-box";
import { deriveKey } from "@tollgate/kit/secrets/secret-key";
import type { CodeVault } from "#usecases/payments/payment-ports.ts";

// 128 bits: nobody guesses one, so redeeming needs no throttle of its own. One API's codes have 32 digits, too.
const codeBytes = 16;

/** Derives every key that it needs from the master key of 32 bytes. */
export function createCodeVault(master: Uint8Array): CodeVault {
  const pepper = deriveKey(master, "redemption-codes");
  const box = createSecretBox(deriveKey(master, "redemption-code-copies"));
  return {
    newCode: () => randomBytes(codeBytes).toString("hex"),
    hash: (code) => createHmac("sha256", pepper).update(code, "utf8").digest("hex"),
    seal: (hash, code) => box.seal(code, rowOf(hash)),
    open: (hash, sealed) => box.open(sealed, rowOf(hash)),
  };
}

/** The hash is as unique as the row, and known before the row is written. */
function rowOf(hash: string): string {
  return `redemption_codes:${hash}`;
}
