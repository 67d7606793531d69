/** Whether a channel is used, and if not, who switched it off. */
export type ChannelStatus = "enabled" | "disabled" | "auto-disabled";

/** What an operator sets, without the credential. */
export interface ChannelSettings {
  /** One API's number of the provider, or one from 1000 on. */
  readonly type: number;
  readonly status: ChannelStatus;
  readonly name: string;
  /** Chance within the priority tier; 0 counts as 1. */
  readonly weight: number;
  /** Higher is tried first. */
  readonly priority: bigint;
  /** "" = the type's own. */
  readonly baseUrl: string;
  readonly models: readonly string[];
  readonly groups: readonly string[];
  /** Public name to upstream name. */
  readonly modelMapping: Readonly<Record<string, string>>;
  /** Settings that the type needs; some of them are secrets. */
  readonly config: Readonly<Record<string, string>>;
  readonly systemPrompt: string;
  /** One API's deprecated column, kept as it is. */
  readonly other: string;
}

/** A channel as operators see it. */
export interface Channel extends ChannelSettings {
  readonly id: number;
  /** Why it was switched off, "" = not said. */
  readonly statusReason: string;
  /** The end of the credential. */
  readonly keyHint: string;
  /** Seconds since 1970. */
  readonly createdAtSeconds: number;
  /** Of the last test; 0 = it failed, or there was none. */
  readonly responseTimeMs: number;
  /** Seconds since 1970, 0 = never. */
  readonly testedAtSeconds: number;
  readonly balanceNanos: bigint;
  /** Seconds since 1970, 0 = never. */
  readonly balanceUpdatedAtSeconds: number;
  /** Charged to customers through this channel. */
  readonly usedNanos: bigint;
}

/** What a call wants to set; absent fields stay, or take their default in a new channel. */
export type ChannelDraft = Partial<ChannelSettings> & {
  /** One or several credentials, one a line; "" = keep. */
  readonly credential?: string;
};

/** A channel about to be stored. */
export interface NewChannel {
  readonly settings: ChannelSettings;
  readonly credential: string;
}

/** All that a relay needs to call a channel. Holds the plain credential: memory only, never a log. */
export interface RoutedChannel extends ChannelSettings {
  readonly id: number;
  readonly credential: string;
}

/** The type that answers by itself and needs neither upstream nor credential. */
export const demoChannelType = 1000;

/** What a new channel is when its draft does not say. */
export const channelDefaults: ChannelSettings = Object.freeze({
  type: 1,
  status: "enabled",
  name: "",
  weight: 0,
  priority: 0n,
  baseUrl: "",
  models: [],
  groups: ["default"],
  modelMapping: {},
  config: {},
  systemPrompt: "",
  other: "",
});

/** The end of a credential that may be shown; "" when the credential is too short to show any of it. */
export function keyHintOf(credential: string): string {
  const characters = credential.replaceAll(/[^\p{L}\p{N}]/gu, "");
  return characters.length < 8 ? "" : characters.slice(-4);
}
