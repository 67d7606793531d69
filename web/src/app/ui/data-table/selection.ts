import { type Signal, computed, signal } from "@angular/core";

/** Which rows of a table are ticked; survives paging, is emptied by hand. */
export class Selection {
  readonly #ids = signal<ReadonlySet<string>>(new Set());
  #anchor = "";
  readonly ids = this.#ids.asReadonly();
  readonly count: Signal<number> = computed(() => this.#ids().size);

  has(id: string): boolean {
    return this.#ids().has(id);
  }

  /** The ticked ones among the rows. */
  pick<T>(rows: readonly T[], rowId: (row: T) => string): readonly T[] {
    return rows.filter((row) => this.has(rowId(row)));
  }

  clear(): void {
    this.#ids.set(new Set());
    this.#anchor = "";
  }

  /** Ticks or unticks a row; with `range`, all rows from the last one touched to this one. */
  toggle(id: string, order: readonly string[], range = false): void {
    const next = new Set(this.#ids());
    const on = !next.has(id);
    const from = range ? order.indexOf(this.#anchor) : -1;
    const to = order.indexOf(id);
    const touched = from < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const each of touched) {
      if (on) next.add(each);
      else next.delete(each);
    }
    this.#anchor = id;
    this.#ids.set(next);
  }

  setAll(order: readonly string[], on: boolean): void {
    const next = new Set(this.#ids());
    for (const id of order) {
      if (on) next.add(id);
      else next.delete(id);
    }
    this.#ids.set(next);
  }
}
