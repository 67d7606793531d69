import type { BagPlace } from "@tollgate/kit/collections/bag";
import { Bag } from "@tollgate/kit/collections/bag";

/** A deadline that has not come yet. */
export interface Deadline {
  readonly fire: () => void;
  readonly atMs: number;
}

const sweepsPerDuration = 20;

/**
 * Deadlines of one length for many requests at the price of one timer: each fires up to a twentieth of the length late. For
 * what nearly always ends long before.
 */
export class DeadlineSweep {
  readonly #durationMs: number;
  readonly #waiting = new Bag<Deadline>();
  #timer: NodeJS.Timeout | undefined;

  constructor(durationMs: number) {
    this.#durationMs = durationMs;
  }

  start(fire: () => void): BagPlace<Deadline> {
    this.#timer ??= setInterval(
      () => this.#sweep(),
      Math.ceil(this.#durationMs / sweepsPerDuration),
    ).unref();
    return this.#waiting.add({ fire, atMs: performance.now() + this.#durationMs });
  }

  cancel(place: BagPlace<Deadline>): void {
    this.#waiting.remove(place);
  }

  #sweep(): void {
    const nowMs = performance.now();
    for (const place of this.#waiting.places()) {
      const deadline = place.item;
      if (deadline !== undefined && deadline.atMs <= nowMs) {
        this.#waiting.remove(place);
        deadline.fire();
      }
    }
    if (this.#waiting.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}
