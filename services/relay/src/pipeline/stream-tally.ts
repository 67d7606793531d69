import type { TokenUsage } from "#conversation/token-usage.ts";
import type { KeptText } from "#counting/kept-text.ts";
import { limits } from "#limits.ts";
import type { AnsweredAttempt } from "#pipeline/attempt.ts";
import type { OwnCount } from "#pipeline/own-count.ts";
import { countCall, deliveredUsage } from "#pipeline/own-count.ts";
import type { StreamStep } from "#pipeline/stream-dialect.ts";

/** What a stream has delivered so far, and what its upstream has said of it. */
export class StreamTally {
  /** Bytes of content that were passed on, or that are read for nobody once the client has left. */
  contentBytes = 0;
  usage: TokenUsage | undefined;
  upstreamId = "";
  readonly #attempt: AnsweredAttempt;
  /** Kept as long as it may have to be counted. */
  readonly #text: KeptText | undefined;
  #checkpointBytes = -1;
  #checkpointAtMs = 0;
  /** Frozen when the client leaves: what comes later is not passed on. */
  #passed: { readonly bytes: number; readonly text: string | undefined } | undefined;

  constructor(attempt: AnsweredAttempt, text: KeptText | undefined) {
    this.#attempt = attempt;
    this.#text = text;
  }

  /** Takes what an event says of the call. */
  hear(step: StreamStep): void {
    if (step.usage !== undefined) {
      this.usage = step.usage;
      this.#text?.drop();
    }
    this.upstreamId = step.upstreamId ?? this.upstreamId;
  }

  /** Takes the content of an event that is passed on. */
  pass(step: StreamStep): void {
    this.contentBytes += step.contentBytes;
    if (step.content !== undefined) {
      this.#text?.add(step.content);
    }
  }

  /** The client has left. */
  freeze(): void {
    this.#passed ??= { bytes: this.contentBytes, text: this.#text?.read() };
  }

  /** Writes what was passed on, if enough of it or enough time has gone by. It trails what the client has. */
  checkpoint(): void {
    if (this.contentBytes === 0 || this.#passed !== undefined) {
      return;
    }
    const { ports, settlement } = this.#attempt;
    const nowMs = ports.clock.monotonicMs();
    const isDue =
      this.contentBytes - this.#checkpointBytes > limits.checkpointBytes ||
      nowMs - this.#checkpointAtMs > limits.checkpointMs;
    if (this.#checkpointBytes < 0 || isDue) {
      this.#checkpointBytes = this.contentBytes;
      this.#checkpointAtMs = nowMs;
      settlement.checkpoint(deliveredUsage(this.#delivered()));
    }
  }

  passedBytes(): number {
    return this.#passed?.bytes ?? this.contentBytes;
  }

  /** What was passed on, counted as well as it can be. To be called once, at the end. */
  async count(): Promise<OwnCount> {
    const { ports, call, settlement } = this.#attempt;
    const kept = this.#passed === undefined ? this.#text?.read() : this.#passed.text;
    const counted = countCall({
      ...this.#delivered(),
      counting: ports.counting,
      model: settlement.pricedModel(),
      body: call.json,
      mediaTokens: settlement.estimate.mediaTokens,
      text: kept === undefined ? undefined : unescapeJson(kept),
    });
    this.#text?.drop();
    return counted;
  }

  /** Nothing more will be counted. */
  forget(): void {
    this.#text?.drop();
  }

  #delivered() {
    return {
      reported: this.usage,
      inputTokens: this.#attempt.settlement.start.inputEstimateTokens,
      contentBytes: this.passedBytes(),
    };
  }
}

function unescapeJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === "string" ? value : undefined;
  } catch {
    // An upstream that escapes wrongly: its text cannot be counted, only measured.
    return undefined;
  }
}
