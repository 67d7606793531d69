import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createInMemoryTransport } from "@tollgate/kit/grpc/in-memory-transport";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { JournalRecordSchema } from "@tollgate/proto/quota/v1/journal_record";
import { SessionRequestSchema, SessionService } from "@tollgate/proto/quota/v1/session_service";
import type { SessionRequest, SessionResponse } from "@tollgate/proto/quota/v1/session_service";
import { Basis } from "@tollgate/proto/type/v1/usage";
import { callCostNanos, openMoneyFixture } from "../testing/money-fixture.ts";
import type { MoneyFixture } from "../testing/money-fixture.ts";
import { silentLogger } from "../testing/open-test-database.ts";
import { moneyRoutes } from "./money-routes.ts";
import { createPushQueue } from "./push-queue.ts";

let fixture: MoneyFixture;

before(async () => {
  fixture = await openMoneyFixture();
});

after(async () => {
  const violations = await fixture.violations();
  await fixture.close();
  assert.deepEqual(violations, []);
});

type RequestBody = SessionRequest["body"];

type ResponseCase = NonNullable<SessionResponse["body"]["case"]>;
type ResponseBody<Case extends ResponseCase> = Extract<SessionResponse["body"], { case: Case }>;

interface Answer<Case extends ResponseCase> {
  readonly callNo: bigint;
  readonly body: ResponseBody<Case>;
}

function isKind<Case extends ResponseCase>(
  body: SessionResponse["body"],
  kind: Case,
): body is ResponseBody<Case> {
  return body.case === kind;
}

/** A relay's end of a session. */
function openSession() {
  const transport = createInMemoryTransport(
    (router) => moneyRoutes(router, fixture.useCases),
    silentLogger,
  );
  const client = createClient(SessionService, transport);
  const requests = createPushQueue<SessionRequest>(100);
  const responses = client.session(requests.items())[Symbol.asyncIterator]();
  let callNo = 0n;
  return {
    client,
    send(body: RequestBody): bigint {
      callNo += 1n;
      requests.push(create(SessionRequestSchema, { callNo, body }));
      return callNo;
    },
    /** The next response of this kind; others are passed over. */
    async next<Case extends ResponseCase>(kind: Case): Promise<Answer<Case>> {
      for (;;) {
        const { value, done } = await responses.next();
        assert.ok(done !== true, "the session has ended");
        const { body } = value;
        if (isKind(body, kind)) {
          return { callNo: value.callNo, body };
        }
      }
    },
    ended: async () => responses.next(),
    close: () => requests.close(),
  };
}

function helloOf(journalId: Uint8Array): RequestBody {
  const { body } = create(SessionRequestSchema, {
    body: {
      case: "hello",
      value: { journalId, epoch: 1, nodeName: "relay-1", build: "1.0.0", protocolVersion: 2 },
    },
  });
  return body;
}

function endOf(userId: number): Uint8Array {
  return toBinary(
    JournalRecordSchema,
    create(JournalRecordSchema, {
      record: {
        case: "ended",
        value: {
          start: {
            requestId: uuidV7Bytes(),
            epoch: 1,
            leaseNo: 1,
            userId: BigInt(userId),
            group: "default",
            model: "gpt-4o",
            priceVersion: 1n,
          },
          usage: { inputTokens: 200, outputTokens: 20 },
          basis: Basis.USAGE,
          costNanos: callCostNanos,
          channelId: 3n,
          channelType: 1,
          pricedModel: "gpt-4o",
          status: 200,
        },
      },
    }),
  );
}

/** Records from the beginning of a journal, as a relay ships them. */
function packed(...records: readonly Uint8Array[]) {
  const parts = records.flatMap((record, index) => {
    const header = Buffer.alloc(8);
    header.writeUInt32LE(index);
    header.writeUInt32LE(record.length, 4);
    return [header, record];
  });
  return { fromSeq: 0n, nextSeq: BigInt(records.length), packedRecords: Buffer.concat(parts) };
}

test("a session says hello, gets the price book, money, and settles", async () => {
  const userId = await fixture.addUser(10n ** 10n);
  const journalId = uuidV7Bytes();
  const session = openSession();
  session.send(helloOf(journalId));
  const hello = await session.next("hello");
  assert.equal(hello.callNo, 1n);
  assert.deepEqual([hello.body.value.hwm, hello.body.value.currentEpoch], [0n, 1]);
  const book = await session.next("priceBook");
  assert.equal(book.callNo, 0n);
  assert.ok(book.body.value.models.some(({ model }) => model === "gpt-4o"));

  const { body: lease } = create(SessionRequestSchema, {
    body: {
      case: "acquireLease",
      value: { journalId, epoch: 1, leaseNo: 1, userId: BigInt(userId), needMinNanos: 1_000_000n },
    },
  });
  session.send(lease);
  const granted = await session.next("acquireLease");
  assert.equal(granted.body.value.outcome.case, "granted");

  const { body: ship } = create(SessionRequestSchema, {
    body: {
      case: "ship",
      value: { journalId, epoch: 1, ...packed(endOf(userId), endOf(userId)) },
    },
  });
  session.send(ship);
  const shipped = await session.next("ship");
  assert.deepEqual([shipped.body.value.hwm, shipped.body.value.costMismatches], [2n, 0]);
  assert.equal((await fixture.wallet(userId)).usedNanos, 2n * callCostNanos);
  session.close();
});

test("the failure of one request is the answer to it and ends nothing else", async () => {
  const session = openSession();
  const { body } = create(SessionRequestSchema, {
    body: { case: "beat", value: { journalId: uuidV7Bytes(), epoch: 1 } },
  });
  const callNo = session.send(body);
  const failed = await session.next("fault");
  assert.equal(failed.callNo, callNo);
  assert.equal(failed.body.value.reason, "JOURNAL_UNKNOWN");
  session.send(helloOf(uuidV7Bytes()));
  await session.next("hello");
  session.close();
});

test("a changed key or user is pushed to relays", async () => {
  const session = openSession();
  session.send(helloOf(uuidV7Bytes()));
  await session.next("hello");
  await fixture.money.changes.notify({ keyIds: [5, 6] });
  await fixture.money.changes.notify({ userIds: [7] });
  await fixture.money.changes.flush();
  const first = await session.next("revocation");
  assert.deepEqual(first.body.value.keyIds, [5n, 6n]);
  const second = await session.next("revocation");
  assert.deepEqual(second.body.value.userIds, [7n]);
  session.close();
});

test("the unary calls do the same as the stream", async () => {
  const { client, close } = openSession();
  const journalId = uuidV7Bytes();
  const hello = await client.hello({ journalId, epoch: 2, protocolVersion: 2 });
  assert.equal(hello.currentEpoch, 2);
  const beat = await client.beat({ journalId, epoch: 2 });
  assert.equal(beat.priceBookVersion, 1n);
  const shipped = await client.ship({ journalId, epoch: 2, ...packed() });
  assert.equal(shipped.hwm, 0n);
  close();
});

test("an unreadable record refuses the batch and applies nothing of it", async () => {
  const userId = await fixture.addUser(10n ** 10n);
  const { client, close } = openSession();
  const journalId = uuidV7Bytes();
  await client.hello({ journalId, epoch: 1, protocolVersion: 2 });
  const unknown = packed(endOf(userId), new Uint8Array([122, 0]));
  await assert.rejects(client.ship({ journalId, epoch: 1, ...unknown }), /RECORD_UNREADABLE/u);
  assert.equal((await fixture.wallet(userId)).requestCount, 0);
  close();
});

test("a session ends when the service stops", async () => {
  const session = openSession();
  session.send(helloOf(uuidV7Bytes()));
  await session.next("hello");
  await session.next("priceBook");
  fixture.money.endSessions();
  await assert.rejects(session.ended(), /UNAVAILABLE/u);
  session.close();
});
