import type { ChannelTarget, Provider } from "#providers/provider.ts";

/** A channel as a call needs it. Immutable; one object serves every call of a snapshot. */
export interface RoutedChannel {
  readonly id: number;
  readonly type: number;
  readonly name: string;
  readonly enabled: boolean;
  /** At least 1. */
  readonly weight: number;
  /** Higher first. */
  readonly priority: number;
  readonly models: ReadonlySet<string>;
  readonly groups: readonly string[];
  /** Public name to upstream name. */
  readonly modelMapping: ReadonlyMap<string, string>;
  /** "" = none. */
  readonly systemPrompt: string;
  /** A stream is read to its end when its client has left, and billed by its usage; otherwise it is stopped. */
  readonly drainsStreams: boolean;
  /** The same for a reply that comes whole. */
  readonly drainsWhole: boolean;
  readonly target: ChannelTarget;
  /** Absent = this build cannot relay calls of the type. */
  readonly provider?: Provider;
}

/** The name under which the channel's upstream knows a model. */
export function upstreamModelOf(channel: RoutedChannel, model: string): string {
  return channel.modelMapping.get(model) ?? model;
}
