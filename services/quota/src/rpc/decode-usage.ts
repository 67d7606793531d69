import { noUsage } from "#domain/usage.ts";
import type { Usage } from "#domain/usage.ts";
import type { WireReader } from "./wire-reader.ts";

/** A value while it is being read. */
export type Mutable<Value> = { -readonly [Field in keyof Value]: Value[Field] };

/** In the order of their field numbers, from 1. */
const usageFields = [
  "inputTokens",
  "cacheReadTokens",
  "cacheWrite5mTokens",
  "cacheWrite1hTokens",
  "outputTokens",
  "reasoningTokens",
  "audioInputTokens",
  "audioOutputTokens",
  "imageInputTokens",
  "imageOutputTokens",
  "calls",
  "images",
  "milliseconds",
  "characters",
] as const satisfies readonly (keyof Usage)[];

/** Usage as `tollgate.type.v1.Usage` tells it; unknown fields are passed over. */
export function readUsage(reader: WireReader): Usage {
  const usage: Mutable<Usage> = { ...noUsage };
  const outerEnd = reader.enter();
  while (reader.next()) {
    const field = usageFields[reader.field - 1];
    if (field === undefined) {
      reader.skip();
    } else {
      usage[field] = reader.uint32();
    }
  }
  reader.leave(outerEnd);
  return usage;
}
