/**
 * Counts tokens exactly, on a thread of its own: the event loop never waits for it. There is an answer in time or none, and without
 * one the caller estimates; a call's end never depends on this.
 */
import { Worker } from "node:worker_threads";
import type { Clock, Timer } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { CountAnswer, CountQuestion } from "#counting/count-messages.ts";
import type { Encoding } from "#counting/encodings.ts";

/** Texts to be counted. */
export interface CountJob {
  readonly encoding: Encoding;
  readonly input: readonly string[];
  readonly output: string;
}

/** Tokens of the texts of a {@link CountJob}. */
export interface TokenCounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface TokenCounter {
  /** Resolves within the deadline, `undefined` = too much is asked at once, it takes too long, or it fails. Never rejects. */
  readonly count: (job: CountJob) => Promise<TokenCounts | undefined>;
  /** Whoever waits is answered `undefined` at once, and so is whoever asks later. */
  readonly close: () => Promise<void>;
}

export interface TokenCounterOptions {
  readonly clock: Clock;
  readonly logger: Pick<Logger, "warn">;
  /** Milliseconds for one answer, waiting for the ones before it included. */
  readonly deadlineMs: number;
  /** Questions at once. */
  readonly queueMax: number;
  /** Characters of one question. */
  readonly charsMax: number;
  /** Makes the thread; a test passes its own. */
  readonly startThread?: () => CountingThread;
}

/** The part of a worker that is needed here. */
export interface CountingThread {
  readonly ask: (question: CountQuestion) => void;
  readonly onAnswer: (listener: (answer: CountAnswer) => void) => void;
  readonly onError: (listener: (error: Error) => void) => void;
  readonly terminate: () => Promise<unknown>;
}

interface Pending {
  readonly resolve: (counts: TokenCounts | undefined) => void;
  readonly timer: Timer;
}

/** Nothing is started before the first question. */
export function createTokenCounter(options: TokenCounterOptions): TokenCounter {
  const { clock, logger, deadlineMs, queueMax, charsMax } = options;
  const pending = new Map<number, Pending>();
  let running: BusyThread | undefined;
  let lastId = 0;
  let isClosed = false;

  const settle = (id: number, counts: TokenCounts | undefined): void => {
    const waiting = pending.get(id);
    pending.delete(id);
    waiting?.timer.cancel();
    waiting?.resolve(counts);
  };
  const end = async (): Promise<void> => {
    const ending = running;
    running = undefined;
    for (const id of pending.keys()) {
      settle(id, undefined);
    }
    await ending?.terminate();
  };
  const start = (): BusyThread =>
    watchThread(options, {
      onAnswer: ({ id, ...counts }) => settle(id, counts),
      onError: (error) => {
        logger.warn({ err: error }, "counting tokens failed");
        void end();
      },
    });
  const expire = (id: number): void => {
    settle(id, undefined);
    if (running?.isStuck() === true) {
      // Some texts take an encoder for ever; the next question gets a new thread.
      void end();
    }
  };

  return {
    count: async (job) => {
      const isTooMuch = (running?.unanswered() ?? 0) >= queueMax || charsOf(job) > charsMax;
      if (isClosed || isTooMuch) {
        return undefined;
      }
      running ??= start();
      const asked = running;
      lastId += 1;
      const id = lastId;
      return new Promise((resolve) => {
        pending.set(id, { resolve, timer: clock.setTimeout(() => expire(id), deadlineMs) });
        asked.ask({ id, ...job });
      });
    },
    close: async () => {
      isClosed = true;
      await end();
    },
  };
}

/** No question within the bounds takes this long, not even with an encoding to be loaded first. */
const stuckMs = 10_000;

/** A thread of which is known how much it has to do. */
interface BusyThread extends Pick<CountingThread, "ask" | "terminate"> {
  readonly unanswered: () => number;
  /** It has worked on one question for longer than any takes. */
  readonly isStuck: () => boolean;
}

function watchThread(
  { clock, startThread = startWorker }: TokenCounterOptions,
  events: {
    readonly onAnswer: (answer: CountAnswer) => void;
    readonly onError: (error: Error) => void;
  },
): BusyThread {
  const thread = startThread();
  let unanswered = 0;
  let busySinceMs = 0;
  let isEnded = false;
  thread.onAnswer((answer) => {
    unanswered -= 1;
    busySinceMs = clock.monotonicMs();
    events.onAnswer(answer);
  });
  thread.onError((error) => {
    if (!isEnded) {
      events.onError(error);
    }
  });
  return {
    ask: (question) => {
      if (unanswered === 0) {
        busySinceMs = clock.monotonicMs();
      }
      unanswered += 1;
      thread.ask(question);
    },
    terminate: async () => {
      isEnded = true;
      await thread.terminate();
    },
    unanswered: () => unanswered,
    isStuck: () => unanswered > 0 && clock.monotonicMs() - busySinceMs >= stuckMs,
  };
}

function charsOf({ input, output }: CountJob): number {
  return input.reduce((sum, text) => sum + text.length, output.length);
}

function startWorker(): CountingThread {
  const worker = new Worker(new URL("count-worker.ts", import.meta.url), { execArgv: [] });
  // Counting never keeps the process alive.
  worker.unref();
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    ask: (question) => worker.postMessage(question),
    onAnswer: (listener) => worker.on("message", listener),
    onError: (listener) => worker.on("error", listener),
    terminate: async () => worker.terminate(),
  };
}
