/**
 * Serves a call with a stream. The client sees nothing before START is on the disk, and its last event only after END is.
 * Until something was sent a failure may go to another channel; afterwards it ends the stream in the client's dialect.
 */
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import type { AnsweredAttempt, AttemptOutcome } from "#pipeline/attempt.ts";
import { noteFailure, noteSuccess, served } from "#pipeline/attempt.ts";
import { EventQueue } from "#pipeline/event-queue.ts";
import { OutputBudget } from "#pipeline/output-budget.ts";
import type { MoreMoney } from "#pipeline/settlement.ts";
import { problemOfUpstream } from "#pipeline/show-failure.ts";
import type { StreamDialect, StreamStep } from "#pipeline/stream-dialect.ts";
import { StreamDrain } from "#pipeline/stream-drain.ts";
import { StreamEnd } from "#pipeline/stream-end.ts";
import { StreamOutlet } from "#pipeline/stream-outlet.ts";
import { StreamTally } from "#pipeline/stream-tally.ts";
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
  readonly #tally: StreamTally;
  readonly #budget: OutputBudget;
  readonly #outlet: StreamOutlet;
  readonly #end: StreamEnd;
  #isOver = false;
  /** What came while quota was asked for more money; `undefined` = nobody waits for it. */
  #queue: EventQueue | undefined;
  /** Set once the client has left and the upstream is read to its end all the same. */
  #drain: StreamDrain | undefined;

  constructor(attempt: AnsweredAttempt, dialect: StreamDialect) {
    const { ports, call, settlement } = attempt;
    this.#attempt = attempt;
    this.#dialect = dialect;
    this.#parser = createSseParser(this);
    this.#showsUsage = call.brief.wantsStreamUsage || ports.showUsageAlways;
    this.#tally = new StreamTally(attempt, dialect.tellsContent ? ports.texts.open() : undefined);
    this.#budget = new OutputBudget(settlement);
    this.#outlet = new StreamOutlet(call.client);
    this.#end = new StreamEnd(attempt, this.#tally);
  }

  async run(): Promise<AttemptOutcome> {
    const { call, reply } = this.#attempt;
    call.client.onDrain(() => {
      this.#outlet.isBlocked = false;
      if (this.#queue === undefined) {
        reply.resume();
      }
    });
    call.client.onGone(() => this.#leave());
    if (!this.#isOver) {
      reply.read(this);
    }
    return this.#outcome.promise;
  }

  readonly onChunk = (chunk: Uint8Array): void => {
    if (this.#isOver) {
      return;
    }
    if (this.#drain !== undefined && !this.#drain.mayRead(chunk.length)) {
      this.#abandon();
      return;
    }
    const fault = this.#parser.push(chunk);
    if (fault !== undefined) {
      this.onFault(fault);
    }
    if (!this.#isOver) {
      this.#passOn();
    }
  };

  readonly onEnd = (): void => {
    if (!this.#isOver) {
      this.#parser.end();
    }
    this.#behindQueue(() => {
      const step = this.#isOver ? undefined : this.#dialect.end();
      if (step !== undefined) {
        this.#take(step, undefined);
      }
      // A last step that waits for money is not cut.
      this.#behindQueue(() => this.#fail(cutFault));
    });
  };

  readonly onFault = (fault: UpstreamFault): void => {
    this.#behindQueue(() => this.#fail(fault));
  };

  readonly onEvent = (event: SseEvent): void => {
    if (this.#isOver) {
      return;
    }
    if (this.#queue === undefined) {
      this.#take(this.#dialect.read(event.event, event.data), event);
    } else {
      this.#queue.events.push(event);
    }
  };

  readonly onSilence = (bytes: Uint8Array, start: number, end: number): void => {
    // A sign of life before the first event must not settle which channel serves.
    if (this.#outlet.hasSent && this.#queue === undefined && !this.#isOver) {
      this.#outlet.extendRun(bytes, start, end);
    }
  };

  /** Does what ends the body when everything before it was taken. */
  #behindQueue(end: () => void): void {
    if (this.#queue === undefined) {
      end();
    } else {
      this.#queue.end = end;
    }
  }

  #take(step: StreamStep, event: SseEvent | undefined): void {
    this.#tally.hear(step);
    if (step.fault !== undefined) {
      // Whatever content stands beside an error is the error's.
      this.#fail(step.fault);
      return;
    }
    const contentBytes = this.#tally.contentBytes + step.contentBytes;
    if (contentBytes > this.#budget.askAtBytes && !this.#budget.covers(contentBytes)) {
      void this.#waitForMoney(step, event);
      return;
    }
    this.#pass(step, event);
  }

  #pass(step: StreamStep, event: SseEvent | undefined): void {
    this.#tally.pass(step);
    if (step.terminal === true) {
      this.#outlet.addText(step.textBefore ?? "");
      this.#complete(step.text ?? event?.bytes.subarray(event.start, event.end) ?? "");
    } else if (step.text !== undefined) {
      this.#outlet.addText(step.text);
    } else if (event !== undefined && (step.usageOnly !== true || this.#showsUsage)) {
      this.#outlet.extendRun(event.bytes, event.start, event.end);
    }
  }

  #passOn(): void {
    this.#outlet.flush();
    this.#tally.checkpoint();
    if (this.#outlet.isBlocked || this.#queue !== undefined) {
      this.#attempt.reply.pause();
    }
  }

  /** Nothing that is not paid for is passed on: the upstream is held until quota has answered. */
  async #waitForMoney(step: StreamStep, event: SseEvent | undefined): Promise<void> {
    const queue = new EventQueue();
    this.#queue = queue;
    const answer = await this.#budget.wait();
    if (this.#isOver) {
      return;
    }
    this.#queue = undefined;
    if (answer !== "granted") {
      this.#cutOff(answer);
      return;
    }
    this.#take(step, event);
    for (const event of queue.events) {
      this.onEvent(event);
    }
    if (queue.end !== undefined) {
      this.#behindQueue(queue.end);
    }
    if (!this.#isOver) {
      this.#passOn();
      if (!this.#outlet.isBlocked && this.#queue === undefined) {
        this.#attempt.reply.resume();
      }
    }
  }

  /** Everything is delivered. */
  #complete(last: Uint8Array | string): void {
    this.#outlet.flush();
    this.#finish();
    noteSuccess(this.#attempt, this.#attempt.reply.status);
    void this.#close(this.#end.complete(this.#drain !== undefined), last);
  }

  #fail(fault: UpstreamFault): void {
    if (this.#isOver) {
      return;
    }
    const { call, exchange } = this.#attempt;
    if (this.#drain !== undefined) {
      noteFailure(this.#attempt, fault);
      this.#abandon();
      return;
    }
    this.#finish();
    exchange.abort();
    if (!this.#outlet.hasSent) {
      this.#tally.forget();
      this.#outcome.resolve({ kind: "failed", fault });
      return;
    }
    this.#outlet.flush();
    noteFailure(this.#attempt, fault);
    const last = call.surface.problem.streamEvent(problemOfUpstream(fault, call.idText));
    void this.#close(this.#end.fail(fault), last);
  }

  /** The money is used up: the upstream is stopped, and the client is told so as its dialect can. */
  #cutOff(answer: Exclude<MoreMoney, "granted">): void {
    if (this.#drain !== undefined) {
      this.#abandon();
      return;
    }
    this.#outlet.flush();
    this.#finish();
    this.#attempt.exchange.abort();
    noteSuccess(this.#attempt, this.#attempt.reply.status);
    const { seq, last } = this.#end.cutOff(answer);
    void this.#close(seq, last);
  }

  /** The client has left: the upstream is stopped, or read to its end if the channel wants that. */
  #leave(): void {
    if (this.#isOver || this.#drain !== undefined) {
      return;
    }
    this.#tally.freeze();
    this.#outlet.close();
    const { ports, channel, reply } = this.#attempt;
    if (channel.drainsStreams && ports.drains.take()) {
      this.#drain = new StreamDrain(ports, () => this.#abandon());
      reply.resume();
    } else {
      this.#abandon();
    }
  }

  /** What was passed on before the client left is billed. */
  #abandon(): void {
    if (this.#isOver) {
      return;
    }
    this.#finish();
    const { exchange, ports, channel } = this.#attempt;
    exchange.abort();
    ports.health.succeeded(channel.id);
    void this.#end.abandon(this.#outlet.hasSent).then(() => this.#outcome.resolve(served));
  }

  #finish(): void {
    this.#isOver = true;
    this.#drain?.close();
  }

  async #close(ended: Promise<void>, last: Uint8Array | string): Promise<void> {
    await ended;
    this.#outlet.end(last);
    this.#outcome.resolve(served);
  }
}
