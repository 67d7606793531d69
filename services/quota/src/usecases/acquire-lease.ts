/**
 * Escrow: money moves from available to held under the wallet's lock, and only if it is there. After it a relay admits calls
 * without asking anybody. The journal's row is shared-locked before, so that no lease appears for an epoch that has ended.
 */
import type { Clock } from "@tollgate/kit/clock/clock";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { ZERO, maxNano, minNano } from "@tollgate/kit/money/nano-usd";
import { fault } from "#domain/faults.ts";
import { leaseNanosMax, sizeLease } from "#domain/lease.ts";
import type { KeyCap, Wallet } from "#domain/wallet.ts";
import { availableOf, capAvailableOf } from "#domain/wallet.ts";
import type {
  AccountStore,
  JournalStore,
  KeyCapStore,
  LeaseStore,
  WalletStore,
} from "./money-ports.ts";
import type { Transactions, Tx } from "./transaction.ts";

/** Asks for money of one user. The first three fields name the lease and make the request idempotent. */
export interface AcquireLeaseInput {
  readonly journalId: Uint8Array;
  readonly epoch: number;
  readonly leaseNo: number;
  readonly userId: number;
  /** The capped key to hold the cap of as well; 0 = none. */
  readonly keyId: number;
  readonly wantNanos: NanoUsd;
  readonly needMinNanos: NanoUsd;
  /** As in the proto. */
  readonly reason: number;
}

/** Why no money was set aside. */
export type LeaseRefusal = "balance" | "key-cap" | "fenced" | "revoked";

/** The answer. */
export type AcquireLeaseOutcome =
  | { readonly kind: "granted"; readonly leaseNo: number; readonly grantedNanos: NanoUsd }
  | {
      readonly kind: "refused";
      readonly leaseNo: number;
      readonly reason: LeaseRefusal;
      /** What could have been granted. */
      readonly availableNanos: NanoUsd;
      /** 0 = another try will not go better by itself. */
      readonly retryAfterMs: number;
    };

/** What {@link createAcquireLease} needs. */
export interface AcquireLeasePorts {
  readonly transactions: Transactions;
  readonly journals: Pick<JournalStore, "share">;
  readonly leases: Pick<LeaseStore, "find" | "insert" | "countOtherJournals">;
  readonly wallets: Pick<WalletStore, "lock" | "addHeld">;
  readonly caps: Pick<KeyCapStore, "lock" | "addHeld">;
  readonly accounts: Pick<AccountStore, "isUsable">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Moves money from available to held. */
export type AcquireLease = (input: AcquireLeaseInput) => Promise<AcquireLeaseOutcome>;

// What other leases of the user give back arrives with the next beats.
const retryAfterMs = 250;

/** Throws JOURNAL_UNKNOWN for an epoch that never said hello. */
export function createAcquireLease(ports: AcquireLeasePorts): AcquireLease {
  return async (input) => {
    const { journalId, epoch, leaseNo, userId, keyId } = input;
    return ports.transactions.run(async (tx) => {
      const journal = await ports.journals.share(journalId, tx);
      if (journal === undefined || epoch > journal.epoch) {
        throw fault("JOURNAL_UNKNOWN");
      }
      if (epoch < journal.epoch) {
        return refused(input, "fenced", ZERO);
      }
      // Locked before looking for the lease: of two equal requests the second one finds what the first one made.
      const wallet = await ports.wallets.lock(userId, tx);
      const existing = await ports.leases.find(journalId, { epoch, leaseNo }, tx);
      if (existing !== undefined) {
        return { kind: "granted", leaseNo, grantedNanos: existing.grantedNanos };
      }
      const cap = keyId === 0 ? undefined : await ports.caps.lock(keyId, tx);
      const isOwnCap = keyId === 0 || (cap?.userId === userId && !cap.isClosed);
      if (
        wallet === undefined ||
        !isOwnCap ||
        !(await ports.accounts.isUsable(userId, keyId, tx))
      ) {
        return refused(input, "revoked", ZERO);
      }
      return grant(ports, { input, wallet, cap: cap?.isCapped === true ? cap : undefined, tx });
    });
  };
}

interface GrantContext {
  readonly input: AcquireLeaseInput;
  readonly wallet: Wallet;
  /** Undefined = nothing is held on a cap. */
  readonly cap: KeyCap | undefined;
  readonly tx: Tx;
}

async function grant(
  { leases, wallets, caps, clock }: AcquireLeasePorts,
  { input, wallet, cap, tx }: GrantContext,
): Promise<AcquireLeaseOutcome> {
  const { journalId, epoch, leaseNo, userId, reason } = input;
  const walletNanos = availableOf(wallet);
  const availableNanos =
    cap === undefined ? walletNanos : minNano(walletNanos, capAvailableOf(cap));
  const grantedNanos = sizeLease({
    wantNanos: input.wantNanos,
    needMinNanos: input.needMinNanos,
    availableNanos,
    relays: 1 + (await leases.countOtherJournals(userId, journalId, tx)),
  });
  if (grantedNanos === undefined) {
    const isCapInTheWay = availableNanos < walletNanos && walletNanos >= input.needMinNanos;
    const answer = refused(input, isCapInTheWay ? "key-cap" : "balance", availableNanos);
    const heldNanos = isCapInTheWay ? cap?.heldNanos : wallet.heldNanos;
    return {
      ...answer,
      retryAfterMs: heldNanos !== undefined && heldNanos > 0n ? retryAfterMs : 0,
    };
  }
  const keyId = cap?.keyId ?? 0;
  const createdAtMs = clock.nowMs();
  await leases.insert(
    { journalId, epoch, leaseNo, userId, keyId, grantedNanos, reason, createdAtMs },
    tx,
  );
  await wallets.addHeld(userId, grantedNanos, tx);
  if (keyId !== 0) {
    await caps.addHeld(keyId, grantedNanos, tx);
  }
  return { kind: "granted", leaseNo, grantedNanos };
}

function refused(
  { leaseNo }: AcquireLeaseInput,
  reason: LeaseRefusal,
  availableNanos: NanoUsd,
): Extract<AcquireLeaseOutcome, { kind: "refused" }> {
  const grantable = minNano(maxNano(availableNanos, ZERO), leaseNanosMax);
  return { kind: "refused", leaseNo, reason, availableNanos: grantable, retryAfterMs: 0 };
}
