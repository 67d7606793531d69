/** The sending side of a stream: what is pushed comes out in order; ends when it is closed. */
export interface MessageQueue<Item> extends AsyncIterable<Item> {
  readonly push: (item: Item) => void;
  readonly close: () => void;
}

/** Unbounded by itself: whoever pushes has one message of each kind under way. */
export function createMessageQueue<Item>(): MessageQueue<Item> {
  const items: Item[] = [];
  let wake = (): void => undefined;
  let isClosed = false;
  return {
    push: (item) => {
      items.push(item);
      wake();
    },
    close: () => {
      isClosed = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const item = items.shift();
        if (item !== undefined) {
          yield item;
        } else if (isClosed) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
}
