/** Which price version is in force when. */

/** From when a version is in force. */
export interface VersionTime {
  readonly version: number;
  readonly effectiveAtMs: number;
}

/** Versions in the order of their times; of equal times the higher version counts. */
export interface PriceTimeline {
  /** The latest first. */
  readonly versions: readonly VersionTime[];
  readonly has: (version: number) => boolean;
  /** The version in force at a moment; before the first one's time it is the first. 0 = there is none at all. */
  readonly currentAt: (nowMs: number) => number;
  /** Versions whose time comes after a moment, the next first. */
  readonly after: (nowMs: number) => readonly number[];
  /** From when another version is in force instead; Infinity for an unknown one and while nothing follows. */
  readonly supersededAtMs: (version: number) => number;
}

/** Calls that start with a version later than this after it was superseded are marked. */
export const outdatedAfterMs = 600_000;

/** Puts versions in order. */
export function priceTimeline(times: readonly VersionTime[]): PriceTimeline {
  const versions = times.toSorted(
    (left, right) => right.effectiveAtMs - left.effectiveAtMs || right.version - left.version,
  );
  const superseded = new Map<number, number>();
  let next = Infinity;
  for (const { version, effectiveAtMs } of versions) {
    superseded.set(version, next);
    next = effectiveAtMs;
  }
  return {
    versions,
    has: (version) => superseded.has(version),
    currentAt: (nowMs) =>
      (versions.find(({ effectiveAtMs }) => effectiveAtMs <= nowMs) ?? versions.at(-1))?.version ??
      0,
    after: (nowMs) =>
      versions
        .filter(({ effectiveAtMs }) => effectiveAtMs > nowMs)
        .map(({ version }) => version)
        .toReversed(),
    supersededAtMs: (version) => superseded.get(version) ?? Infinity,
  };
}
