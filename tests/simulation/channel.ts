/** One direction of a stream: what is pushed comes out in order until it is closed or fails. */
export interface Channel<Item> extends AsyncIterable<Item> {
  readonly push: (item: Item) => void;
  readonly close: () => void;
  /** Fails the reading at once; what was pushed and not read is lost. */
  readonly fail: (error: Error) => void;
}

export function createChannel<Item>(): Channel<Item> {
  let items: Item[] = [];
  let isClosed = false;
  let failure: Error | undefined;
  let wake = (): void => undefined;
  return {
    push: (item) => {
      if (!isClosed) {
        items.push(item);
        wake();
      }
    },
    close: () => {
      isClosed = true;
      wake();
    },
    fail: (error) => {
      if (!isClosed) {
        failure = error;
        isClosed = true;
        items = [];
        wake();
      }
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const item = items.shift();
        if (item !== undefined) {
          yield item;
        } else if (failure !== undefined) {
          throw failure;
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
