import type { Clock } from "@tollgate/kit/clock/clock";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import {
  checkEnabling,
  checkExpiry,
  checkKeyName,
  checkModels,
  checkRemaining,
} from "#domain/api-key.ts";
import type { ApiKey, StoredKeyStatus } from "#domain/api-key.ts";
import { fault } from "#domain/faults.ts";
import { checkSubnets } from "#domain/subnet.ts";
import type { Changes } from "#usecases/changes.ts";
import type {
  KeyCapPatch,
  KeyCaps,
  KeyPatch,
  KeyStore,
} from "#usecases/identity/identity-ports.ts";
import type { Transactions, Tx } from "#usecases/transaction.ts";

/** What changing and deleting keys needs. */
export interface KeyChangePorts {
  readonly transactions: Transactions;
  readonly keys: KeyStore;
  readonly caps: KeyCaps;
  readonly changes: Pick<Changes, "notify" | "flush">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Names a key; `userId` undefined = whoever owns it, for operators. */
export interface KeyName {
  readonly id: number;
  readonly userId: number | undefined;
}

/** Fields of a change; an absent one stays. */
export interface UpdateKeyInput extends KeyName {
  readonly status?: StoredKeyStatus;
  readonly name?: string;
  readonly expiresAt?: number;
  readonly isUnlimited?: boolean;
  /** What is left of the cap from now on. */
  readonly remainingNanos?: NanoUsd;
  readonly models?: readonly string[];
  readonly subnets?: readonly string[];
}

/** Changes a key. */
export type UpdateKey = (input: UpdateKeyInput) => Promise<ApiKey>;

/** Removes a key. */
export type DeleteKey = (name: KeyName) => Promise<void>;

/** Throws KEY_NOT_FOUND, KEY_EXPIRED, KEY_EXHAUSTED and the faults of the single fields. */
export function createUpdateKey(ports: KeyChangePorts): UpdateKey {
  return async (input) => {
    const patch = checkPatch(input);
    const cap = checkCapPatch(input);
    const key = await ports.transactions.run(async (tx) => {
      await requireKey(ports.keys, input, tx);
      await ports.keys.update(input.id, patch, tx);
      await ports.caps.update(cap, tx);
      await ports.changes.notify({ keyIds: [input.id] }, tx);
      const changed = await requireKey(ports.keys, input, tx);
      if (patch.status === "enabled") {
        // After the change, so that a key can be extended and enabled at once.
        checkEnabling(changed, Math.floor(ports.clock.nowMs() / 1000));
      }
      return changed;
    });
    await ports.changes.flush();
    return key;
  };
}

/** Throws KEY_NOT_FOUND. Calls that run are still settled. */
export function createDeleteKey(ports: KeyChangePorts): DeleteKey {
  return async (name) => {
    await ports.transactions.run(async (tx) => {
      await requireKey(ports.keys, name, tx);
      await ports.keys.remove(name.id, tx);
      await ports.caps.close(name.id, tx);
      await ports.changes.notify({ keyIds: [name.id] }, tx);
    });
    await ports.changes.flush();
  };
}

/** A key of another owner is as absent as one that never was: KEY_NOT_FOUND. */
export async function requireKey(
  keys: Pick<KeyStore, "find">,
  name: KeyName,
  tx?: Tx,
): Promise<ApiKey> {
  const key = await keys.find({ id: name.id, userId: name.userId }, tx);
  if (key === undefined) {
    throw fault("KEY_NOT_FOUND");
  }
  return key;
}

function checkPatch(input: UpdateKeyInput): KeyPatch {
  return {
    ...(input.status !== undefined && { status: input.status }),
    ...(input.name !== undefined && { name: checkKeyName(input.name) }),
    ...(input.expiresAt !== undefined && { expiresAt: checkExpiry(input.expiresAt) }),
    ...(input.models !== undefined && { models: checkModels(input.models) }),
    ...(input.subnets !== undefined && { subnets: checkSubnets(input.subnets) }),
  };
}

function checkCapPatch(input: UpdateKeyInput): KeyCapPatch {
  return {
    keyId: input.id,
    ...(input.isUnlimited !== undefined && { isUnlimited: input.isUnlimited }),
    ...(input.remainingNanos !== undefined && {
      remainingNanos: checkRemaining(input.remainingNanos),
    }),
  };
}
