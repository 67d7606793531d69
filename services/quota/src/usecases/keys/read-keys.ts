import type { Clock } from "@tollgate/kit/clock/clock";
import type { ApiKey, KeyStatus } from "#domain/api-key.ts";
import { fault } from "#domain/faults.ts";
import { checkListRange } from "#domain/list-range.ts";
import type { ListRange, Page } from "#domain/list-range.ts";
import { keySorts } from "#usecases/identity/identity-ports.ts";
import type { CredentialVault, KeyStore } from "#usecases/identity/identity-ports.ts";
import type { ReadOption } from "#usecases/options/read-option.ts";
import { requireKey } from "./update-key.ts";
import type { KeyName } from "./update-key.ts";

/** What reading keys needs. */
export interface ReadKeysPorts {
  readonly keys: KeyStore;
  readonly vault: Pick<CredentialVault, "openKeySecret">;
  readonly options: Pick<ReadOption, "flag">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Which keys are listed; undefined = all. */
export interface ListKeysInput {
  readonly userId: number | undefined;
  readonly status: KeyStatus | undefined;
  readonly range: ListRange;
}

/** Reads keys. */
export interface ReadKeys {
  /** Throws KEY_NOT_FOUND. */
  readonly get: (name: KeyName) => Promise<ApiKey>;
  /** Throws LIST_RANGE_INVALID and SORT_UNKNOWN. */
  readonly list: (input: ListKeysInput) => Promise<Page<ApiKey>>;
  /** Secrets without "sk-" by key id: of the owner's keys only, and of none when option KeyRevealEnabled is off. */
  readonly reveal: (userId: number, ids: readonly number[]) => Promise<ReadonlyMap<number, string>>;
}

const revealedMax = 200;

export function createReadKeys({ keys, vault, options, clock }: ReadKeysPorts): ReadKeys {
  return {
    get: async (name) => requireKey(keys, name),
    list: async ({ userId, status, range }) =>
      keys.list(
        {
          nowSeconds: Math.floor(clock.nowMs() / 1000),
          ...(userId !== undefined && { userId }),
          ...(status !== undefined && { status }),
        },
        checkListRange(range, keySorts),
      ),
    reveal: async (userId, ids) => {
      if (ids.length > revealedMax) {
        throw fault("LIST_RANGE_INVALID");
      }
      if (ids.length === 0 || !options.flag("KeyRevealEnabled")) {
        return new Map();
      }
      const sealed = await keys.readSealedSecrets(userId, ids);
      return new Map([...sealed].map(([id, text]) => [id, vault.openKeySecret(id, text)]));
    },
  };
}
