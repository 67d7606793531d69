import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "@tollgate/kit/testing/eventually";
import { LogKind } from "@tollgate/proto/quota/v1/usage_service";
import { UserStatus } from "@tollgate/proto/quota/v1/user_service";
import { type RunningAdmin, startAdmin } from "../../testing/start-admin.ts";
import type { TestBrowser } from "../../testing/test-browser.ts";

/** Reads events until `count` have come or the stream ends. */
async function readEvents(reader: AsyncIterator<Uint8Array>, count: number): Promise<string[]> {
  const decoder = new TextDecoder();
  let text = "";
  const events = (): string[] =>
    text
      .split("\n\n")
      .slice(0, -1)
      .filter((block) => block.startsWith("event:"));
  while (events().length < count) {
    const { done, value } = await reader.next();
    if (done === true) {
      break;
    }
    text += decoder.decode(value, { stream: true });
  }
  return events();
}

async function openStream(admin: RunningAdmin, browser: TestBrowser, topics: string) {
  const abort = new AbortController();
  const response = await fetch(`${admin.origin}/api/stream?topics=${topics}`, {
    headers: { cookie: browser.cookieHeader(), "accept-encoding": "gzip" },
    signal: abort.signal,
  });
  assert.ok(response.body !== null);
  const reader = response.body[Symbol.asyncIterator]();
  // The first beat: from here on the stream is subscribed.
  const first = await reader.next();
  assert.match(new TextDecoder().decode(first.value), /^: beat\n\n/u);
  return { response, reader, first, close: () => abort.abort() };
}

function logged(admin: RunningAdmin, userId: bigint, model: string): void {
  admin.quota.addLog({ kind: LogKind.CONSUME, userId, model });
}

test("a user sees own rows live, and nobody else's", async () => {
  await using admin = await startAdmin();
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  const stream = await openStream(admin, bob, "log");
  assert.match(stream.response.headers.get("content-type") ?? "", /^text\/event-stream/u);
  assert.equal(stream.response.headers.get("content-encoding"), null);
  await eventually(() => admin.quota.isWatched());
  logged(admin, 2n, "of eve");
  logged(admin, 1n, "of bob");
  const [event = ""] = await readEvents(stream.reader, 1);
  assert.match(event, /^event: log\ndata: \{.*"model_name":"of bob"/u);
  stream.close();
});

test("an operator sees everybody's rows with their tries, and jobs", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  await root.get("/api/channel/test");
  const stream = await openStream(admin, root, "log_all,job");
  await eventually(() => admin.quota.isWatched());
  logged(admin, 2n, "of eve");
  const start = new TextDecoder().decode(stream.first.value).replace(": beat\n\n", "");
  const isJobThere = start.startsWith("event: job");
  const events = [start, ...(await readEvents(stream.reader, isJobThere ? 1 : 2))];
  assert.ok(events.some((event) => event.startsWith('event: job\ndata: {"id":"job-1"')));
  assert.ok(
    events.some(
      (event) => event.includes('"model_name":"of eve"') && event.includes('"attempts":[]'),
    ),
  );
  stream.close();
});

test("topics of operators are refused to others, and unknown ones to all", async () => {
  await using admin = await startAdmin();
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  for (const topics of ["log_all", "job", "log,job", "nonsense"]) {
    assert.equal((await bob.get(`/api/stream?topics=${topics}`)).json.success, false);
  }
  assert.equal((await admin.browser().get("/api/stream?topics=log")).status, 401);
});

test("a ban ends the stream at its next beat", async () => {
  await using admin = await startAdmin();
  const user = admin.quota.users.add({ username: "bob" });
  const stream = await openStream(admin, await admin.signIn(user), "log");
  await admin.clock.advance(15_000);
  user.user.status = UserStatus.DISABLED;
  await admin.clock.advance(15_000);
  assert.deepEqual(await readEvents(stream.reader, 1), []);
});

test("one user can hold ten streams, and a closed one makes room", async () => {
  await using admin = await startAdmin();
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  const streams: Awaited<ReturnType<typeof openStream>>[] = [];
  for (let index = 0; index < 10; index += 1) {
    streams.push(await openStream(admin, bob, "log"));
  }
  assert.equal((await bob.get("/api/stream?topics=log")).status, 429);
  for (const stream of streams) {
    stream.close();
  }
});

test("stopping the service ends every stream", async () => {
  const admin = await startAdmin();
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  const stream = await openStream(admin, bob, "log");
  await admin[Symbol.asyncDispose]();
  assert.deepEqual(await readEvents(stream.reader, 1).catch(() => []), []);
});
