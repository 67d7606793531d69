import type { ServiceImpl } from "@connectrpc/connect";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { AdjustmentKind as WireKind } from "@tollgate/proto/quota/v1/wallet_service";
import type { AdjustWalletRequest, WalletService } from "@tollgate/proto/quota/v1/wallet_service";
import { fault } from "#domain/faults.ts";
import type { CreditBucket } from "#domain/credit-bucket.ts";
import type { AdjustmentKind } from "#domain/ledger.ts";
import { checkListRange } from "#domain/list-range.ts";
import type { Wallet } from "#domain/wallet.ts";
import type { AdjustWallet } from "#usecases/wallets/adjust-wallet.ts";
import type { ListCredits } from "#usecases/wallets/credit-buckets.ts";
import type { ExpireCredit } from "#usecases/wallets/expire-credit.ts";
import type {
  Adjustment,
  LedgerCheckStore,
  LedgerLine,
  LedgerStore,
  WalletStore,
} from "#usecases/money-ports.ts";
import { listRangeFromWire } from "./wire-list.ts";
import { numberFromWire } from "./wire-number.ts";

const creditsMax = 200;

/** The use cases behind `WalletService`; reading needs no rules of its own. */
export interface WalletUseCases {
  readonly adjustWallet: AdjustWallet;
  readonly wallets: Pick<WalletStore, "find">;
  readonly ledger: Pick<LedgerStore, "list">;
  readonly ledgerCheck: LedgerCheckStore;
  readonly listCredits: ListCredits;
  readonly expireCredit: ExpireCredit;
}

/** `WalletService`, one function per RPC. */
export function createWalletHandlers(useCases: WalletUseCases): ServiceImpl<typeof WalletService> {
  return {
    getWallet: async ({ userId }) => {
      const wallet = await useCases.wallets.find(numberFromWire(userId));
      if (wallet === undefined) {
        throw fault("WALLET_NOT_FOUND");
      }
      return { wallet: walletToWire(wallet) };
    },
    adjustWallet: async (request) => {
      const { wallet, isApplied } = await useCases.adjustWallet(adjustmentFromWire(request));
      return { wallet: walletToWire(wallet), applied: isApplied };
    },
    listLedger: async ({ userId, range }) => {
      const page = checkListRange(listRangeFromWire(range), []);
      const { rows, total } = await useCases.ledger.list(numberFromWire(userId), page);
      return { entries: rows.map(lineToWire), total: BigInt(total) };
    },
    checkLedger: async ({ userId }) => {
      const check = await useCases.ledgerCheck.check(numberFromWire(userId));
      return {
        violations: [...check.violations],
        usageCostNanos: check.usageCostNanos,
        usageRows: BigInt(check.usageRows),
        heldNanos: check.heldNanos,
      };
    },
    ...createCreditHandlers(useCases),
  };
}

function createCreditHandlers(
  useCases: WalletUseCases,
): Pick<ServiceImpl<typeof WalletService>, "listCredits" | "expireBuckets"> {
  return {
    listCredits: async ({ userId }) => {
      const credits = await useCases.listCredits(numberFromWire(userId));
      return { credits: credits.slice(0, creditsMax).map(creditToWire) };
    },
    expireBuckets: async ({ afterUserId }) => {
      const outcome = await useCases.expireCredit(numberFromWire(afterUserId));
      return {
        users: outcome.users,
        expiredNanos: outcome.expiredNanos,
        more: outcome.lastUserId !== undefined,
        lastUserId: BigInt(outcome.lastUserId ?? 0),
      };
    },
  };
}

function adjustmentFromWire(request: AdjustWalletRequest): Adjustment {
  return {
    requestId: request.requestId,
    userId: numberFromWire(request.userId),
    amountNanos: nanoUsd(request.amountNanos),
    kind: kindFromWire(request.kind),
    remark: request.remark,
    actorId: numberFromWire(request.actorId),
    expiresAtMs: numberFromWire(request.expiresAtMs),
  };
}

function kindFromWire(kind: WireKind): AdjustmentKind {
  switch (kind) {
    case WireKind.TOP_UP:
      return "top-up";
    case WireKind.CORRECTION:
      return "correction";
    case WireKind.GIFT:
      return "gift";
    case WireKind.PROMOTION:
      return "promotion";
    default:
      throw fault("ADJUSTMENT_INVALID");
  }
}

function walletToWire(wallet: Wallet) {
  return {
    userId: BigInt(wallet.userId),
    postedNanos: wallet.postedNanos,
    heldNanos: wallet.heldNanos,
    creditLimitNanos: wallet.creditLimitNanos,
    version: wallet.version,
  };
}

function lineToWire(line: LedgerLine) {
  return {
    transactionId: line.transactionId,
    kind: line.kind,
    amountNanos: line.amountNanos,
    createdAtMs: BigInt(line.createdAtMs),
    remark: line.remark,
    actorId: BigInt(line.actorId),
  };
}

function creditToWire(bucket: CreditBucket) {
  return {
    kind: bucket.kind,
    grantedNanos: bucket.grantedNanos,
    remainingNanos: bucket.remainingNanos,
    expiresAtMs: BigInt(bucket.expiresAtMs),
  };
}
