/** Bounds how many upstreams are read at once for clients that have left. */
export interface DrainSlots {
  /** False = there is no room for one more. Whoever got true calls {@link release} once. */
  readonly take: () => boolean;
  readonly release: () => void;
}

export function createDrainSlots(countMax: number): DrainSlots {
  let count = 0;
  return {
    take: () => {
      if (count >= countMax) {
        return false;
      }
      count += 1;
      return true;
    },
    release: () => {
      count -= 1;
    },
  };
}
