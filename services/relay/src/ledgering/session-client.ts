import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import type { Client } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import type { OpenStream } from "@tollgate/kit/grpc/periodic-reconnect";
import { keepStreamOpen } from "@tollgate/kit/grpc/periodic-reconnect";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { HelloResponse, SessionService } from "@tollgate/proto/quota/v1/session_service";
import type { AdmissionStop, AdmissionWatch } from "#ledgering/admission-watch.ts";
import { createAdmissionWatch } from "#ledgering/admission-watch.ts";
import type { Journal } from "#ledgering/journal.ts";
import type { AcquireOutcome, AcquireRequest } from "#ledgering/acquire-request.ts";
import { packRecords } from "#ledgering/pack-records.ts";
import type { SessionCalls, SessionResponseBody } from "#ledgering/session-calls.ts";
import { createSessionCalls } from "#ledgering/session-calls.ts";
import type { SessionEvents } from "#ledgering/session-events.ts";
import { readResponses } from "#ledgering/session-events.ts";
import { acquireToWire, inventoryToWire, outcomeFromWire } from "#ledgering/session-wire.ts";
import { ShipLoop } from "#ledgering/ship-loop.ts";

export interface SessionClientOptions {
  readonly client: Client<typeof SessionService>;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodeName: string;
  readonly version: string;
  readonly events: SessionEvents;
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
export class SessionClient {
  readonly #options: SessionClientOptions;
  readonly #acquires = new Map<number, OpenAcquire>();
  readonly #ship: ShipLoop;
  readonly #stream: OpenStream;
  readonly #admission: AdmissionWatch;
  #calls: SessionCalls | undefined;
  #ending = new AbortController();
  #databaseTimeline = "";

  constructor(options: SessionClientOptions) {
    this.#options = options;
    const { journal, clock, logger, events } = options;
    this.#admission = createAdmissionWatch(clock, logger);
    this.#ship = new ShipLoop({
      journal,
      clock,
      logger,
      onAcknowledged: events.onAcknowledged,
      send: async (fromSeq, records) => this.#send(fromSeq, records),
    });
    this.#stream = keepStreamOpen({
      open: async (signal) => this.#open(signal),
      backoff: { minMs: 100, maxMs: 5000 },
      logger,
      name: "quota session",
      clock,
    });
  }

  /** Asks until quota has answered, over as many sessions as it takes. */
  async acquire(request: AcquireRequest): Promise<AcquireOutcome> {
    return new Promise((resolve) => {
      const open: OpenAcquire = { request, resolve };
      this.#acquires.set(request.leaseNo, open);
      if (this.#calls !== undefined) {
        void this.#tryAcquire(open);
      }
    });
  }

  /** First record that quota has not applied, as far as is known. */
  shippedUpTo(): number {
    return this.#ship.hwm;
  }

  /** Resolves when quota has applied the record. */
  async shipped(seq: number): Promise<void> {
    return this.#ship.shipped(seq);
  }

  /** Why no call may be admitted just now; undefined = it may. */
  whyStopped(): AdmissionStop | undefined {
    return this.#admission.whyStopped();
  }

  /** Ends the session after everything in the journal was applied, or at the deadline. */
  async close(deadline: AbortSignal): Promise<void> {
    const { journal } = this.#options;
    const isOutOfTime = new Promise<void>((resolve) => {
      deadline.addEventListener("abort", () => resolve(), { once: true });
    });
    if (!deadline.aborted && journal.nextSeq() > this.#ship.hwm) {
      await Promise.race([this.#ship.shipped(journal.nextSeq() - 1), isOutOfTime]);
    }
    await this.#stream.close();
  }

  async #open(signal: AbortSignal): Promise<void> {
    const { client, clock, events } = this.#options;
    const session = createSessionCalls(clock, (reason) => this.#heedFault(reason));
    const ending = new AbortController();
    this.#ending = ending;
    const responses = client.session(session.requests, {
      signal: AbortSignal.any([signal, ending.signal]),
    });
    const reading = readResponses(responses, session, events);
    // Its failure is reported below, where it is awaited.
    reading.catch(() => undefined);
    let beats: { cancel: () => void } | undefined;
    try {
      const hello = await Promise.race([this.#hello(session), reading.then(failEnded)]);
      this.#calls = session;
      this.#start(hello);
      beats = clock.setInterval(() => void this.#beat(), beatMs);
      await reading;
    } finally {
      this.#calls = undefined;
      beats?.cancel();
      this.#ship.stop();
      session.close();
      ending.abort();
    }
  }

  async #hello(session: SessionCalls): Promise<HelloResponse> {
    const { journal, nodeName, version, clock } = this.#options;
    const value = {
      journalId: journal.journalId,
      epoch: journal.epoch,
      nodeName,
      build: version,
      clock: timestampFromMs(clock.nowMs()),
      protocolVersion: 2,
    };
    const body = await session.call({ case: "hello", value }, helloMs);
    if (body.case !== "hello") {
      throw new Error(`quota answered hello with ${body.case}`);
    }
    return body.value;
  }

  #start(hello: HelloResponse): void {
    const { journal, logger, events } = this.#options;
    const hwm = Number(hello.hwm);
    if (hello.currentEpoch > journal.epoch) {
      events.onFenced("quota knows a newer process of this journal");
    } else if (hwm > journal.nextSeq()) {
      events.onFenced(`quota has seen ${hwm} records, the journal holds ${journal.nextSeq()}`);
    }
    const { databaseTimeline, admissionTtlSeconds, serverClock } = hello;
    if (this.#databaseTimeline !== "" && databaseTimeline !== this.#databaseTimeline) {
      logger.warn({ databaseTimeline, hwm }, "quota answers from another database than before");
    }
    this.#databaseTimeline = databaseTimeline;
    this.#admission.opened(admissionTtlSeconds * 1000, clockMsOf(serverClock));
    this.#ship.start(hwm);
    events.onOpened();
    for (const open of this.#acquires.values()) {
      void this.#tryAcquire(open);
    }
    logger.info({ hwm, epoch: journal.epoch }, "session with quota opened");
  }

  async #callOpen(
    ...[body, deadlineMs]: Parameters<SessionCalls["call"]>
  ): Promise<SessionResponseBody> {
    if (this.#calls === undefined) {
      throw new Error("no session with quota is open");
    }
    return this.#calls.call(body, deadlineMs);
  }

  async #tryAcquire(open: OpenAcquire): Promise<void> {
    const { journal, clock, logger, events } = this.#options;
    const { leaseNo } = open.request;
    try {
      const value = acquireToWire(journal, open.request);
      const outcome = outcomeFromWire(
        await this.#callOpen({ case: "acquireLease", value }, acquireMs),
      );
      if (outcome === "fenced") {
        events.onFenced("quota knows a newer process of this journal");
      } else if (this.#acquires.delete(leaseNo)) {
        open.resolve(outcome);
      }
    } catch (error) {
      logger.warn({ err: error, leaseNo }, "asking for a lease failed");
      clock.setTimeout(() => {
        // The next session asks anew for whatever is still open.
        if (this.#calls !== undefined && this.#acquires.has(leaseNo)) {
          void this.#tryAcquire(open);
        }
      }, acquireRetryMs);
    }
  }

  async #send(fromSeq: number, records: readonly (Uint8Array | undefined)[]) {
    const { journalId, epoch } = this.#options.journal;
    const value = {
      journalId,
      epoch,
      fromSeq: BigInt(fromSeq),
      nextSeq: BigInt(fromSeq + records.length),
      packedRecords: packRecords(records),
    };
    const body = await this.#callOpen({ case: "ship", value }, shipMs);
    if (body.case !== "ship") {
      throw new Error(`quota answered a shipment with ${body.case}`);
    }
    const hwm = Number(body.value.hwm);
    if (hwm < fromSeq) {
      this.#sayHelloAgain(`quota has applied ${hwm} records, and had applied ${fromSeq}`);
    }
    return { hwm, costMismatches: body.value.costMismatches };
  }

  async #beat(): Promise<void> {
    const { journal, logger, events } = this.#options;
    // What quota lost comes back first: until then it may take leases for lost that are not.
    if (this.#ship.isHealing) {
      return;
    }
    try {
      const value = inventoryToWire(journal, events.inventory(), this.#ship.hwm);
      const body = await this.#callOpen({ case: "beat", value }, helloMs);
      if (body.case === "beat") {
        const { serverClock, priceBookVersion, recalls, databaseTimeline } = body.value;
        this.#admission.heard(clockMsOf(serverClock));
        events.onPriceVersion(Number(priceBookVersion));
        recalls.forEach(events.onRecall);
        if (databaseTimeline !== "" && databaseTimeline !== this.#databaseTimeline) {
          this.#sayHelloAgain("quota answers from another database than at hello");
        }
      }
    } catch (error) {
      logger.warn({ err: error }, "a beat was not answered");
    }
  }

  #heedFault(reason: string): void {
    if (reason === "EPOCH_FENCED") {
      this.#options.events.onFenced("quota knows a newer process of this journal");
    } else if (reason === "JOURNAL_UNKNOWN") {
      this.#sayHelloAgain("quota does not know this epoch of the journal");
    }
  }

  /** Quota lost commits, or another database answers: a new session tells what it knows, and teaches it this epoch. */
  #sayHelloAgain(why: string): void {
    this.#options.logger.warn({ why }, "saying hello to quota again");
    this.#ending.abort();
  }
}

function clockMsOf(clock: Timestamp | undefined): number | undefined {
  return clock === undefined ? undefined : timestampMs(clock);
}

function failEnded(): never {
  throw new Error("quota ended the session before it had answered");
}
