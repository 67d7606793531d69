/** What waits to be sent on a stream: items are put in by anybody and taken out by one reader. */
export interface PushQueue<Item> {
  /** False when the queue is full or closed; the item is not taken. */
  readonly push: (item: Item) => boolean;
  /** Ends the reading after what is already in. */
  readonly close: () => void;
  /** Fails the reading at once. */
  readonly fail: (error: Error) => void;
  readonly items: () => AsyncIterable<Item>;
}

/** Makes a queue of at most `itemsMax` items. */
export function createPushQueue<Item>(itemsMax: number): PushQueue<Item> {
  let waiting: Item[] = [];
  let isClosed = false;
  let failure: Error | undefined;
  let wake = (): void => undefined;

  async function* items(): AsyncIterable<Item> {
    for (;;) {
      if (failure !== undefined) {
        throw failure;
      }
      if (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        yield* batch;
      } else if (isClosed) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }

  return {
    push(item) {
      if (isClosed || waiting.length >= itemsMax) {
        return false;
      }
      waiting.push(item);
      wake();
      return true;
    },
    close() {
      isClosed = true;
      wake();
    },
    fail(error) {
      failure = error;
      isClosed = true;
      wake();
    },
    items,
  };
}
