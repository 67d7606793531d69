import type { Provider } from "#providers/provider.ts";

/** One kind of channel: One API's number, or one from 1000 on. All that differs between types is in such a row. */
export interface ChannelType {
  readonly id: number;
  /** Short name, lower case, such as `openai`. */
  readonly name: string;
  readonly labelEn: string;
  readonly labelZh: string;
  /** Speaks the type's dialect; absent = calls of this type cannot be relayed by this build. */
  readonly provider?: Provider;
  /** Default base URL without a trailing slash, "" = none. */
  readonly baseUrl: string;
  /** The channel must bring a base URL of its own. */
  readonly requiresBaseUrl: boolean;
  /** How the credential is written, such as `APIKey|SecretKey`. */
  readonly keyFormat: string;
  readonly configFields: readonly ConfigField[];
  /** Models that the type is known to have, offered when a channel is made. */
  readonly models: readonly string[];
  /** `owned_by` of its models in the model list. */
  readonly ownedBy: string;
}

/** One setting of a type, in the channel's `config`. */
export interface ConfigField {
  readonly name: string;
  readonly label: string;
  readonly required: boolean;
  readonly secret: boolean;
}
