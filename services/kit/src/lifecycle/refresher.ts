/**
 * Makes a reading that never overlaps with itself: calls made while it runs share one more run after it, so that whoever
 * asks sees what was there when it asked, and an early reading that ends late undoes nothing. Rejects as `read` does.
 */
export function createRefresher(read: () => Promise<void>): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  const readAfter = async (earlier: Promise<unknown>): Promise<void> => {
    await earlier;
    waiting = undefined;
    await read();
  };
  return async () => {
    waiting ??= readAfter(running);
    const own = waiting;
    // A failure is for those who asked, not for those who come after.
    running = own.catch(() => undefined);
    await own;
  };
}
