import type { Clock, Timer } from "@tollgate/kit/clock/clock";

/** Lets the first news through at once and holds what follows until a pause has passed. */
export interface LeadingEdge {
  readonly note: () => void;
  /** There is news, and it need not be held any longer. */
  readonly isDue: () => boolean;
  /** The news was taken: the pause begins. */
  readonly pause: () => void;
  /** Forgets news and pause. */
  readonly reset: () => void;
}

/** `onDue` is called whenever news becomes due. */
export function createLeadingEdge(
  clock: Pick<Clock, "setTimeout">,
  pauseMs: number,
  onDue: () => void,
): LeadingEdge {
  let hasNews = false;
  let timer: Timer | undefined;
  const isDue = (): boolean => hasNews && timer === undefined;
  const tell = (): void => {
    if (isDue()) {
      onDue();
    }
  };
  const reset = (): void => {
    timer?.cancel();
    timer = undefined;
    hasNews = false;
  };
  return {
    note: () => {
      hasNews = true;
      tell();
    },
    isDue,
    pause: () => {
      reset();
      timer = clock.setTimeout(() => {
        timer = undefined;
        tell();
      }, pauseMs);
    },
    reset,
  };
}
