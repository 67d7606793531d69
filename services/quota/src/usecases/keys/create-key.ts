import type { Clock } from "@tollgate/kit/clock/clock";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { checkExpiry, checkKeyName, checkModels, checkRemaining, hintOf } from "#domain/api-key.ts";
import type { ApiKey } from "#domain/api-key.ts";
import { fault } from "#domain/faults.ts";
import { checkSubnets } from "#domain/subnet.ts";
import type {
  CredentialVault,
  KeyCaps,
  KeyStore,
  UserStore,
} from "#usecases/identity/identity-ports.ts";
import type { Transactions, Tx } from "#usecases/transaction.ts";

/** What {@link createCreateKey} needs. */
export interface CreateKeyPorts extends InsertKeyPorts {
  readonly transactions: Transactions;
  readonly users: Pick<UserStore, "find">;
}

/** What writing a key needs, also as a part of another transaction. */
export interface InsertKeyPorts {
  readonly keys: KeyStore;
  readonly caps: Pick<KeyCaps, "create">;
  readonly vault: CredentialVault;
  readonly clock: Pick<Clock, "nowMs">;
}

/** A key as its owner describes it. */
export interface CreateKeyInput {
  readonly userId: number;
  readonly name: string;
  /** Seconds since 1970; 0 or -1 = never. */
  readonly expiresAt: number;
  readonly isUnlimited: boolean;
  readonly remainingNanos: NanoUsd;
  readonly models: readonly string[];
  readonly subnets: readonly string[];
}

/** A new key and the only time that its secret is handed out unasked. */
export interface CreatedKey {
  readonly key: ApiKey;
  /** Without "sk-". */
  readonly secret: string;
}

/** Makes a key. */
export type CreateKey = (input: CreateKeyInput) => Promise<CreatedKey>;

const keysPerUserMax = 100_000;

/** Throws USER_NOT_FOUND, KEY_LIMIT_REACHED and the faults of the single fields. */
export function createCreateKey(ports: CreateKeyPorts): CreateKey {
  return async (input) => {
    const checked = checkInput(input);
    return ports.transactions.run(async (tx) => {
      const owner = await ports.users.find(input.userId, tx);
      if (owner === undefined || owner.status === "deleted") {
        throw fault("USER_NOT_FOUND");
      }
      if ((await ports.keys.countOf(owner.id, keysPerUserMax, tx)) >= keysPerUserMax) {
        throw fault("KEY_LIMIT_REACHED");
      }
      return insertKey(ports, { ...checked, secret: ports.vault.newKeySecret() }, tx);
    });
  };
}

/** Writes a checked key with a given secret, inside a transaction. */
export async function insertKey(
  { keys, caps, vault, clock }: InsertKeyPorts,
  input: CreateKeyInput & { readonly secret: string },
  tx: Tx,
): Promise<CreatedKey> {
  const { secret, remainingNanos, isUnlimited, ...fields } = input;
  const id = await keys.insert(
    {
      ...fields,
      secretHash: vault.hashKeySecret(secret),
      hint: hintOf(secret),
      createdAt: Math.floor(clock.nowMs() / 1000),
    },
    tx,
  );
  // The sealed copy is bound to the id of its row, which is known only now.
  await keys.setSealedSecret(id, vault.sealKeySecret(id, secret), tx);
  await caps.create({ keyId: id, userId: input.userId, isUnlimited, remainingNanos }, tx);
  const key = await keys.find({ id, userId: input.userId }, tx);
  if (key === undefined) {
    throw new TypeError("a key that was just written cannot be read");
  }
  return { key, secret };
}

function checkInput(input: CreateKeyInput): CreateKeyInput {
  return {
    userId: input.userId,
    name: checkKeyName(input.name),
    expiresAt: checkExpiry(input.expiresAt),
    isUnlimited: input.isUnlimited,
    remainingNanos: checkRemaining(input.remainingNanos),
    models: checkModels(input.models),
    subnets: checkSubnets(input.subnets),
  };
}
