import type { SseEvent } from "#upstream/sse.ts";

/** What an upstream sends on while its stream is held. Bounded by what comes before the upstream has stopped. */
export class EventQueue {
  readonly events: SseEvent[] = [];
  /** How the body ended behind the events; `undefined` = it has not. */
  end: (() => void) | undefined;
}
