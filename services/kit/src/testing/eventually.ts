import { setTimeout as delay } from "node:timers/promises";

const askEveryMs = 5;

/** Resolves once the condition holds; rejects when it does not within the time. For what happens beyond this process. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > endMs) {
      throw new Error(`did not come about within ${timeoutMs} ms: ${condition.toString()}`);
    }
    await delay(askEveryMs);
  }
}
