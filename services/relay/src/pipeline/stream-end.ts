/** The ends that a stream can come to, each with its bill. */
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import type { AnsweredAttempt } from "#pipeline/attempt.ts";
import { endDurable } from "#pipeline/attempt.ts";
import type { EndFacts, MoreMoney } from "#pipeline/settlement.ts";
import type { StreamTally } from "#pipeline/stream-tally.ts";
import type { Problem } from "#surfaces/surface.ts";

/** Every method is called at most once, and one of them only. The promises resolve when END is on the disk. */
export class StreamEnd {
  readonly #attempt: AnsweredAttempt;
  readonly #tally: StreamTally;

  constructor(attempt: AnsweredAttempt, tally: StreamTally) {
    this.#attempt = attempt;
    this.#tally = tally;
  }

  /** The upstream has said everything. */
  async complete(isDrained: boolean): Promise<void> {
    const { ports, channel } = this.#attempt;
    const usage = ports.usageWatch.accept(channel.id, this.#tally.usage);
    if (usage === undefined) {
      const basis = isDrained ? "aborted" : "counted";
      return this.#settleCounted({ basis, status: 200 });
    }
    this.#tally.forget();
    return this.#settle({ basis: isDrained ? "drained" : "usage", usage, status: 200 });
  }

  /** The upstream failed when something was on its way to the client. */
  async fail(fault: UpstreamFault): Promise<void> {
    const facts = { status: 200, errorReason: fault.reason, errorMessage: fault.message };
    if (this.#tally.passedBytes() > 0) {
      return this.#settleCounted({ ...facts, basis: "partial" });
    }
    this.#tally.forget();
    return this.#settle({ ...facts, basis: "failed" });
  }

  /** The client has left. */
  async abandon(hasSent: boolean): Promise<void> {
    const status = hasSent ? 200 : 499;
    return this.#settleCounted({ basis: "aborted", status, errorReason: "CLIENT_GONE" });
  }

  /** There is no money for more. Answers what the client is told. */
  cutOff(answer: Exclude<MoreMoney, "granted">): {
    readonly seq: Promise<void>;
    readonly last: string;
  } {
    const { ports, call } = this.#attempt;
    const problem = problems[answer];
    const last =
      (call.surface.cutShort?.({
        upstreamId: this.#tally.upstreamId,
        requestId: call.idText,
        model: call.brief.model,
        choices: call.brief.choices,
        nowSeconds: Math.floor(ports.clock.nowMs() / 1000),
      }) ?? "") + call.surface.problem.streamEvent({ ...problem, requestId: call.idText });
    const errorReason = answer === "refused" ? "BALANCE_EXHAUSTED" : "MONEY_UNREACHABLE";
    const errorMessage = problem.message;
    const seq = this.#settleCounted({ basis: "cutoff", status: 200, errorReason, errorMessage });
    return { seq, last };
  }

  async #settleCounted(facts: EndFacts): Promise<void> {
    const { usage, isEstimated } = await this.#tally.count();
    return this.#settle({ ...facts, usage, isEstimated });
  }

  async #settle(facts: EndFacts): Promise<void> {
    const { ports, settlement } = this.#attempt;
    const seq = settlement.end({ ...facts, upstreamId: this.#tally.upstreamId });
    return endDurable(ports, seq);
  }
}

const problems: Readonly<Record<Exclude<MoreMoney, "granted">, Omit<Problem, "requestId">>> = {
  refused: {
    status: 403,
    message: "The balance is used up: the answer ends here.",
    type: "one_api_error",
    code: "insufficient_user_quota",
    param: "",
  },
  unavailable: {
    status: 503,
    message: "The balance cannot be looked up just now: the answer ends here.",
    type: "one_api_error",
    code: "service_unavailable",
    param: "",
  },
};
