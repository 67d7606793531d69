/**
 * How much of a stream its reservation pays for. A long answer reserves a part of what it may become and asks for more on the way, a
 * step at a time and half a step ahead; what is not paid for is not passed on.
 */
import { limits } from "#limits.ts";
import { reserveBytesPerToken } from "#pipeline/estimate.ts";
import type { MoreMoney, Settlement } from "#pipeline/settlement.ts";

export class OutputBudget {
  readonly #settlement: Settlement;
  readonly #tokensMax: number;
  #tokens: number;
  /** Content beyond this is not paid for. */
  #bytesPaid: number;
  #asking: Promise<MoreMoney> | undefined;
  /** From here on more is to be asked for: the one figure that is compared for every event. */
  askAtBytes: number;

  constructor(settlement: Settlement) {
    this.#settlement = settlement;
    this.#tokensMax = settlement.estimate.outputTokensLimit;
    this.#tokens = settlement.isFree() ? this.#tokensMax : settlement.estimate.outputTokensReserved;
    this.#bytesPaid = 0;
    this.askAtBytes = 0;
    this.#settle();
  }

  /**
   * Called with content beyond {@link askAtBytes}. True = it is paid for; otherwise {@link wait} tells what comes of asking for more.
   */
  covers(contentBytes: number): boolean {
    while (contentBytes > this.askAtBytes && this.#asking === undefined) {
      if (!this.#settlement.tryExtend(this.#nextStep())) {
        void this.#ask();
        break;
      }
      this.#grow();
    }
    return contentBytes <= this.#bytesPaid;
  }

  /** Resolves when quota has answered. */
  async wait(): Promise<MoreMoney> {
    return this.#asking ?? this.#ask();
  }

  async #ask(): Promise<MoreMoney> {
    const asking = this.#settlement.extend(this.#nextStep()).then((answer) => {
      this.#asking = undefined;
      if (answer === "granted") {
        this.#grow();
      } else {
        // Half a step is left: the next question comes when it is used up.
        this.askAtBytes = this.#bytesPaid;
      }
      return answer;
    });
    this.#asking = asking;
    return asking;
  }

  #nextStep(): { readonly from: number; readonly to: number } {
    const to = Math.min(this.#tokens + limits.outputTokensStep, this.#tokensMax);
    return { from: this.#tokens, to };
  }

  #grow(): void {
    this.#tokens = this.#nextStep().to;
    this.#settle();
  }

  #settle(): void {
    if (this.#tokens >= this.#tokensMax) {
      // The upstream keeps to the client's own bound, and that is paid for.
      this.#bytesPaid = Number.POSITIVE_INFINITY;
      this.askAtBytes = Number.POSITIVE_INFINITY;
    } else {
      this.#bytesPaid = this.#tokens * reserveBytesPerToken;
      this.askAtBytes = this.#bytesPaid - (limits.outputTokensStep / 2) * reserveBytesPerToken;
    }
  }
}
