import assert from "node:assert/strict";
import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { createInMemoryTransport } from "@tollgate/kit/grpc/in-memory-transport";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { createLogger } from "@tollgate/kit/logging/logger";
import type { SessionRequest, SessionResponse } from "@tollgate/proto/quota/v1/session_service";
import { SessionResponseSchema, SessionService } from "@tollgate/proto/quota/v1/session_service";
import type { Journal } from "#ledgering/journal.ts";
import type { MessageQueue } from "#ledgering/message-queue.ts";
import { createMessageQueue } from "#ledgering/message-queue.ts";
import { SessionClient } from "#ledgering/session-client.ts";

type RequestCase = NonNullable<SessionRequest["body"]["case"]>;
type RequestOf<Case extends RequestCase> = Extract<SessionRequest["body"], { case: Case }>;
type ResponseInit = NonNullable<
  Exclude<MessageInitShape<typeof SessionResponseSchema>, { $typeName: string }>["body"]
>;

interface Asked<Case extends RequestCase> {
  readonly body: RequestOf<Case>;
  readonly answer: (reply: ResponseInit) => void;
}

interface FakeSession {
  readonly requests: SessionRequest[];
  readonly responses: MessageQueue<SessionResponse | Error>;
}

const logger = createLogger({ service: "test", level: "silent" });
export const admissionTtlSeconds = 300;

function isOf<Case extends RequestCase>(
  body: SessionRequest["body"],
  kind: Case,
): body is RequestOf<Case> {
  return body.case === kind;
}

/** A journal of `count` durable records. */
function aJournal(count: number): Journal {
  return {
    journalId: new Uint8Array(16).fill(7),
    epoch: 3,
    nextSeq: () => count,
    durableSeq: () => count,
    append: () => count,
    written: () => undefined,
    durable: () => undefined,
    syncSoon: () => undefined,
    read: async (fromSeq, countMax) =>
      Array.from({ length: Math.min(countMax, count - fromSeq) }, () => new Uint8Array([1])),
    acknowledge: () => undefined,
    hasRoom: () => true,
    openCallCount: () => 0,
    onDurable: () => undefined,
    close: async () => undefined,
  };
}

/** A session client, and a quota that answers hello and beats by itself and everything else as the test says. */
export function openSessionScene({ records = 0 } = {}) {
  const clock = createFakeClock();
  const sessions: FakeSession[] = [];
  const heard = { fenced: [] as string[], recalls: [] as number[], marks: [] as number[] };
  const quota = { hwm: 0, epoch: 3, timeline: "a", skewMs: 0, answersBeats: true };

  const respond = (session: FakeSession, callNo: bigint, body: ResponseInit): void =>
    session.responses.push(create(SessionResponseSchema, { callNo, body }));
  const serverClock = () => timestampFromMs(clock.nowMs() + quota.skewMs);
  const answerByItself = (session: FakeSession, { callNo, body }: SessionRequest): void => {
    const known = { databaseTimeline: quota.timeline, serverClock: serverClock() };
    if (body.case === "hello") {
      const value = {
        ...known,
        hwm: BigInt(quota.hwm),
        currentEpoch: quota.epoch,
        admissionTtlSeconds,
      };
      respond(session, callNo, { case: "hello", value });
    } else if (body.case === "beat" && quota.answersBeats) {
      respond(session, callNo, { case: "beat", value: known });
    }
  };
  const transport = createInMemoryTransport((router) => {
    router.rpc(SessionService.method.session, async function* serve(requests) {
      const session: FakeSession = { requests: [], responses: createMessageQueue() };
      sessions.push(session);
      void (async () => {
        for await (const request of requests) {
          session.requests.push(request);
          answerByItself(session, request);
        }
      })().catch(() => undefined);
      for await (const response of session.responses) {
        if (response instanceof Error) {
          throw response;
        }
        yield response;
      }
    });
  }, logger);
  const client = new SessionClient({
    client: createClient(SessionService, transport),
    journal: aJournal(records),
    clock,
    logger,
    nodeName: "relay-1",
    version: "1",
    events: {
      onPriceBook: () => undefined,
      onPriceVersion: () => undefined,
      onRevocation: () => undefined,
      onWalletsFilled: () => undefined,
      onRecall: ({ leaseNo }) => heard.recalls.push(leaseNo),
      onOpened: () => undefined,
      onAcknowledged: (hwm) => heard.marks.push(hwm),
      onFenced: (sentence) => heard.fenced.push(sentence),
      inventory: () => ({ resolvedUpTo: 0, leases: [] }),
    },
  });
  /** Lets messages pass to and fro until it is so; time stands still, or passes slowly. */
  const until = async (what: string, isSo: () => boolean, stepMs = 0): Promise<void> => {
    for (let turn = 0; turn < 200 && !isSo(); turn += 1) {
      await clock.advance(stepMs);
    }
    assert.ok(isSo(), what);
  };
  /** The requests of one kind over all sessions, with what answers them. */
  const requestsOf = <Case extends RequestCase>(kind: Case): readonly Asked<Case>[] =>
    sessions.flatMap((session) =>
      session.requests.flatMap(({ callNo, body }) =>
        isOf(body, kind)
          ? [
              {
                body,
                answer: (reply: ResponseInit) => respond(session, callNo, reply),
              },
            ]
          : [],
      ),
    );
  const opened = async (): Promise<void> =>
    until("the session is open", () => client.whyStopped() === undefined);
  return { clock, quota, heard, sessions, client, until, requestsOf, opened };
}
