/**
 * Serves a call with a stream. The client sees nothing before START is on the disk, and its last event only after END is.
 * Until something was sent a failure may go to another channel; afterwards it ends the stream in the client's dialect.
 */
import type { TokenUsage } from "#conversation/token-usage.ts";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import { isCountable } from "#ledgering/call-record.ts";
import { limits } from "#limits.ts";
import type { AnsweredAttempt, AttemptOutcome } from "#pipeline/attempt.ts";
import { endDurable, noteFailure, noteSuccess, served } from "#pipeline/attempt.ts";
import { tokensOfContent } from "#pipeline/estimate.ts";
import { deliveredUsage } from "#pipeline/settlement.ts";
import { problemOfUpstream } from "#pipeline/show-failure.ts";
import type { StreamDialect, StreamStep } from "#pipeline/stream-dialect.ts";
import type { SseEvent, SseParser, SseSink } from "#upstream/sse.ts";
import { createSseParser } from "#upstream/sse.ts";
import type { BodySink } from "#upstream/upstream.ts";

export async function serveStream(
  attempt: AnsweredAttempt,
  dialect: StreamDialect,
): Promise<AttemptOutcome> {
  const durable = attempt.settlement.startDurable();
  if (durable !== undefined) {
    await durable;
  }
  const stream = new StreamedReply(attempt, dialect);
  return stream.run();
}

const cutFault: UpstreamFault = {
  kind: "transient",
  status: 200,
  reason: "STREAM_CUT",
  message: "The upstream's stream ended before the reply was complete.",
};

/** A class, since chunks and events come by the hundred and touch every field. */
class StreamedReply implements BodySink, SseSink {
  readonly #attempt: AnsweredAttempt;
  readonly #dialect: StreamDialect;
  readonly #parser: SseParser;
  readonly #showsUsage: boolean;
  readonly #outcome = Promise.withResolvers<AttemptOutcome>();
  #isOver = false;
  #hasSent = false;
  /** Events that go out with the next write: `#run.subarray(#runStart, #runEnd)`. */
  #run: Uint8Array | undefined;
  #runStart = 0;
  #runEnd = 0;
  #text = "";
  #isBlocked = false;
  #contentBytes = 0;
  #usage: TokenUsage | undefined;
  #upstreamId = "";
  #checkpointBytes = -1;
  #checkpointAtMs = 0;

  constructor(attempt: AnsweredAttempt, dialect: StreamDialect) {
    this.#attempt = attempt;
    this.#dialect = dialect;
    this.#parser = createSseParser(this);
    this.#showsUsage = attempt.call.brief.wantsStreamUsage || attempt.ports.showUsageAlways;
  }

  async run(): Promise<AttemptOutcome> {
    const { call, reply } = this.#attempt;
    call.client.onDrain(() => {
      this.#isBlocked = false;
      reply.resume();
    });
    call.client.onGone(() => this.#abandon());
    if (!this.#isOver) {
      reply.read(this);
    }
    return this.#outcome.promise;
  }

  readonly onChunk = (chunk: Uint8Array): void => {
    if (this.#isOver) {
      return;
    }
    const fault = this.#parser.push(chunk);
    if (fault !== undefined) {
      this.#fail(fault);
    }
    if (this.#isOver) {
      return;
    }
    this.#flush();
    this.#checkpoint();
    if (this.#isBlocked) {
      this.#attempt.reply.pause();
    }
  };

  readonly onEnd = (): void => {
    if (!this.#isOver) {
      this.#parser.end();
    }
    if (!this.#isOver) {
      const step = this.#dialect.end();
      if (step !== undefined) {
        this.#take(step, undefined);
      }
    }
    this.#fail(cutFault);
  };

  readonly onFault = (fault: UpstreamFault): void => this.#fail(fault);

  readonly onEvent = (event: SseEvent): void => {
    if (!this.#isOver) {
      this.#take(this.#dialect.read(event.event, event.data), event);
    }
  };

  readonly onSilence = (bytes: Uint8Array, start: number, end: number): void => {
    // A sign of life before the first event must not settle which channel serves.
    if (this.#hasSent && !this.#isOver) {
      this.#extendRun(bytes, start, end);
    }
  };

  #take(step: StreamStep, event: SseEvent | undefined): void {
    this.#usage = step.usage ?? this.#usage;
    this.#upstreamId = step.upstreamId ?? this.#upstreamId;
    if (step.fault !== undefined) {
      this.#fail(step.fault);
      return;
    }
    this.#contentBytes += step.contentBytes;
    if (step.terminal === true) {
      this.#text += step.textBefore ?? "";
      this.#complete(step.text ?? event?.bytes.subarray(event.start, event.end) ?? "");
    } else if (step.text !== undefined) {
      this.#text += step.text;
    } else if (event !== undefined && (step.usageOnly !== true || this.#showsUsage)) {
      this.#extendRun(event.bytes, event.start, event.end);
    }
  }

  /** Events that lie side by side leave with one write. */
  #extendRun(bytes: Uint8Array, start: number, end: number): void {
    if (this.#run !== bytes || this.#runEnd !== start) {
      this.#flush();
      this.#run = bytes;
      this.#runStart = start;
    }
    this.#runEnd = end;
  }

  #flush(): void {
    if (this.#run !== undefined) {
      const bytes = this.#run.subarray(this.#runStart, this.#runEnd);
      this.#run = undefined;
      this.#send(bytes);
    }
    if (this.#text !== "") {
      const text = this.#text;
      this.#text = "";
      this.#send(text);
    }
  }

  #send(bytes: Uint8Array | string): void {
    const { client } = this.#attempt.call;
    if (!this.#hasSent) {
      this.#hasSent = true;
      client.openStream();
    }
    this.#isBlocked = !client.write(bytes) || this.#isBlocked;
  }

  #checkpoint(): void {
    if (this.#isOver || this.#contentBytes === 0) {
      return;
    }
    const { ports, settlement } = this.#attempt;
    const nowMs = ports.clock.monotonicMs();
    const isDue =
      this.#contentBytes - this.#checkpointBytes > limits.checkpointBytes ||
      nowMs - this.#checkpointAtMs > limits.checkpointMs;
    if (this.#checkpointBytes < 0 || isDue) {
      this.#checkpointBytes = this.#contentBytes;
      this.#checkpointAtMs = nowMs;
      settlement.checkpoint(this.#delivered());
    }
  }

  #delivered(): TokenUsage {
    return deliveredUsage({
      reported: this.#usage,
      inputTokens: this.#attempt.settlement.start.inputEstimateTokens,
      outputTokens: tokensOfContent(this.#contentBytes),
    });
  }

  #complete(last: Uint8Array | string): void {
    this.#flush();
    this.#isOver = true;
    noteSuccess(this.#attempt, this.#attempt.reply.status);
    const isReported = this.#usage !== undefined && isCountable(this.#usage);
    const seq = this.#attempt.settlement.end({
      basis: isReported ? "usage" : "counted",
      usage: isReported ? this.#usage : this.#delivered(),
      status: 200,
      upstreamId: this.#upstreamId,
    });
    void this.#close(seq, last);
  }

  #fail(fault: UpstreamFault): void {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    const { call, exchange, settlement } = this.#attempt;
    exchange.abort();
    if (!this.#hasSent) {
      this.#outcome.resolve({ kind: "failed", fault });
      return;
    }
    this.#flush();
    noteFailure(this.#attempt, fault);
    const seq = settlement.end({
      basis: this.#contentBytes > 0 ? "partial" : "failed",
      usage: this.#contentBytes > 0 ? this.#delivered() : undefined,
      status: 200,
      upstreamId: this.#upstreamId,
      errorReason: fault.reason,
      errorMessage: fault.message,
    });
    void this.#close(seq, call.surface.problem.streamEvent(problemOfUpstream(fault, call.idText)));
  }

  /** The client has left: the upstream is stopped, and what was passed on is billed. */
  #abandon(): void {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    const { exchange, settlement, ports, channel } = this.#attempt;
    exchange.abort();
    ports.health.succeeded(channel.id);
    settlement.end({
      basis: "aborted",
      usage: this.#delivered(),
      status: this.#hasSent ? 200 : 499,
      upstreamId: this.#upstreamId,
      errorReason: "CLIENT_GONE",
    });
    this.#outcome.resolve(served);
  }

  async #close(seq: number | undefined, last: Uint8Array | string): Promise<void> {
    const { ports, call } = this.#attempt;
    await endDurable(ports, seq);
    if (!this.#hasSent) {
      call.client.openStream();
    }
    call.client.end(last);
    this.#outcome.resolve(served);
  }
}
