import type { Clock } from "@tollgate/kit/clock/clock";

/** Resolves after the time or when the signal is aborted, whichever comes first. */
export async function pause(
  clock: Pick<Clock, "setTimeout">,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) {
    return;
  }
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      timer.cancel();
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = clock.setTimeout(wake, ms);
    signal.addEventListener("abort", wake);
  });
}
