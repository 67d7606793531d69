/**
 * One relay's session. Every request is a task of its own, so that a lease never waits behind a batch of records; answers carry the number
 * of their request. Pushes go in between. A failed request is answered with its fault and ends nothing else.
 */
import { create } from "@bufbuild/protobuf";
import { faultFromError } from "@tollgate/kit/fault/grpc";
import { Fault, platformFaults } from "@tollgate/kit/fault/fault";
import type { Logger } from "@tollgate/kit/logging/logger";
import {
  RevocationSchema,
  SessionResponseSchema,
  WalletsFilledSchema,
} from "@tollgate/proto/quota/v1/session_service";
import type { SessionRequest, SessionResponse } from "@tollgate/proto/quota/v1/session_service";
import { fault } from "#domain/faults.ts";
import type { AcquireLease } from "#usecases/leases/acquire-lease.ts";
import type { Beat } from "#usecases/leases/beat.ts";
import type { Change, Changes } from "#usecases/changes.ts";
import type { Hello } from "#usecases/leases/hello.ts";
import type { PriceBooks } from "#usecases/prices/price-books.ts";
import type { LeaseOwner, RecallBoard } from "#usecases/leases/recall-board.ts";
import type { ShipRecords } from "#usecases/settlement/ship-records.ts";
import { createPushQueue } from "./push-queue.ts";
import type { PushQueue } from "./push-queue.ts";
import { priceBookToWire } from "./wire-price.ts";
import {
  acquireLeaseFromWire,
  acquireLeaseToWire,
  beatFromWire,
  beatToWire,
  faultToWire,
  helloFromWire,
  helloToWire,
  recallToWire,
  shipFromWire,
  shipToWire,
} from "./wire-session.ts";

/** The use cases behind `SessionService`, and what is pushed to relays. */
export interface SessionUseCases {
  readonly hello: Hello;
  readonly acquireLease: AcquireLease;
  readonly shipRecords: ShipRecords;
  readonly beat: Beat;
  readonly books: Pick<PriceBooks, "current" | "onPublished">;
  readonly changes: Pick<Changes, "subscribe">;
  readonly recalls: Pick<RecallBoard, "follow">;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  /** Aborted when the service stops: sessions end, and relays go to another replica. */
  readonly stopping: AbortSignal;
}

type ResponseBody = SessionResponse["body"];

// A relay has a lease request per starving user, one batch and one beat under way.
const tasksMax = 1024;
// A relay that reads slower than this many answers and pushes is sent away and starts over.
const waitingMax = 10_000;

/** Answers requests until the relay ends the stream, the call is cancelled or the service stops. */
export async function* runSession(
  useCases: SessionUseCases,
  requests: AsyncIterable<SessionRequest>,
  signal: AbortSignal,
): AsyncGenerator<SessionResponse> {
  const queue = createPushQueue<SessionResponse>(waitingMax);
  const send = (callNo: bigint, body: ResponseBody): void => {
    if (!queue.push(create(SessionResponseSchema, { callNo, body }))) {
      queue.fail(fault("SESSION_OVERLOADED"));
    }
  };
  const stop = (): void => queue.fail(platformFaults.fault("UNAVAILABLE"));
  const leave = (): void => queue.close();
  useCases.stopping.addEventListener("abort", stop, { once: true });
  signal.addEventListener("abort", leave, { once: true });
  const pushes = followPushes(useCases, send);
  const answering = answerAll({ useCases, requests, send, queue, onHello: pushes.followRecalls });
  try {
    if (useCases.stopping.aborted) {
      stop();
    }
    yield* queue.items();
  } finally {
    pushes.stop();
    useCases.stopping.removeEventListener("abort", stop);
    signal.removeEventListener("abort", leave);
    queue.close();
  }
  await answering;
}

type Send = (callNo: bigint, body: ResponseBody) => void;

interface Answering {
  readonly useCases: SessionUseCases;
  readonly requests: AsyncIterable<SessionRequest>;
  readonly send: Send;
  readonly queue: PushQueue<SessionResponse>;
  readonly onHello: (owner: LeaseOwner) => void;
}

async function answerAll(answering: Answering): Promise<void> {
  const { useCases, requests, queue } = answering;
  const running = new Set<Promise<void>>();
  try {
    for await (const request of requests) {
      const task = answer(answering, request).finally(() => running.delete(task));
      running.add(task);
      if (running.size >= tasksMax) {
        await Promise.race(running);
      }
    }
    await Promise.all(running);
    queue.close();
  } catch (error) {
    // Translates: a relay that went away ends its stream like this; the answers have nobody to go to.
    useCases.logger.info({ err: error }, "session interrupted");
    queue.fail(faultFromError(error));
  }
}

/** Never rejects. */
async function answer(
  { useCases, send, onHello }: Answering,
  request: SessionRequest,
): Promise<void> {
  const { callNo } = request;
  try {
    send(callNo, await bodyOf(useCases, request));
    if (request.body.case === "hello") {
      onHello(request.body.value);
      send(0n, { case: "priceBook", value: priceBookToWire(useCases.books.current()) });
    }
  } catch (error) {
    // Translates: the failure of one request is the answer to it.
    if (!(error instanceof Fault)) {
      useCases.logger.error({ err: error, request: request.body.case }, "session request failed");
    }
    const known = error instanceof Fault ? error : platformFaults.fault("INTERNAL");
    send(callNo, { case: "fault", value: faultToWire(known) });
  }
}

async function bodyOf(useCases: SessionUseCases, { body }: SessionRequest): Promise<ResponseBody> {
  switch (body.case) {
    case "hello":
      return { case: "hello", value: helloToWire(await useCases.hello(helloFromWire(body.value))) };
    case "acquireLease": {
      const outcome = await useCases.acquireLease(acquireLeaseFromWire(body.value));
      return { case: "acquireLease", value: acquireLeaseToWire(outcome) };
    }
    case "ship":
      return {
        case: "ship",
        value: shipToWire(await useCases.shipRecords(shipFromWire(body.value))),
      };
    case "beat":
      return { case: "beat", value: beatToWire(await useCases.beat(beatFromWire(body.value))) };
    case undefined:
      throw fault("SESSION_REQUEST_INVALID");
  }
}

interface Pushes {
  /** Recalls follow the journal that says hello, from then on. */
  readonly followRecalls: (owner: LeaseOwner) => void;
  readonly stop: () => void;
}

function followPushes({ books, changes, recalls }: SessionUseCases, send: Send): Pushes {
  let unfollow = (): void => undefined;
  const unsubscribes = [
    books.onPublished((book) => send(0n, { case: "priceBook", value: priceBookToWire(book) })),
    changes.subscribe((change) => pushChange(change, send)),
  ];
  return {
    followRecalls(owner) {
      unfollow();
      unfollow = recalls.follow(owner, (notice) =>
        send(0n, { case: "recall", value: recallToWire(notice) }),
      );
    },
    stop() {
      unfollow();
      unsubscribes.forEach((unsubscribe) => unsubscribe());
    },
  };
}

function pushChange({ keyIds = [], userIds = [], filledUserIds = [] }: Change, send: Send): void {
  if (keyIds.length > 0 || userIds.length > 0) {
    const value = { keyIds: keyIds.map(BigInt), userIds: userIds.map(BigInt) };
    send(0n, { case: "revocation", value: create(RevocationSchema, value) });
  }
  if (filledUserIds.length > 0) {
    const value = create(WalletsFilledSchema, { userIds: filledUserIds.map(BigInt) });
    send(0n, { case: "walletsFilled", value });
  }
}
