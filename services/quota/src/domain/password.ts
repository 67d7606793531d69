import { fault } from "./faults.ts";

/** Cost of argon2id. Kept with every stored password, so that it can be raised later. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** A password as it is stored. */
export interface StoredPassword {
  readonly cost: PasswordCost;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** OWASP's least for argon2id: 19 MiB, two passes, one lane. */
export const presentPasswordCost: PasswordCost = Object.freeze({
  memoryKib: 19_456,
  passes: 2,
  parallelism: 1,
});

const lengthMin = 8;
const lengthMax = 128;
const storedPattern =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/u;

/**
 * The password as it is hashed: composed (NFKC), so that another keyboard types the same one.
 * Length is counted in characters, not in UTF-16 units. Throws PASSWORD_TOO_SHORT or PASSWORD_TOO_LONG.
 */
export function checkPassword(password: string): string {
  const composed = composePassword(password);
  const length = countCharacters(composed);
  if (length < lengthMin) {
    throw fault("PASSWORD_TOO_SHORT");
  }
  if (length > lengthMax) {
    throw fault("PASSWORD_TOO_LONG");
  }
  return composed;
}

/** What is held against a stored password; undefined for a text that no stored password can match. */
export function presentedPassword(password: string): string | undefined {
  const composed = composePassword(password);
  return countCharacters(composed) <= lengthMax ? composed : undefined;
}

/** The usual text form "$argon2id$v=19$m=…,t=…,p=…$salt$hash". */
export function formatStoredPassword({ cost, salt, hash }: StoredPassword): string {
  const parameters = `m=${cost.memoryKib},t=${cost.passes},p=${cost.parallelism}`;
  return `$argon2id$v=19$${parameters}$${toBase64(salt)}$${toBase64(hash)}`;
}

/** Undefined for any other text, also for "": a user without a password. */
export function parseStoredPassword(text: string): StoredPassword | undefined {
  const parts = storedPattern.exec(text);
  if (parts === null) {
    return undefined;
  }
  const [, memoryKib = "", passes = "", parallelism = "", salt = "", hash = ""] = parts;
  return {
    cost: {
      memoryKib: Number(memoryKib),
      passes: Number(passes),
      parallelism: Number(parallelism),
    },
    salt: Buffer.from(salt, "base64"),
    hash: Buffer.from(hash, "base64"),
  };
}

/** True when a password was stored at another cost than today's. */
export function isOutdated({ cost }: StoredPassword): boolean {
  return (
    cost.memoryKib !== presentPasswordCost.memoryKib ||
    cost.passes !== presentPasswordCost.passes ||
    cost.parallelism !== presentPasswordCost.parallelism
  );
}

function composePassword(password: string): string {
  return isFarTooLong(password) ? password : password.normalize("NFKC");
}

function countCharacters(text: string): number {
  return isFarTooLong(text) ? text.length : Array.from(text).length;
}

/** Such a text is refused whatever its characters are, so no work is spent on it. */
function isFarTooLong(text: string): boolean {
  return text.length > lengthMax * 8;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replaceAll("=", "");
}
