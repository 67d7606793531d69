import type { ServiceImpl } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import type { KeyService } from "@tollgate/proto/quota/v1/key_service";
import type { CreateKey } from "#usecases/keys/create-key.ts";
import type { OpenKey } from "#usecases/keys/open-key.ts";
import type { ReadKeys } from "#usecases/keys/read-keys.ts";
import type { DeleteKey, UpdateKey } from "#usecases/keys/update-key.ts";
import {
  createKeyFromWire,
  decisionToWire,
  keyStatusFromWire,
  keyToWire,
  updateKeyFromWire,
} from "./wire-key.ts";
import { listRangeFromWire } from "./wire-list.ts";
import { numberFromWire, optionalIdFromWire } from "./wire-number.ts";

/** The use cases behind `KeyService`. */
export interface KeyUseCases {
  readonly openKey: OpenKey;
  readonly createKey: CreateKey;
  readonly readKeys: ReadKeys;
  readonly updateKey: UpdateKey;
  readonly deleteKey: DeleteKey;
  readonly clock: Pick<Clock, "nowMs">;
}

/** `KeyService`, one function per RPC. */
export function createKeyHandlers(useCases: KeyUseCases): ServiceImpl<typeof KeyService> {
  const { readKeys, clock } = useCases;
  const nowSeconds = (): number => Math.floor(clock.nowMs() / 1000);
  const nameFromWire = (request: { readonly id: bigint; readonly userId: bigint }) => ({
    id: numberFromWire(request.id),
    userId: optionalIdFromWire(request.userId),
  });
  return {
    openKey: async ({ credential }) => decisionToWire(await useCases.openKey(credential)),
    createKey: async (request) => {
      const { key, secret } = await useCases.createKey(createKeyFromWire(request));
      return { key: keyToWire(key, nowSeconds()), secret };
    },
    getKey: async (request) => ({
      key: keyToWire(await readKeys.get(nameFromWire(request)), nowSeconds()),
    }),
    listKeys: async (request) => {
      const { rows, total } = await readKeys.list({
        userId: optionalIdFromWire(request.userId),
        status: keyStatusFromWire(request.status),
        range: listRangeFromWire(request.range),
      });
      const now = nowSeconds();
      return { keys: rows.map((key) => keyToWire(key, now)), total: BigInt(total) };
    },
    updateKey: async (request) => ({
      key: keyToWire(await useCases.updateKey(updateKeyFromWire(request)), nowSeconds()),
    }),
    deleteKey: async (request) => {
      await useCases.deleteKey(nameFromWire(request));
      return {};
    },
    revealKey: async ({ userId, ids }) => ({
      secrets: Object.fromEntries(
        await readKeys.reveal(numberFromWire(userId), ids.map(numberFromWire)),
      ),
    }),
  };
}
