/**
 * The end of a call's money, written exactly once. This is the only code that appends an END record; whatever ends a call first
 * decides, and later attempts to end it change nothing.
 */
import type { Multiplier } from "@tollgate/kit/money/multiplier";
import type { TokenUsage } from "#conversation/token-usage.ts";
import { NO_USAGE } from "#conversation/token-usage.ts";
import type {
  CallAttempt,
  CallBasis,
  CallEnd,
  CallStart,
  CallUsage,
} from "#ledgering/call-record.ts";
import { isCountable } from "#ledgering/call-record.ts";
import type { Lease } from "#ledgering/lease.ts";
import type { ModelRate } from "#ledgering/model-rate.ts";
import { joinReservation, settleExtended } from "#ledgering/lease-extension.ts";
import { costOf, estimateOf } from "#ledgering/model-rate.ts";
import { limits } from "#limits.ts";
import type { CallEstimate } from "#pipeline/estimate.ts";
import type { IncomingCall } from "#pipeline/incoming-call.ts";
import { logCall } from "#pipeline/log-call.ts";
import type { PipelinePorts } from "#pipeline/ports.ts";
import type { RoutedChannel } from "#routing/routed-channel.ts";

/** How a call ended, as whoever ends it sees it. */
export interface EndFacts {
  readonly basis: CallBasis;
  /** Absent = nothing is billed. */
  readonly usage?: TokenUsage | undefined;
  /** HTTP status that the client got; 499 = it left before. */
  readonly status: number;
  readonly upstreamId?: string | undefined;
  readonly errorReason?: string | undefined;
  readonly errorMessage?: string | undefined;
  /** The tokens were not counted but taken from bytes. */
  readonly isEstimated?: boolean | undefined;
}

/** What came of asking for more money. */
export type MoreMoney = "granted" | "refused" | "unavailable";

/** The channel that serves, and what it charges. */
export interface ServingChannel {
  readonly channel: RoutedChannel;
  readonly pricedModel: string;
  readonly rate: ModelRate;
}

/** A stretch of output tokens. */
export interface OutputStep {
  readonly from: number;
  readonly to: number;
}

export interface SettlementOptions {
  readonly ports: PipelinePorts;
  readonly call: IncomingCall;
  readonly start: CallStart;
  readonly lease: Lease | undefined;
  readonly multiplier: Multiplier;
  readonly estimate: CallEstimate;
}

const nothing: CallUsage = Object.freeze({ ...NO_USAGE, calls: 0 });
const textMax = 500;
const idMax = 128;

export class Settlement {
  readonly start: CallStart;
  readonly estimate: CallEstimate;
  readonly attempts: CallAttempt[] = [];
  readonly #options: SettlementOptions;
  readonly #startSeq: number;
  #serving: ServingChannel | undefined;
  #hasEnded = false;
  /** Held for this call on the lease that its START names. */
  #reservedNanos: number;
  /** Held for this call in all. */
  #coveredNanos: number;

  /** Writes START. */
  constructor(options: SettlementOptions) {
    this.#options = options;
    this.start = options.start;
    this.estimate = options.estimate;
    this.#reservedNanos = options.start.estimateNanos;
    this.#coveredNanos = options.start.estimateNanos;
    const { journal } = options.ports;
    this.#startSeq = journal.append({ kind: "started", start: options.start });
    if (options.start.stream) {
      // Its first bytes will wait for START; a whole reply waits for END only.
      journal.syncSoon();
    }
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Resolves when START outlives this process; the upstream may then be asked. `undefined` = it does. */
  startWritten(): Promise<void> | undefined {
    return this.#options.ports.journal.written();
  }

  /** Resolves when START is safe; the client may then see bytes. `undefined` = it is. */
  startDurable(): Promise<void> | undefined {
    return this.#options.ports.durability.started(this.#startSeq);
  }

  /** From now on the call is priced as this channel prices it. */
  serve(serving: ServingChannel): void {
    this.#serving = serving;
  }

  /** The upstream's name of the model that serves. */
  pricedModel(): string {
    return this.#serving?.pricedModel ?? this.start.pricedModel;
  }

  /** Nothing was set aside, for the call cannot cost anything. */
  isFree(): boolean {
    return this.#options.lease === undefined;
  }

  /** Sees to it that what is held covers the price of a channel that is tried next. */
  async cover({ rate }: ServingChannel): Promise<MoreMoney> {
    const { inputTokensMax: input, outputTokensReserved: output } = this.estimate;
    const nanos = Number(estimateOf({ input, output }, rate, this.#options.multiplier));
    const missing = nanos - this.#coveredNanos;
    return missing <= 0 || this.#tryHold(missing) ? "granted" : this.#hold(missing);
  }

  /** Holds money for output tokens beyond those that it is held for already, if there is some at hand. */
  tryExtend(tokens: OutputStep): boolean {
    return this.#tryHold(this.#priceOf(tokens));
  }

  /** Like {@link tryExtend}, but waits for quota. Never rejects. */
  async extend(tokens: OutputStep): Promise<MoreMoney> {
    return this.#hold(this.#priceOf(tokens));
  }

  /** What has been passed on so far: billed if this process dies. */
  checkpoint(usage: TokenUsage): void {
    if (!this.#hasEnded && isCountable(usage)) {
      const { ports, call } = this.#options;
      const isLong = ports.clock.monotonicMs() - call.startedMonotonicMs >= limits.longCallMs;
      const delivered = { ...usage, calls: 1 };
      ports.journal.append({ kind: "checkpoint", start: this.start, usage: delivered, isLong });
    }
  }

  /**
   * Ends the call: END, the lease, the channel's sum, the line in the log. Answers the number of the END record, whose
   * durability the client's last byte waits for; `undefined` = it was ended before.
   */
  end(facts: EndFacts): number | undefined {
    if (this.#hasEnded) {
      return undefined;
    }
    this.#hasEnded = true;
    const { ports, call, lease } = this.#options;
    const end = this.#describeEnd(facts);
    const seq = ports.journal.append({ kind: "ended", start: this.start, end });
    if (lease !== undefined) {
      const money = { reservedNanos: this.#reservedNanos, costNanos: Number(end.costNanos) };
      settleExtended(ports, lease, money);
    }
    if (end.costNanos > 0n) {
      ports.health.charged(end.channelId, end.costNanos);
    }
    call.claim?.end(end.usage.calls > 0);
    logCall(ports.logger, call, end);
    return seq;
  }

  #priceOf({ from, to }: OutputStep): number {
    const rate = this.#serving?.rate;
    const { multiplier } = this.#options;
    const input = this.estimate.inputTokensMax;
    return rate === undefined
      ? 0
      : Number(
          estimateOf({ input, output: to }, rate, multiplier) -
            estimateOf({ input, output: from }, rate, multiplier),
        );
  }

  #tryHold(nanos: number): boolean {
    const { lease, ports } = this.#options;
    if (nanos === 0) {
      return true;
    }
    const from = lease === undefined ? undefined : ports.leases.tryReserve(lease, nanos);
    if (lease === undefined || from === undefined) {
      return false;
    }
    this.#join(lease, from, nanos);
    return true;
  }

  async #hold(nanos: number): Promise<MoreMoney> {
    const { lease, ports } = this.#options;
    if (lease === undefined) {
      return "unavailable";
    }
    const need = { estimate: nanos, estimateMax: nanos };
    const outcome = await ports.leases.reserve(lease, need);
    if (outcome.kind !== "reserved") {
      return outcome.kind;
    }
    this.#join(lease, outcome.lease, outcome.reservedNanos);
    return "granted";
  }

  #join(own: Lease, from: Lease, nanos: number): void {
    if (this.#hasEnded) {
      // The answer came too late.
      settleExtended(this.#options.ports, from, { reservedNanos: nanos, costNanos: 0 });
      return;
    }
    this.#coveredNanos += nanos;
    this.#reservedNanos += joinReservation(own, from, nanos);
  }

  #describeEnd(facts: EndFacts): CallEnd {
    const { ports, call, multiplier } = this.#options;
    const serving = this.#serving;
    const usage = facts.usage === undefined ? nothing : { ...facts.usage, calls: 1 };
    const isBilled = facts.usage !== undefined && serving !== undefined;
    const firstByteAtMs = call.client.firstByteAtMs();
    const { startedMonotonicMs: startedAtMs } = call;
    return {
      usage,
      basis: facts.basis,
      costNanos: isBilled ? costOf(usage, serving.rate, multiplier) : 0n,
      channelId: serving?.channel.id ?? 0,
      channelType: serving?.channel.type ?? 0,
      pricedModel: serving?.pricedModel ?? this.start.pricedModel,
      attempts: this.attempts,
      upstreamId: cut(facts.upstreamId, idMax),
      status: facts.status,
      errorReason: cut(facts.errorReason, idMax),
      errorMessage: cut(facts.errorMessage, textMax),
      ttftMs: firstByteAtMs === 0 ? 0 : Math.round(firstByteAtMs - startedAtMs),
      durationMs: Math.round(ports.clock.monotonicMs() - startedAtMs),
      isEstimated: facts.isEstimated === true,
      systemPromptReset: serving !== undefined && serving.channel.systemPrompt !== "",
    };
  }
}

function cut(text: string | undefined, charsMax: number): string {
  return text === undefined ? "" : text.slice(0, charsMax);
}
