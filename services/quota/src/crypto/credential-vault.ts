/**
 * Secrets of users and keys. What a secret is looked up by is a keyed hash: a fast one is enough, because the secrets are
 * random, and the pepper is not in the database. What an owner may see again is sealed and bound to its row.
 */
import { createHmac, randomBytes, randomInt } from "node:crypto";
import { createSecretBox } from "@tollgate/kit/secrets/secret-box";
import { deriveKey } from "@tollgate/kit/secrets/secret-key";
import type { CredentialVault } from "#usecases/identity/identity-ports.ts";

const keyAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const keyCharacters = 48;
const accessTokenBytes = 16;
// No letters and digits that people confuse when they read the code aloud.
const invitationAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const invitationCharacters = 8;

/** Derives every key that it needs from the master key of 32 bytes. */
export function createCredentialVault(master: Uint8Array): CredentialVault {
  const keyPepper = deriveKey(master, "customer-keys");
  const tokenPepper = deriveKey(master, "access-tokens");
  const box = createSecretBox(deriveKey(master, "customer-key-copies"));
  return {
    newKeySecret: () => randomText(keyAlphabet, keyCharacters),
    newAccessToken: () => randomBytes(accessTokenBytes).toString("hex"),
    newInvitationCode: () => randomText(invitationAlphabet, invitationCharacters),
    hashKeySecret: (secret) => hmac(keyPepper, secret),
    hashAccessToken: (token) => hmac(tokenPepper, token),
    sealKeySecret: (keyId, secret) => box.seal(secret, rowOf(keyId)),
    openKeySecret: (keyId, sealed) => box.open(sealed, rowOf(keyId)),
  };
}

function hmac(pepper: Uint8Array, text: string): string {
  return createHmac("sha256", pepper).update(text, "utf8").digest("hex");
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}

function rowOf(keyId: number): string {
  return `api_keys:${keyId}`;
}
