import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { keyRemaining, noExpiry } from "#domain/api-key.ts";
import type { KeyStore, UserStore } from "#usecases/identity/identity-ports.ts";
import type { ReadOption } from "#usecases/options/read-option.ts";
import { requireUser } from "#usecases/identity/update-user.ts";
import { requireKey } from "./update-key.ts";

/** What One API's dashboard billing shows for one key. */
export interface BillingSummary {
  /** The figures are the key's own, else the user's. */
  readonly isOfKey: boolean;
  /** The key has no cap. */
  readonly isUnlimited: boolean;
  readonly remainingNanos: NanoUsd;
  readonly usedNanos: NanoUsd;
  /** Seconds since 1970, 0 = never. */
  readonly accessUntil: number;
  /** US dollars, else quota units. */
  readonly isInCurrency: boolean;
}

/** Throws KEY_NOT_FOUND or USER_NOT_FOUND. */
export type ReadBillingSummary = (name: {
  readonly keyId: number;
  readonly userId: number;
}) => Promise<BillingSummary>;

/** What {@link createReadBillingSummary} needs. */
export interface BillingSummaryPorts {
  readonly keys: Pick<KeyStore, "find">;
  readonly users: Pick<UserStore, "find">;
  readonly options: Pick<ReadOption, "flag">;
}

export function createReadBillingSummary(ports: BillingSummaryPorts): ReadBillingSummary {
  return async ({ keyId, userId }) => {
    const isInCurrency = ports.options.flag("DisplayInCurrencyEnabled");
    const key = await requireKey(ports.keys, { id: keyId, userId });
    if (!ports.options.flag("DisplayTokenStatEnabled")) {
      const user = await requireUser(ports.users, userId);
      return {
        isOfKey: false,
        isUnlimited: false,
        remainingNanos: user.balanceNanos,
        usedNanos: user.usedNanos,
        accessUntil: 0,
        isInCurrency,
      };
    }
    return {
      isOfKey: true,
      isUnlimited: key.isUnlimited,
      remainingNanos: keyRemaining(key),
      usedNanos: key.usedNanos,
      accessUntil: key.expiresAt === noExpiry ? 0 : key.expiresAt,
      isInCurrency,
    };
  };
}
