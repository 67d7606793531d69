/**
 * Prices as people write them: decimal dollars per million tokens or per unit. The texts are what is stored, so that a price is
 * computed the same for ever; they become pico-USD by one multiplication and one rounding.
 */
import type { PricePart, PriceVector } from "./price.ts";
import { tokensPerImage } from "./price.ts";
import { parseRatio, parseWithDigits, scaleByRatios } from "./ratio.ts";

/** Names of the parts of a price, as operators write them. */
export type PriceWord =
  /** USD per million tokens. */
  | "input"
  | "cache_read"
  | "cache_write_5m"
  | "cache_write_1h"
  | "output"
  | "reasoning"
  | "audio_input"
  | "audio_output"
  | "image_input"
  | "image_output"
  /** USD per million characters. */
  | "characters"
  /** USD each. */
  | "call"
  | "image"
  | "second";

/** The decimal texts of a price; what is absent follows from input and output. */
export type PricePartTexts = Readonly<Partial<Record<PriceWord, string>>>;

/** The price of long prompts: what it leaves out is as for short ones, or follows from its own input and output. */
export interface PriceTierTexts extends PricePartTexts {
  /** More input tokens than this, of all kinds. */
  readonly above: string;
}

/** A price. */
export interface PriceTexts extends PricePartTexts {
  readonly tiers?: readonly PriceTierTexts[];
}

/** Prices by name: `model`, `model(channelType)`, or `model#size/quality` for a kind of image. */
export type PriceTable = Readonly<Record<string, PriceTexts>>;

interface Word {
  readonly part: PricePart;
  /** Pico-USD of one dollar of the unit. */
  readonly picos: bigint;
}

const perMillion = 10n ** 6n;
const perUnit = 10n ** 12n;

/** Every word with the part that it names. */
export const priceWords: Readonly<Record<PriceWord, Word>> = Object.freeze({
  input: { part: "input", picos: perMillion },
  cache_read: { part: "cacheRead", picos: perMillion },
  cache_write_5m: { part: "cacheWrite5m", picos: perMillion },
  cache_write_1h: { part: "cacheWrite1h", picos: perMillion },
  output: { part: "output", picos: perMillion },
  reasoning: { part: "reasoning", picos: perMillion },
  audio_input: { part: "audioInput", picos: perMillion },
  audio_output: { part: "audioOutput", picos: perMillion },
  image_input: { part: "imageInput", picos: perMillion },
  image_output: { part: "imageOutput", picos: perMillion },
  characters: { part: "character", picos: perMillion },
  call: { part: "call", picos: perUnit },
  image: { part: "image", picos: perUnit },
  second: { part: "millisecond", picos: perUnit / 1000n },
});

const tiersMax = 8;
const tokensMax = 100_000_000;
// A million dollars per million tokens, or per image.
const dollarsMax = parseRatio("1000000");

/** The price that texts stand for. */
export function priceOfTexts({ tiers = [], ...parts }: PriceTexts): PriceVector {
  return {
    ...partsOf(parts),
    tiers: tiers.map(({ above, ...long }) => ({
      abovePromptTokens: Number(above),
      price: { ...partsOf({ ...untouched(parts, long), ...long }), tiers: [] },
    })),
  };
}

/** Reads a JSON object of prices by name. Throws a `RangeError` that says what is wrong, or a `SyntaxError`. */
export function parsePriceTable(json: string): PriceTable {
  const parsed = parseWithDigits(json, (text) => text);
  const table: Record<string, PriceTexts> = {};
  for (const [name, value] of entriesOf(parsed, "the table")) {
    if (name === "" || name.length > nameMax) {
      throw new RangeError(`a name must have 1 to ${nameMax} characters`);
    }
    table[name] = readPrice(name, value);
  }
  return table;
}

/** Reads one price as {@link parsePriceTable} reads many. */
export function parsePrice(json: string): PriceTexts {
  return readPrice(
    "the price",
    parseWithDigits(json, (text) => text),
  );
}

const nameMax = 160;

function readPrice(name: string, value: unknown): PriceTexts {
  const { tiers, ...parts } = Object.fromEntries(entriesOf(value, name));
  const read = readParts(name, parts);
  if (tiers === undefined) {
    return read;
  }
  if (!Array.isArray(tiers) || tiers.length > tiersMax) {
    throw new RangeError(`${name}: tiers must be a list of at most ${tiersMax}`);
  }
  return { ...read, tiers: readTiers(name, tiers) };
}

function readTiers(name: string, tiers: readonly unknown[]): readonly PriceTierTexts[] {
  let last = 0;
  return tiers.map((tier) => {
    const { above, ...parts } = Object.fromEntries(entriesOf(tier, name));
    const isRising = typeof above === "string" && /^\d{1,9}$/u.test(above) && Number(above) > last;
    if (!isRising || Number(above) > tokensMax) {
      throw new RangeError(`${name}: tiers need rising whole numbers "above"`);
    }
    last = Number(above);
    return { ...readParts(name, parts), above };
  });
}

function readParts(name: string, parts: Readonly<Record<string, unknown>>): PricePartTexts {
  const texts: Partial<Record<PriceWord, string>> = {};
  for (const [word, value] of Object.entries(parts)) {
    if (!isPriceWord(word)) {
      throw new RangeError(`${name}: "${word.slice(0, nameMax)}" is no part of a price`);
    }
    if (typeof value !== "string" || !isPrice(value)) {
      throw new RangeError(`${name}: ${word} must be a number of dollars from 0 to 1000000`);
    }
    texts[word] = value;
  }
  return texts;
}

function isPriceWord(word: string): word is PriceWord {
  return Object.hasOwn(priceWords, word);
}

function isPrice(text: string): boolean {
  try {
    const { numerator, denominator } = parseRatio(text);
    return !text.includes("/") && numerator <= dollarsMax.numerator * denominator;
  } catch {
    // Not a number: the caller says so in a sentence.
    return false;
  }
}

function entriesOf(value: unknown, what: string): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RangeError(`${what} must be a JSON object`);
  }
  return Object.entries(value);
}

/** Parts of short prompts that a tier leaves out and that do not follow from what it says. */
function untouched(parts: PricePartTexts, long: PricePartTexts): PricePartTexts {
  const { call, second, image, characters, input, output } = parts;
  const kept = { call, second, image, characters };
  const cached = long.input === undefined ? parts : {};
  return withoutUndefined({ ...cached, ...kept, input, output });
}

function withoutUndefined(
  parts: Readonly<Partial<Record<PriceWord, string | undefined>>>,
): PricePartTexts {
  return Object.fromEntries(Object.entries(parts).filter(([, text]) => text !== undefined));
}

function partsOf(texts: PricePartTexts): Omit<PriceVector, "tiers"> {
  const said = (word: PriceWord): bigint | undefined => {
    const text = texts[word];
    return text === undefined
      ? undefined
      : scaleByRatios(priceWords[word].picos, [parseRatio(text)]);
  };
  const input = said("input") ?? 0n;
  const output = said("output") ?? 0n;
  const cacheWrite5m = said("cache_write_5m") ?? input;
  return {
    input,
    cacheRead: said("cache_read") ?? input,
    cacheWrite5m,
    cacheWrite1h: said("cache_write_1h") ?? cacheWrite5m,
    output,
    reasoning: said("reasoning") ?? output,
    audioInput: said("audio_input") ?? input,
    audioOutput: said("audio_output") ?? output,
    imageInput: said("image_input") ?? input,
    imageOutput: said("image_output") ?? output,
    call: said("call") ?? 0n,
    image: said("image") ?? input * tokensPerImage,
    millisecond: said("second") ?? 0n,
    character: said("characters") ?? input,
  };
}
