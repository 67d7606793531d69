import { create, fromBinary } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import type { CallEnded, JournalRecord } from "@tollgate/proto/quota/v1/journal_record";
import { JournalRecordSchema } from "@tollgate/proto/quota/v1/journal_record";
import { KeyDenialReason, KeyService } from "@tollgate/proto/quota/v1/key_service";
import { PriceService } from "@tollgate/proto/quota/v1/price_service";
import type {
  AcquireLeaseRequest,
  BeatRequest,
  HelloRequest,
  SessionRequest,
  ShipRequest,
} from "@tollgate/proto/quota/v1/session_service";
import {
  LeaseRefusalReason,
  SessionResponseSchema,
  SessionService,
} from "@tollgate/proto/quota/v1/session_service";
import { UsageService } from "@tollgate/proto/quota/v1/usage_service";
import { fakePriceBook } from "./fake-price-book.ts";

interface FakeLease {
  readonly userId: bigint;
  granted: bigint;
  settled: bigint;
  isReleased: boolean;
}

/** A quota that keeps books in memory and remembers everything that it was told. */
export interface FakeQuota {
  readonly routes: (router: ConnectRouter) => void;
  /** ENDs by request id (hex); the same one twice is counted in `duplicates`. */
  readonly ended: Map<string, CallEnded>;
  readonly counts: { duplicates: number; late: number; opened: number; acquired: number };
  readonly posted: (userId: bigint) => bigint;
  readonly held: (userId: bigint) => bigint;
  readonly deposit: (userId: bigint, nanos: bigint) => void;
  /** Refuses every message until it is called with false. */
  readonly setDown: (isDown: boolean) => void;
  /** These get money for single calls only. */
  readonly strictUsers: Set<bigint>;
  /** Every request for a lease, as it came. */
  readonly asked: AcquireLeaseRequest[];
  readonly revokeKey: (keyId: bigint) => void;
  /** Forgets what it applied from this record on, as after a lossy failover. */
  readonly rollBack: (hwm: number) => void;
}

export function createFakeQuota(): FakeQuota {
  const ended = new Map<string, CallEnded>();
  const counts = { duplicates: 0, late: 0, opened: 0, acquired: 0 };
  const leases = new Map<string, FakeLease>();
  const posted = new Map<bigint, bigint>();
  const pushes = new Set<(response: ReturnType<typeof respond>) => void>();
  const revoked = new Set<bigint>();
  const strictUsers = new Set<bigint>();
  const asked: AcquireLeaseRequest[] = [];
  let epoch = 0;
  /** First record that is not applied. */
  let mark = 0;
  let isDown = false;

  const held = (userId: bigint): bigint =>
    [...leases.values()]
      .filter((lease) => lease.userId === userId && !lease.isReleased)
      .reduce((sum, lease) => sum + max0(lease.granted - lease.settled), 0n);
  const leaseKey = (ofEpoch: number, no: number): string => `${ofEpoch}/${no}`;

  const hello = (request: HelloRequest) => {
    epoch = Math.max(epoch, request.epoch);
    return {
      hwm: BigInt(mark),
      databaseTimeline: "1",
      currentEpoch: epoch,
      admissionTtlSeconds: 300,
    };
  };
  const acquire = (request: AcquireLeaseRequest) => {
    const key = leaseKey(request.epoch, request.leaseNo);
    const isSingle = strictUsers.has(request.userId);
    asked.push(request);
    const known = leases.get(key);
    if (known !== undefined) {
      return granted(request.leaseNo, known.granted, isSingle);
    }
    const available = (posted.get(request.userId) ?? 0n) - held(request.userId);
    const need = isSingle ? request.singleNeedNanos : request.needMinNanos;
    if (available < need || available <= 0n) {
      const reason = LeaseRefusalReason.BALANCE;
      const value = { leaseNo: request.leaseNo, reason, availableNanos: max0(available) };
      return { outcome: { case: "refused" as const, value } };
    }
    counts.acquired += 1;
    const share = max(request.needMinNanos, available / 2n);
    const amount = isSingle ? need : min(request.wantNanos, share);
    leases.set(key, { userId: request.userId, granted: amount, settled: 0n, isReleased: false });
    return granted(request.leaseNo, amount, isSingle);
  };
  const applyEnd = (end: CallEnded): void => {
    const { start } = end;
    if (start === undefined) {
      throw new Error("an END without its start");
    }
    const id = Buffer.from(start.requestId).toString("hex");
    if (ended.has(id)) {
      counts.duplicates += 1;
      return;
    }
    ended.set(id, end);
    posted.set(start.userId, (posted.get(start.userId) ?? 0n) - end.costNanos);
    const lease = leases.get(leaseKey(start.epoch, start.leaseNo));
    if (lease === undefined || lease.isReleased) {
      counts.late += start.leaseNo === 0 ? 0 : 1;
    } else {
      lease.settled += end.costNanos;
    }
  };
  const apply = ({ record }: JournalRecord): void => {
    if (record.case === "ended") {
      applyEnd(record.value);
    } else if (record.case === "released") {
      const lease = leases.get(leaseKey(record.value.epoch, record.value.leaseNo));
      if (lease !== undefined) {
        lease.isReleased = true;
      }
    } else if (record.case === "returned") {
      const lease = leases.get(leaseKey(record.value.epoch, record.value.leaseNo));
      if (lease !== undefined) {
        lease.granted -= record.value.amountNanos;
      }
    } else if (record.case === "epochEnded") {
      for (const [key, lease] of leases) {
        lease.isReleased ||= Number(key.split("/")[0]) < record.value.epoch;
      }
    }
  };
  const ship = (request: ShipRequest) => {
    const from = Number(request.fromSeq);
    if (from <= mark) {
      const packed = Buffer.from(request.packedRecords);
      for (let position = 0; position < packed.length;) {
        const seq = from + packed.readUInt32LE(position);
        const start = position + 8;
        position = start + packed.readUInt32LE(position + 4);
        if (seq >= mark) {
          const record = fromBinary(JournalRecordSchema, packed.subarray(start, position));
          apply(record);
        }
      }
      mark = Math.max(mark, Number(request.nextSeq));
    }
    return { hwm: BigInt(mark), costMismatches: 0 };
  };
  const beat = (request: BeatRequest) => {
    const known = new Set(request.leases.map((lease) => leaseKey(request.epoch, lease.leaseNo)));
    for (const [key, lease] of leases) {
      const [ofEpoch, no] = key.split("/").map(Number);
      const isResolved = ofEpoch === request.epoch && (no ?? 0) <= request.resolvedUpTo;
      if (isResolved && !known.has(key)) {
        lease.isReleased = true;
      }
    }
    return { recalls: [], priceBookVersion: 1n };
  };
  const answer = (request: SessionRequest) => {
    const { callNo, body } = request;
    if (isDown) {
      return respond(callNo, { case: "fault", value: { reason: "DOWN", message: "down" } });
    }
    switch (body.case) {
      case "hello":
        return respond(callNo, { case: "hello", value: hello(body.value) });
      case "acquireLease":
        return respond(callNo, { case: "acquireLease", value: acquire(body.value) });
      case "ship":
        return respond(callNo, { case: "ship", value: ship(body.value) });
      case "beat":
        return respond(callNo, { case: "beat", value: beat(body.value) });
      case undefined:
        throw new Error("an empty message");
    }
  };

  return {
    ended,
    counts,
    strictUsers,
    asked,
    posted: (userId) => posted.get(userId) ?? 0n,
    held,
    deposit: (userId, nanos) => posted.set(userId, (posted.get(userId) ?? 0n) + nanos),
    setDown: (down) => {
      isDown = down;
    },
    revokeKey: (keyId) => {
      revoked.add(keyId);
      for (const push of pushes) {
        push(respond(0n, { case: "revocation", value: { keyIds: [keyId] } }));
      }
    },
    rollBack: (hwm) => {
      mark = hwm;
    },
    routes: (router) => {
      router.service(SessionService, {
        async *session(requests, context) {
          const queue: ReturnType<typeof respond>[] = [];
          let wake = (): void => undefined;
          const push = (response: ReturnType<typeof respond>): void => {
            queue.push(response);
            wake();
          };
          pushes.add(push);
          const state = { hasEnded: false };
          context.signal.addEventListener("abort", () => {
            state.hasEnded = true;
            wake();
          });
          const reading = (async () => {
            for await (const request of requests) {
              push(answer(request));
              if (request.body.case === "hello" && !isDown) {
                push(respond(0n, { case: "priceBook", value: fakePriceBook }));
              }
            }
            state.hasEnded = true;
            wake();
          })();
          reading.catch(() => {
            state.hasEnded = true;
            wake();
          });
          while (!state.hasEnded || queue.length > 0) {
            const next = queue.shift();
            if (next === undefined) {
              await new Promise<void>((resolve) => {
                wake = resolve;
              });
            } else {
              yield next;
            }
          }
          pushes.delete(push);
        },
      });
      router.service(KeyService, {
        openKey: ({ credential }) => {
          counts.opened += 1;
          const match = /^sk-user(\d+)(?:-(\d+))?$/u.exec(credential);
          const keyId = BigInt(match?.[1] ?? 0);
          if (match === null || revoked.has(keyId)) {
            const reason = KeyDenialReason.UNKNOWN;
            return { outcome: { case: "denial", value: { reason, keyId } } };
          }
          const value = {
            keyId,
            keyName: "test",
            userId: keyId,
            userRole: 10,
            group: "default",
            expiresAt: -1n,
            channelSuffix: match[2] ?? "",
            strict: strictUsers.has(keyId),
          };
          return { outcome: { case: "grant", value } };
        },
      });
      router.service(PriceService, {
        getPriceBook: () => ({ book: fakePriceBook }),
        resolvePrice: () => ({}),
      });
      router.service(UsageService, { appendActivity: () => ({}) });
    },
  };
}

type ResponseBody = Parameters<typeof create<typeof SessionResponseSchema>>[1];

function respond(callNo: bigint, body: NonNullable<ResponseBody>["body"]) {
  return create(SessionResponseSchema, { callNo, ...(body === undefined ? {} : { body }) });
}

function granted(leaseNo: number, grantedNanos: bigint, singleCall: boolean) {
  const value = { leaseNo, grantedNanos, singleCall };
  return { outcome: { case: "granted" as const, value } };
}

const max0 = (value: bigint): bigint => (value > 0n ? value : 0n);
const max = (left: bigint, right: bigint): bigint => (left > right ? left : right);
const min = (left: bigint, right: bigint): bigint => (left < right ? left : right);
