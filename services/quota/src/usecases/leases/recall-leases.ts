/**
 * A call starves while leases elsewhere hold what it needs: their relays are asked to give back what they do not need. The request
 * for a lease is refused all the same, and its relay asks again a moment later.
 */
import type { Clock } from "@tollgate/kit/clock/clock";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { minNano, nanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Holder } from "#domain/fair-share.ts";
import { planRecalls } from "#domain/fair-share.ts";
import { remainderOf } from "#domain/lease.ts";
import type { Changes } from "#usecases/changes.ts";
import type { LeaseStore, OwnedLease } from "#usecases/money-ports.ts";
import type { Tx } from "#usecases/transaction.ts";
import type { LeaseReports } from "./lease-reports.ts";
import { journalNameOf } from "./recall-board.ts";

/** Who starves, and for how much. */
export interface StarvedCall {
  readonly journalId: Uint8Array;
  readonly userId: number;
  /** The capped key that asks, 0 = none. */
  readonly keyId: number;
  /** The key's cap is in the way, not the balance: only its own leases can help. */
  readonly isCapInTheWay: boolean;
  readonly availableNanos: NanoUsd;
  readonly needNanos: NanoUsd;
  readonly wantNanos: NanoUsd;
}

/** What {@link createRecallLeases} needs. */
export interface RecallLeasesPorts {
  readonly leases: Pick<LeaseStore, "activeOfUser">;
  readonly reports: Pick<LeaseReports, "find" | "keepOnly">;
  readonly changes: Pick<Changes, "notify">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Asks for money back as part of a transaction; the relays hear of it after its commit. False = nobody is asked. */
export type RecallLeases = (call: StarvedCall, tx: Tx) => Promise<boolean>;

const holdersMax = 500;
// Relays are touched every ten seconds; one that is silent for longer gives nothing back.
const aliveMs = 30_000;
const wantSeconds = 10n;

interface LeaseHolder extends Holder {
  readonly lease: OwnedLease;
}

/** Reads the user's leases once; writes at most a few rows of news. */
export function createRecallLeases(ports: RecallLeasesPorts): RecallLeases {
  const { leases, reports, changes, clock } = ports;
  return async (call, tx) => {
    const query = { userId: call.userId, seenAfterMs: clock.nowMs() - aliveMs, max: holdersMax };
    const active = await leases.activeOfUser(query, tx);
    const holders: LeaseHolder[] = [];
    let ownNanos = 0n;
    for (const lease of active) {
      const holder = describeHolder(lease, reports);
      if (isOwn(lease, call)) {
        // Its relay gives this back by itself before it asks again.
        ownNanos += holder.freeNanos;
      } else if (!call.isCapInTheWay || lease.keyId === call.keyId) {
        holders.push(holder);
      }
    }
    const availableNanos = nanoUsd(call.availableNanos + ownNanos);
    const recalls = planRecalls({ ...call, availableNanos, holders });
    if (recalls.length === 0) {
      return false;
    }
    for (const { holder, keepNanos } of recalls) {
      reports.keepOnly(holder.lease, keepNanos);
    }
    const notices = recalls.map(({ holder: { lease }, keepNanos }) => ({
      journal: journalNameOf(lease.journalId),
      epoch: lease.epoch,
      leaseNo: lease.leaseNo,
      keepNanos,
    }));
    await changes.notify({ recalls: notices }, tx);
    return true;
  };
}

/** What another replica's relay has free is not known here: at most the remainder, and all of it may be wanted. */
function describeHolder(lease: OwnedLease, reports: Pick<LeaseReports, "find">): LeaseHolder {
  const remainderNanos = remainderOf(lease);
  const report = reports.find(lease);
  return report === undefined
    ? { lease, freeNanos: remainderNanos, wantNanos: remainderNanos }
    : {
        lease,
        freeNanos: minNano(report.freeNanos, remainderNanos),
        wantNanos: nanoUsd(report.spendRateNanos * wantSeconds),
      };
}

function isOwn(lease: OwnedLease, { journalId, keyId }: StarvedCall): boolean {
  return lease.keyId === keyId && Buffer.compare(lease.journalId, journalId) === 0;
}
