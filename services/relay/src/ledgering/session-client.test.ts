/** The session with quota when quota is slow, repeats itself, loses commits, or goes away in the middle of a word. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { admissionTtlSeconds, openSessionScene } from "#testing/session-scene.ts";

const aRequest = {
  leaseNo: 1,
  userId: 5,
  keyId: 0,
  wantNanos: 100,
  needMinNanos: 10,
  singleNeedNanos: 20,
  typicalNanos: 10,
  reason: "first",
} as const;

const granted = {
  case: "acquireLease",
  value: { outcome: { case: "granted", value: { leaseNo: 1, grantedNanos: 100n } } },
} as const;

test("a mark that falls makes the relay say hello again and ship from there, without beats until quota has caught up", async () => {
  const { clock, quota, heard, until, requestsOf, opened } = openSessionScene({ records: 10 });
  quota.hwm = 8;
  await opened();
  await clock.advance(0);
  await until("what is new is shipped", () => requestsOf("ship").length === 1);
  quota.hwm = 2;
  requestsOf("ship")[0]?.answer({ case: "ship", value: { hwm: 2n } });
  await until("it says hello again", () => requestsOf("hello").length === 2, 5);
  await clock.advance(3000);
  assert.equal(requestsOf("beat").length, 0, "quota would take leases for lost");
  const again = requestsOf("ship").at(-1);
  assert.equal(again?.body.value.fromSeq, 2n);
  again?.answer({ case: "ship", value: { hwm: 10n } });
  await until("it has caught up", () => heard.marks.at(-1) === 10);
  await clock.advance(1000);
  await until("beats go on", () => requestsOf("beat").length > 0);
});

test("a newer process of the journal ends this one: told by hello, by a grant, or by any failure", async () => {
  const byHello = openSessionScene();
  byHello.quota.epoch = 4;
  await byHello.until("hello tells", () => byHello.heard.fenced.length === 1);

  const byGrant = openSessionScene();
  await byGrant.opened();
  void byGrant.client.acquire(aRequest);
  await byGrant.until("it is asked", () => byGrant.requestsOf("acquireLease").length === 1);
  byGrant.requestsOf("acquireLease")[0]?.answer({
    case: "acquireLease",
    value: { outcome: { case: "refused", value: { leaseNo: 1, reason: 3 } } },
  });
  await byGrant.until("a refusal tells", () => byGrant.heard.fenced.length === 1);

  const byFault = openSessionScene();
  byFault.quota.answersBeats = false;
  await byFault.opened();
  await byFault.clock.advance(1000);
  await byFault.until("it beats", () => byFault.requestsOf("beat").length === 1);
  byFault.requestsOf("beat")[0]?.answer({ case: "fault", value: { reason: "EPOCH_FENCED" } });
  await byFault.until("a failure tells", () => byFault.heard.fenced.length === 1);
});

test("without an answered beat for the time that quota allows, admission stops, and goes on with the next answer", async () => {
  const { clock, quota, client, until, opened } = openSessionScene();
  await opened();
  quota.answersBeats = false;
  await clock.advance(admissionTtlSeconds * 1000);
  assert.equal(client.whyStopped(), undefined);
  await clock.advance(1);
  assert.equal(client.whyStopped(), "quota-silent");
  quota.answersBeats = true;
  await clock.advance(1000);
  await until("it is over", () => client.whyStopped() === undefined);
});

test("a beat that gets lost costs nothing: the next one is sent on time", async () => {
  const { clock, quota, sessions, requestsOf, opened } = openSessionScene();
  await opened();
  quota.answersBeats = false;
  await clock.advance(1000);
  quota.answersBeats = true;
  await clock.advance(7000);
  assert.equal(requestsOf("beat").length, 8);
  assert.equal(sessions.length, 1);
});

test("a clock that differs by more than a minute stops admission, with the reason, until the clocks agree", async () => {
  const { clock, quota, client, until, opened } = openSessionScene();
  await opened();
  quota.skewMs = -61_000;
  await clock.advance(1000);
  await until("it stops", () => client.whyStopped() === "clock-skewed");
  quota.skewMs = 59_000;
  await clock.advance(1000);
  await until("it goes on", () => client.whyStopped() === undefined);
});

test("a request for a lease outlives its session: the next one asks with the same number, and it is answered once", async () => {
  const { client, sessions, until, requestsOf, opened } = openSessionScene();
  await opened();
  const outcomes: unknown[] = [];
  void client.acquire(aRequest).then((outcome) => outcomes.push(outcome));
  await until("it is asked", () => requestsOf("acquireLease").length === 1);
  sessions[0]?.responses.push(new Error("the connection is lost"));
  await until("it is asked again", () => requestsOf("acquireLease").length === 2, 5);
  assert.deepEqual(
    requestsOf("acquireLease").map(({ body }) => body.value.leaseNo),
    [1, 1],
  );
  requestsOf("acquireLease")[0]?.answer(granted);
  requestsOf("acquireLease")[1]?.answer(granted);
  await until("it is answered", () => outcomes.length === 1);
  assert.deepEqual(outcomes, [{ kind: "granted", grantedNanos: 100n, isSingleCall: false }]);
});

test("an answer that comes twice is taken once", async () => {
  const { clock, client, sessions, until, requestsOf, opened } = openSessionScene();
  await opened();
  const first = client.acquire(aRequest);
  await until("it is asked", () => requestsOf("acquireLease").length === 1);
  const second = client.acquire({ ...aRequest, leaseNo: 2 });
  await until("both are asked", () => requestsOf("acquireLease").length === 2);
  requestsOf("acquireLease")[0]?.answer(granted);
  requestsOf("acquireLease")[0]?.answer(granted);
  assert.equal((await first).kind, "granted");
  await clock.advance(0);
  let isSecondAnswered = false;
  void second.then(() => (isSecondAnswered = true));
  await clock.advance(0);
  assert.equal(isSecondAnswered, false);
  assert.equal(sessions.length, 1);
});

test("a request that quota fails is asked again with the same number", async () => {
  const { client, until, requestsOf, opened } = openSessionScene();
  await opened();
  const outcome = client.acquire(aRequest);
  await until("it is asked", () => requestsOf("acquireLease").length === 1);
  requestsOf("acquireLease")[0]?.answer({ case: "fault", value: { reason: "UNAVAILABLE" } });
  await until("it is asked again", () => requestsOf("acquireLease").length === 2, 5);
  requestsOf("acquireLease")[1]?.answer(granted);
  assert.equal((await outcome).kind, "granted");
});

test("a database that does not know this epoch, or another database, is said hello to", async () => {
  const { clock, quota, until, requestsOf, opened } = openSessionScene();
  quota.answersBeats = false;
  await opened();
  await clock.advance(1000);
  await until("it beats", () => requestsOf("beat").length === 1);
  requestsOf("beat")[0]?.answer({ case: "fault", value: { reason: "JOURNAL_UNKNOWN" } });
  await until("it says hello again", () => requestsOf("hello").length === 2, 5);
  quota.answersBeats = true;
  quota.timeline = "b";
  await until("it says hello to it", () => requestsOf("hello").length === 3, 10);
  await clock.advance(5000);
  assert.equal(requestsOf("hello").length, 3, "once");
});

test("recalls in the answer to a beat reach the leases", async () => {
  const { clock, quota, heard, until, requestsOf, opened } = openSessionScene();
  quota.answersBeats = false;
  await opened();
  await clock.advance(1000);
  await until("it beats", () => requestsOf("beat").length === 1);
  requestsOf("beat")[0]?.answer({
    case: "beat",
    value: { recalls: [{ leaseNo: 4, keepNanos: 1n }] },
  });
  await until("it is told", () => heard.recalls.includes(4));
});
