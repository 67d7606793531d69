import { type Static, Type } from "typebox";
import { formatUuid, parseUuid } from "@tollgate/kit/ids/uuid-v7";
import type { HeldLease, Journal } from "@tollgate/proto/quota/v1/lease_service";
import { adminFaults } from "#faults.ts";
import { toSafeNumber, toSeconds } from "#http/wire-number.ts";

const nano = (description: string) => Type.String({ description: `${description}, nano-USD.` });

/** The journal of one relay. */
export const journalSchema = Type.Object({
  journal_id: Type.String({ description: "UUID." }),
  node: Type.String({ description: "Host name of its relay." }),
  build: Type.String(),
  epoch: Type.Integer({ description: "Starts of its relay." }),
  records: Type.Integer({ description: "Records applied." }),
  last_seen: Type.Integer({ description: "Seconds since 1970." }),
  held_nano: nano("What its leases hold"),
  leases: Type.Integer({ description: "Active leases." }),
  open_calls: Type.Integer({ description: "Calls that ran for long when last heard of." }),
  force_closed_at: Type.Integer({ description: "Seconds since 1970; 0 = never given up." }),
});

/** One lease. */
export const leaseSchema = Type.Object({
  epoch: Type.Integer(),
  lease_no: Type.Integer(),
  user_id: Type.Integer(),
  token_id: Type.Integer({ description: "The key whose cap is held as well; 0 = none." }),
  granted_nano: nano("What was set aside at first"),
  held_nano: nano("What is still held"),
  created_at: Type.Integer({ description: "Seconds since 1970." }),
});

export function journalToWire(journal: Journal): Static<typeof journalSchema> {
  return {
    journal_id: formatUuid(journal.journalId),
    node: journal.nodeName,
    build: journal.build,
    epoch: journal.epoch,
    records: toSafeNumber(journal.hwm),
    last_seen: toSeconds(journal.lastSeenMs),
    held_nano: journal.heldNanos.toString(),
    leases: journal.leaseCount,
    open_calls: journal.openCalls,
    force_closed_at: toSeconds(journal.forceClosedAtMs),
  };
}

export function leaseToWire(lease: HeldLease): Static<typeof leaseSchema> {
  return {
    epoch: lease.epoch,
    lease_no: lease.leaseNo,
    user_id: toSafeNumber(lease.userId),
    token_id: toSafeNumber(lease.keyId),
    granted_nano: lease.grantedNanos.toString(),
    held_nano: lease.heldNanos.toString(),
    created_at: toSeconds(lease.createdAtMs),
  };
}

/** Throws PARAMETER_INVALID. */
export function journalIdFromWire(text: string): Uint8Array {
  try {
    return parseUuid(text);
  } catch (error) {
    // Translates: no journal has such a name.
    throw adminFaults.fault("PARAMETER_INVALID", {
      sentence: "A journal is named by its UUID.",
      cause: error,
    });
  }
}
