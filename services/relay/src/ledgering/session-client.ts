import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Client } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import { keepStreamOpen } from "@tollgate/kit/grpc/periodic-reconnect";
import type { Logger } from "@tollgate/kit/logging/logger";
import type {
  HelloResponse,
  LeaseRecall,
  Revocation,
  SessionService,
} from "@tollgate/proto/quota/v1/session_service";
import type { PriceBook } from "@tollgate/proto/type/v1/price";
import type { Journal } from "#ledgering/journal.ts";
import type { AcquireOutcome, AcquireRequest, LeaseState } from "#ledgering/lease-book.ts";
import type { SessionCalls, SessionResponseBody } from "#ledgering/session-calls.ts";
import { createSessionCalls } from "#ledgering/session-calls.ts";
import { acquireToWire, outcomeFromWire } from "#ledgering/session-wire.ts";
import { createShipLoop } from "#ledgering/ship-loop.ts";

export interface SessionClientOptions {
  readonly client: Client<typeof SessionService>;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodeName: string;
  readonly version: string;
  readonly events: SessionEvents;
}

/** What a session brings to the rest of the relay. */
export interface SessionEvents {
  readonly onPriceBook: (book: PriceBook) => void;
  /** The version that quota has now; the book itself comes as a push or must be asked for. */
  readonly onPriceVersion: (version: number) => void;
  readonly onRevocation: (revocation: Revocation) => void;
  readonly onRecall: (recall: LeaseRecall) => void;
  /** A session was opened: what was cached from the one before may be out of date. */
  readonly onOpened: () => void;
  readonly onAcknowledged: (hwm: number) => void;
  /** Another process owns the journal, or the journal is older than what quota has seen: the process must end. */
  readonly onFenced: (sentence: string) => void;
  readonly inventory: () => {
    readonly resolvedUpTo: number;
    readonly leases: readonly LeaseState[];
  };
}

export interface SessionClient {
  readonly acquire: (request: AcquireRequest) => Promise<AcquireOutcome>;
  readonly shipped: (seq: number) => Promise<void>;
  readonly isConnected: () => boolean;
  /** False when no beat was answered for longer than quota allows: bans and prices here may be too old. */
  readonly mayAdmit: () => boolean;
  /** Ends the session after everything in the journal was applied, or at the deadline. */
  readonly close: (deadline: AbortSignal) => Promise<void>;
}

const helloMs = 5000;
const acquireMs = 5000;
const shipMs = 30_000;
const beatMs = 1000;
const acquireRetryMs = 200;

interface OpenAcquire {
  readonly request: AcquireRequest;
  readonly resolve: (outcome: AcquireOutcome) => void;
}

/** Keeps one session with quota open for as long as the process lives. */
export function openSessionClient(options: SessionClientOptions): SessionClient {
  const { client, journal, clock, logger, events } = options;
  const acquires = new Map<number, OpenAcquire>();
  let calls: SessionCalls | undefined;
  let admissionTtlMs = 0;
  let lastBeatAtMs = Number.NEGATIVE_INFINITY;

  const ship = createShipLoop({
    journal,
    clock,
    logger,
    onAcknowledged: events.onAcknowledged,
    send: async (fromSeq, records) => {
      const value = {
        journalId: journal.journalId,
        epoch: journal.epoch,
        fromSeq: BigInt(fromSeq),
        records: [...records],
      };
      const body = await callOpen({ case: "ship", value }, shipMs);
      if (body.case !== "ship") {
        throw new Error(`quota answered a shipment with ${body.case}`);
      }
      return { hwm: Number(body.value.hwm), costMismatches: body.value.costMismatches };
    },
  });

  const callOpen: SessionCalls["call"] = async (body, deadlineMs) => {
    if (calls === undefined) {
      throw new Error("no session with quota is open");
    }
    return calls.call(body, deadlineMs);
  };

  const tryAcquire = async (open: OpenAcquire): Promise<void> => {
    const value = acquireToWire(journal, open.request);
    try {
      const body = await callOpen({ case: "acquireLease", value }, acquireMs);
      const outcome = outcomeFromWire(body);
      if (outcome === "fenced") {
        events.onFenced("quota knows a newer process of this journal");
      } else if (acquires.delete(open.request.leaseNo)) {
        open.resolve(outcome);
      }
    } catch (error) {
      logger.warn({ err: error, leaseNo: open.request.leaseNo }, "asking for a lease failed");
      clock.setTimeout(() => {
        // The next session asks anew for whatever is still open.
        if (calls !== undefined && acquires.has(open.request.leaseNo)) {
          void tryAcquire(open);
        }
      }, acquireRetryMs);
    }
  };

  const beat = async (): Promise<void> => {
    if (ship.isHealing()) {
      return;
    }
    const { resolvedUpTo, leases } = events.inventory();
    const value = {
      journalId: journal.journalId,
      epoch: journal.epoch,
      resolvedUpTo,
      leases: leases.map((lease) => ({
        leaseNo: lease.leaseNo,
        freeNanos: BigInt(lease.freeNanos),
        spendRateNanos: BigInt(lease.spendRateNanos),
        openCalls: lease.openCalls,
      })),
    };
    try {
      const body = await callOpen({ case: "beat", value }, helloMs);
      if (body.case === "beat") {
        lastBeatAtMs = clock.monotonicMs();
        events.onPriceVersion(Number(body.value.priceBookVersion));
        body.value.recalls.forEach(events.onRecall);
      }
    } catch (error) {
      logger.warn({ err: error }, "a beat was not answered");
    }
  };

  const start = (hello: HelloResponse): void => {
    const hwm = Number(hello.hwm);
    if (hello.currentEpoch > journal.epoch) {
      events.onFenced("quota knows a newer process of this journal");
    } else if (hwm > journal.nextSeq()) {
      events.onFenced(`quota has seen ${hwm} records, the journal holds ${journal.nextSeq()}`);
    }
    admissionTtlMs = hello.admissionTtlSeconds * 1000;
    lastBeatAtMs = clock.monotonicMs();
    ship.start(hwm);
    events.onOpened();
    for (const open of acquires.values()) {
      void tryAcquire(open);
    }
    logger.info({ hwm, epoch: journal.epoch }, "session with quota opened");
  };

  const open = async (signal: AbortSignal): Promise<void> => {
    const session = createSessionCalls(clock);
    const ending = new AbortController();
    const responses = client.session(session.requests, {
      signal: AbortSignal.any([signal, ending.signal]),
    });
    const reading = readResponses(responses, session, events);
    // Its failure is reported below, where it is awaited.
    reading.catch(() => undefined);
    let beats: { cancel: () => void } | undefined;
    try {
      const value = {
        journalId: journal.journalId,
        epoch: journal.epoch,
        nodeName: options.nodeName,
        build: options.version,
        clock: timestampFromMs(clock.nowMs()),
        protocolVersion: 1,
      };
      const answered = session.call({ case: "hello", value }, helloMs);
      const hello = await Promise.race([answered, reading.then(failEnded)]);
      if (hello.case !== "hello") {
        throw new Error(`quota answered hello with ${hello.case}`);
      }
      calls = session;
      start(hello.value);
      beats = clock.setInterval(() => void beat(), beatMs);
      await reading;
    } finally {
      calls = undefined;
      beats?.cancel();
      ship.stop();
      session.close();
      ending.abort();
    }
  };

  const stream = keepStreamOpen({
    open,
    backoff: { minMs: 100, maxMs: 5000 },
    logger,
    name: "quota session",
    clock,
  });
  return {
    acquire: async (request) =>
      new Promise((resolve) => {
        const open: OpenAcquire = { request, resolve };
        acquires.set(request.leaseNo, open);
        if (calls !== undefined) {
          void tryAcquire(open);
        }
      }),
    shipped: ship.shipped,
    isConnected: () => calls !== undefined,
    mayAdmit: () => clock.monotonicMs() - lastBeatAtMs <= admissionTtlMs,
    close: async (deadline) => {
      const isOutOfTime = new Promise<void>((resolve) => {
        deadline.addEventListener("abort", () => resolve(), { once: true });
      });
      if (!deadline.aborted && journal.nextSeq() > ship.hwm()) {
        await Promise.race([ship.shipped(journal.nextSeq() - 1), isOutOfTime]);
      }
      await stream.close();
    },
  };
}

function failEnded(): never {
  throw new Error("quota ended the session before it had answered");
}

async function readResponses(
  responses: AsyncIterable<Parameters<SessionCalls["answer"]>[0]>,
  session: SessionCalls,
  events: SessionEvents,
): Promise<void> {
  for await (const response of responses) {
    if (response.callNo === 0n) {
      takePush(response.body, events);
    } else {
      session.answer(response);
    }
  }
}

function takePush(body: SessionResponseBody, events: SessionEvents): void {
  switch (body.case) {
    case "priceBook":
      events.onPriceBook(body.value);
      break;
    case "revocation":
      events.onRevocation(body.value);
      break;
    case "recall":
      events.onRecall(body.value);
      break;
    default:
      // A newer quota may push what this relay does not know.
      break;
  }
}
