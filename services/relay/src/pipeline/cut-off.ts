import type { BagPlace } from "@tollgate/kit/collections/bag";
import { Bag } from "@tollgate/kit/collections/bag";

/** Something that runs and can be ended. */
export type RunningPlace = BagPlace<() => void>;

/** Ends what is still running when the time to drain is over. */
export class CutOff {
  readonly #running = new Bag<() => void>();

  /** `cut` is called at most once, unless its place was removed before. */
  add(cut: () => void): RunningPlace {
    return this.#running.add(cut);
  }

  remove(place: RunningPlace): void {
    this.#running.remove(place);
  }

  cutAll(): void {
    for (const place of this.#running.places()) {
      const cut = place.item;
      this.#running.remove(place);
      cut?.();
    }
  }
}
