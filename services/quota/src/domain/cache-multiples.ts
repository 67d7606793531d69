/**
 * What cached input costs as a multiple of fresh input, where a provider has published it. Every other model pays for cached
 * input like for any input, which is what One API bills. Part of `rules: 1` (see completion-rules.ts).
 *
 * Sources: Anthropic's prompt caching guide (reads 0.1, five-minute writes 1.25, one-hour writes 2 times the input price, all
 * models since Claude 3) and OpenAI's price list (cached input at half price for the gpt-4o, o1 and o3-mini families, at a
 * quarter for gpt-4.1, o3 and o4-mini, at a tenth for gpt-5), both as of November 2026.
 */
import type { Ratio } from "./ratio.ts";
import { parseRatio } from "./ratio.ts";

/** Multiples of the input price. */
export interface CacheMultiples {
  readonly read: Ratio;
  readonly write5m: Ratio;
  readonly write1h: Ratio;
}

interface CacheRule {
  readonly prefixes: readonly string[];
  readonly read: string;
  readonly write5m: string;
  readonly write1h: string;
}

const cacheRules: readonly CacheRule[] = [
  { prefixes: ["claude-"], read: "0.1", write5m: "1.25", write1h: "2" },
  // Listed before their family because it has no discount for them.
  { prefixes: ["gpt-4o-2024-05-13", "gpt-4o-audio", "gpt-4o-realtime"], ...same("1") },
  { prefixes: ["gpt-4o", "o1", "o3-mini"], ...same("0.5") },
  { prefixes: ["gpt-4.1", "o3", "o4-mini"], ...same("0.25") },
  { prefixes: ["gpt-5"], ...same("0.1") },
];

const parsedRules = cacheRules.map(({ prefixes, read, write5m, write1h }) => ({
  prefixes,
  multiples: {
    read: parseRatio(read),
    write5m: parseRatio(write5m),
    write1h: parseRatio(write1h),
  },
}));

const one = parseRatio("1");
const noDiscount: CacheMultiples = Object.freeze({ read: one, write5m: one, write1h: one });

/** The multiples for a model; all 1 where none are published. */
export function cacheMultiplesOf(model: string): CacheMultiples {
  const found = parsedRules.find(({ prefixes }) => prefixes.some((p) => model.startsWith(p)));
  return found?.multiples ?? noDiscount;
}

/** Reads at a discount; writing costs nothing extra. */
function same(read: string): Omit<CacheRule, "prefixes"> {
  return { read, write5m: "1", write1h: "1" };
}
