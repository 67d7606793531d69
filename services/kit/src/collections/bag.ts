/** Where an item lies in its {@link Bag}. */
export interface BagPlace<Item> {
  /** Undefined = taken out. */
  item: Item | undefined;
  /** Owned by the bag. */
  index: number;
}

/**
 * What comes and goes thousands of times a second, in no order. Tables that a `Set` or `Map` has outgrown, once they are old
 * themselves, keep whatever was in them through every quick collection of garbage, and with it all that a call ever touched.
 * What is taken out of a bag is forgotten at once.
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
    const last = this.#places.at(-1);
    if (place.item === undefined || last === undefined) {
      return;
    }
    this.#places[place.index] = last;
    last.index = place.index;
    this.#places.pop();
    place.item = undefined;
  }

  /** Where the items are that are inside now. */
  places(): readonly BagPlace<Item>[] {
    return [...this.#places];
  }
}
