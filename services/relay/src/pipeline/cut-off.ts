/** Ends what is still running when the time to drain is over. */
export class CutOff {
  readonly #listeners = new Set<() => void>();

  /** `cut` is called at most once, unless it was removed before. */
  add(cut: () => void): void {
    this.#listeners.add(cut);
  }

  remove(cut: () => void): void {
    this.#listeners.delete(cut);
  }

  cutAll(): void {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const cut of listeners) {
      cut();
    }
  }
}
