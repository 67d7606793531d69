import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "@tollgate/kit/clock/clock";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import type { CountAnswer, CountQuestion } from "#counting/count-messages.ts";
import { promptPiecesOf } from "#counting/prompt-pieces.ts";
import type { CountingThread, TokenCounter } from "#counting/token-counter.ts";
import { createTokenCounter } from "#counting/token-counter.ts";

const job = { encoding: "o200k_base", input: ["Hello"], output: "Hello world!" } as const;
const logger = { warn: () => undefined };

test("a real thread counts as OpenAI does, also what looks like a special token", async () => {
  const counter = createTokenCounter({
    clock: systemClock,
    logger,
    deadlineMs: 60_000,
    queueMax: 10,
    charsMax: 10_000,
  });
  try {
    assert.deepEqual(await counter.count(job), { inputTokens: 1, outputTokens: 3 });
    const messages = [
      { role: "system", content: "You are a helpful assistant." },
      { role: "user", name: "ann", content: [{ type: "text", text: "Hi" }] },
    ];
    const { texts, framingTokens } = promptPiecesOf({ messages });
    const counted = await counter.count({ encoding: "cl100k_base", input: texts, output: "" });
    assert.equal(framingTokens, 3 + 3 + 1 + 3);
    // system 1, You are a helpful assistant. 6, user 1, Hi 1, ann 1
    assert.equal(counted?.inputTokens, 10);
    const special = await counter.count({ ...job, input: [], output: "<|endoftext|>" });
    assert.ok((special?.outputTokens ?? 0) > 1);
  } finally {
    await counter.close();
  }
});

interface FakeThread extends CountingThread {
  readonly asked: CountQuestion[];
  readonly answer: (answer: CountAnswer) => void;
  readonly fail: () => void;
  isEnded: boolean;
}

function createFakeThread(): FakeThread {
  const listeners: Partial<{
    message: (answer: CountAnswer) => void;
    error: (error: Error) => void;
  }> = {};
  const thread: FakeThread = {
    asked: [],
    isEnded: false,
    ask: (question) => thread.asked.push(question),
    onAnswer: (listener) => {
      listeners.message = listener;
    },
    onError: (listener) => {
      listeners.error = listener;
    },
    terminate: async () => {
      thread.isEnded = true;
    },
    answer: (answer) => listeners.message?.(answer),
    fail: () => listeners.error?.(new Error("broken")),
  };
  return thread;
}

function withFakes() {
  const clock = createFakeClock();
  const threads: FakeThread[] = [];
  const counter: TokenCounter = createTokenCounter({
    clock,
    logger,
    deadlineMs: 2000,
    queueMax: 2,
    charsMax: 100,
    startThread: () => {
      const thread = createFakeThread();
      threads.push(thread);
      return thread;
    },
  });
  return { clock, threads, counter };
}

test("an answer that comes too late is none, and the queue is bounded by what the thread still has to do", async () => {
  const { clock, threads, counter } = withFakes();
  const first = counter.count(job);
  const second = counter.count(job);
  assert.equal(await counter.count(job), undefined);
  await clock.advance(2000);
  assert.deepEqual(await Promise.all([first, second]), [undefined, undefined]);
  assert.equal(await counter.count(job), undefined);
  threads[0]?.answer({ id: 1, inputTokens: 1, outputTokens: 1 });
  const third = counter.count(job);
  threads[0]?.answer({ id: 2, inputTokens: 1, outputTokens: 1 });
  threads[0]?.answer({ id: 3, inputTokens: 5, outputTokens: 6 });
  assert.deepEqual(await third, { inputTokens: 5, outputTokens: 6 });
  assert.equal(threads.length, 1);
});

test("a thread that is stuck or fails is replaced, and nobody waits for it", async () => {
  const { clock, threads, counter } = withFakes();
  const stuck = counter.count(job);
  await clock.advance(9000);
  assert.equal(await stuck, undefined);
  const late = counter.count(job);
  await clock.advance(2000);
  assert.equal(await late, undefined);
  assert.equal(threads[0]?.isEnded, true);
  const failing = counter.count(job);
  threads[1]?.fail();
  assert.equal(await failing, undefined);
  assert.equal(threads[1]?.isEnded, true);
});

test("texts that are too long are not asked, and after the end nobody is", async () => {
  const { threads, counter } = withFakes();
  assert.equal(await counter.count({ ...job, output: "x".repeat(101) }), undefined);
  assert.equal(threads.length, 0);
  const waiting = counter.count(job);
  await counter.close();
  assert.equal(await waiting, undefined);
  assert.equal(await counter.count(job), undefined);
});
