import { anthropic } from "#providers/anthropic/index.ts";
import { channelTypeOf } from "#providers/channel-types.ts";
import { openai } from "#providers/openai/index.ts";
import type { Provider } from "#providers/provider.ts";

/** The dialects of upstreams, one each. Vendors that speak one of them with differences are rows of `channelTypes`. */
export const providers = { openai, anthropic } as const satisfies Record<string, Provider>;

/** Who speaks for channels of a type; undefined if this build cannot call them. */
export function providerOf(channelType: number): Provider | undefined {
  return channelTypeOf(channelType)?.provider;
}
