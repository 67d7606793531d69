/** A deadline that has not come yet. */
export interface Deadline {
  cancel(): void;
}

const sweepsPerDuration = 20;

/**
 * Deadlines of one length for many requests at the price of one timer: each fires up to a twentieth of the length late. For
 * what nearly always ends long before.
 */
export class DeadlineSweep {
  readonly #durationMs: number;
  /** In the order of their time, for all are equally long. */
  readonly #waiting = new Map<Deadline, Waiting>();
  #timer: NodeJS.Timeout | undefined;

  constructor(durationMs: number) {
    this.#durationMs = durationMs;
  }

  start(fire: () => void): Deadline {
    const deadline = { cancel: () => this.#waiting.delete(deadline) };
    this.#waiting.set(deadline, { fire, atMs: performance.now() + this.#durationMs });
    this.#timer ??= setInterval(
      () => this.#sweep(),
      Math.ceil(this.#durationMs / sweepsPerDuration),
    ).unref();
    return deadline;
  }

  #sweep(): void {
    const nowMs = performance.now();
    for (const [deadline, { fire, atMs }] of this.#waiting) {
      if (atMs > nowMs) {
        return;
      }
      this.#waiting.delete(deadline);
      fire();
    }
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

interface Waiting {
  readonly fire: () => void;
  readonly atMs: number;
}
