import { type Signal, DestroyRef, effect, inject, signal } from "@angular/core";
import type { List } from "#core/list/list";
import { LiveStream, type Topic } from "#core/live/live-stream";
import { type LogRow, logKey } from "./log";
import { matchesFilters } from "./log-filters";

const PAINT_MS = 100;
const MOST_ROWS = 500;

export interface LogTail {
  readonly on: Signal<boolean>;
  readonly toggle: () => void;
  /** Rows that have just come in; they flash once. */
  readonly freshIds: Signal<ReadonlySet<string>>;
}

/** Lets new rows run in at the top of a log list, at most ten paints a second. */
export function injectLogTail(list: List<LogRow>, topic: Topic<LogRow>): LogTail {
  const live = inject(LiveStream);
  const on = signal(false);
  const freshIds = signal<ReadonlySet<string>>(new Set());
  let waiting: LogRow[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const paint = (): void => {
    timer = undefined;
    const batch = waiting.toReversed();
    waiting = [];
    freshIds.set(new Set(batch.map(logKey)));
    list.patchRows((rows) => {
      const known = new Set(rows.map(logKey));
      return [...batch.filter((row) => !known.has(logKey(row))), ...rows].slice(0, MOST_ROWS);
    });
  };
  const take = (row: LogRow): void => {
    const state = list.state();
    if (state.page !== 0 || !matchesFilters(row, state.filters)) return;
    waiting.push(row);
    if (waiting.length > MOST_ROWS) waiting.shift();
    timer ??= setTimeout(paint, PAINT_MS);
  };
  // Leaves Angular: the event stream is open only while the switch is on.
  effect((onCleanup) => {
    if (on()) onCleanup(live.listen(topic, take));
  });
  inject(DestroyRef).onDestroy(() => clearTimeout(timer));
  return { on, toggle: () => on.update((now) => !now), freshIds };
}
