/**
 * How a window of time is added up: whole days and hours from roll-ups, only the edges from rows. Roll-ups are written with
 * the settlement, by the start of the call, so the parts add up to exactly what the rows would.
 */

/** Which table a part of a window is added up from. */
export type RollUpSource = "day" | "hour" | "row";

/** From `fromSeconds` up to, not including, `toSeconds` (seconds since 1970). */
export interface WindowPart {
  readonly source: RollUpSource;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

const steps = Object.freeze([
  { source: "day", seconds: 86_400 },
  { source: "hour", seconds: 3600 },
  { source: "row", seconds: 1 },
] as const);

/** Covers the window without gap or overlap, with the largest steps that fit. Empty for an empty window. */
export function splitWindow(fromSeconds: number, toSeconds: number): readonly WindowPart[] {
  return cover({ fromSeconds, toSeconds }, 0);
}

function cover(window: Omit<WindowPart, "source">, level: number): readonly WindowPart[] {
  const step = steps[level];
  const { fromSeconds, toSeconds } = window;
  if (step === undefined || fromSeconds >= toSeconds) {
    return [];
  }
  const innerFrom = Math.ceil(fromSeconds / step.seconds) * step.seconds;
  const innerTo = Math.floor(toSeconds / step.seconds) * step.seconds;
  if (innerFrom >= innerTo) {
    return cover(window, level + 1);
  }
  return [
    ...cover({ fromSeconds, toSeconds: innerFrom }, level + 1),
    { source: step.source, fromSeconds: innerFrom, toSeconds: innerTo },
    ...cover({ fromSeconds: innerTo, toSeconds }, level + 1),
  ];
}
