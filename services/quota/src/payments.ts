/** Composes money coming in and going back, over the two halves. The service's composition root calls it once at the start. */
import type { Clock } from "@tollgate/kit/clock/clock";
import type { Database } from "@tollgate/kit/sql/database";
import { createManageCodes } from "#usecases/payments/manage-codes.ts";
import { createPostPayment } from "#usecases/payments/post-payment.ts";
import type { ReadOption } from "#usecases/options/read-option.ts";
import { createRedeemCode } from "#usecases/payments/redeem-code.ts";
import { createReadCharge, createRefundCall } from "#usecases/wallets/refund-call.ts";
import { createWriteOff } from "#usecases/wallets/write-off.ts";
import { createCodeVault } from "./crypto/code-vault.ts";
import type { Identity } from "./identity.ts";
import type { Money } from "./money.ts";
import type { PaymentUseCases } from "./rpc/payment-routes.ts";
import { createActivityStore } from "./store/sql/activity-store.ts";
import { createCodeStore } from "./store/sql/code-store.ts";
import type { LogDatabase } from "./store/sql/log-database.ts";
import { createPaymentStore } from "./store/sql/payment-store.ts";
import { createRefundStore } from "./store/sql/refund-store.ts";

/** What is composed. */
export interface PaymentDependencies {
  readonly database: Database;
  /** The log database; absent = the main database has every call. */
  readonly archive?: LogDatabase | undefined;
  readonly clock: Clock;
  /** 32 bytes; every other key is derived from it. */
  readonly masterKey: Uint8Array;
  readonly money: Pick<Money, "transactions" | "changes" | "useCases" | "ledger" | "walletStore">;
  readonly identity: Pick<Identity, "feed"> & { readonly options: Pick<ReadOption, "flag"> };
}

/** Makes the use cases; nothing runs by itself. */
export function createPayments(dependencies: PaymentDependencies): PaymentUseCases {
  const { database, clock, masterKey, money, identity } = dependencies;
  const { transactions, changes, ledger } = money;
  const ports = {
    transactions,
    changes,
    ledger,
    adjustWallet: money.useCases.adjustWallet,
    wallets: money.walletStore,
    clock,
    options: identity.options,
    feed: identity.feed,
    activities: createActivityStore(database, clock),
    codes: createCodeStore(database),
    codeVault: createCodeVault(masterKey),
    payments: createPaymentStore(database),
    refunds: createRefundStore(dependencies),
  };
  return {
    manageCodes: createManageCodes(ports),
    redeemCode: createRedeemCode(ports),
    postPayment: createPostPayment(ports),
    readCharge: createReadCharge(ports),
    refundCall: createRefundCall(ports),
    writeOff: createWriteOff(ports),
  };
}
