/** Where an item lies in its {@link Bag}. */
export interface BagPlace<Item> {
  readonly item: Item;
  /** Owned by the bag; -1 = taken out. */
  index: number;
}

/**
 * What comes and goes thousands of times a second, in no order. A `Set` or `Map` used like that makes a new table every few
 * dozen changes; an old one points to the next, so as soon as one of them has grown old, all that follow, and whatever was in
 * them, outlive every quick collection. A bag has one array and forgets at once.
 */
export class Bag<Item> {
  readonly #places: BagPlace<Item>[] = [];

  get size(): number {
    return this.#places.length;
  }

  /** Puts an item in; the answer takes it out. */
  add(item: Item): BagPlace<Item> {
    const place: BagPlace<Item> = { item, index: this.#places.length };
    this.#places.push(place);
    return place;
  }

  /** Takes an item out; a second time does nothing. */
  remove(place: BagPlace<Item>): void {
    const { index } = place;
    const last = this.#places.at(-1);
    if (index < 0 || last === undefined) {
      return;
    }
    this.#places[index] = last;
    last.index = index;
    this.#places.pop();
    place.index = -1;
  }

  /** What is inside now; later changes do not show. */
  places(): readonly BagPlace<Item>[] {
    return [...this.#places];
  }
}
