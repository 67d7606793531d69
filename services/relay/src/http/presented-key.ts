import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { readCredential } from "#http/credential.ts";
import type { PresentedKey } from "#ledgering/key-grants.ts";
import { presentKey } from "#ledgering/key-grants.ts";

/** What the last request of a connection presented: a client nearly always says the same again, and need not be hashed. */
const lastKeys = new WeakMap<Socket, PresentedKey>();

/** The key that a request presents. */
export function presentedKey({ headers, socket }: IncomingMessage): PresentedKey {
  const credential = readCredential(headers);
  const last = lastKeys.get(socket);
  if (last?.credential === credential) {
    return last;
  }
  const key = presentKey(credential);
  lastKeys.set(socket, key);
  return key;
}
