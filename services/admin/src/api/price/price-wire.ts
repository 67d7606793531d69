import { type Static, Type } from "typebox";
import type { PriceVector } from "@tollgate/proto/type/v1/price";

const perMillion = Type.String({ description: "USD per million, exact." });
const perUnit = Type.String({ description: "USD each, exact." });

const partFields = {
  input: perMillion,
  cache_read: perMillion,
  cache_write_5m: perMillion,
  cache_write_1h: perMillion,
  output: perMillion,
  reasoning: perMillion,
  audio_input: perMillion,
  audio_output: perMillion,
  image_input: perMillion,
  image_output: perMillion,
  characters: perMillion,
  call: perUnit,
  image: perUnit,
  second: perUnit,
};

/** A price in decimal dollars, with the words of option ModelPrice. */
export const priceSchema = Type.Object({
  ...partFields,
  tiers: Type.Array(
    Type.Object({
      above: Type.Integer({
        description: "The whole call costs this when its input has more tokens than this.",
      }),
      ...partFields,
    }),
  ),
});

const millionthDigits = 6;
const unitDigits = 12;
const millisecondsPerSecond = 1000n;

/** A price for people: every part, also those that follow from others. */
export function priceToWire(price: PriceVector): Static<typeof priceSchema> {
  const tiers = price.tiers.flatMap(({ abovePromptTokens, price: long }) =>
    long === undefined ? [] : [{ above: Number(abovePromptTokens), ...partsToWire(long) }],
  );
  return { ...partsToWire(price), tiers };
}

function partsToWire(price: PriceVector) {
  return {
    input: decimal(price.inputPicoUsd, millionthDigits),
    cache_read: decimal(price.cacheReadPicoUsd, millionthDigits),
    cache_write_5m: decimal(price.cacheWrite5mPicoUsd, millionthDigits),
    cache_write_1h: decimal(price.cacheWrite1hPicoUsd, millionthDigits),
    output: decimal(price.outputPicoUsd, millionthDigits),
    reasoning: decimal(price.reasoningPicoUsd, millionthDigits),
    audio_input: decimal(price.audioInputPicoUsd, millionthDigits),
    audio_output: decimal(price.audioOutputPicoUsd, millionthDigits),
    image_input: decimal(price.imageInputPicoUsd, millionthDigits),
    image_output: decimal(price.imageOutputPicoUsd, millionthDigits),
    characters: decimal(price.characterPicoUsd, millionthDigits),
    call: decimal(price.callPicoUsd, unitDigits),
    image: decimal(price.imagePicoUsd, unitDigits),
    second: decimal(price.millisecondPicoUsd * millisecondsPerSecond, unitDigits),
  };
}

/** value / 10^digits without a rounding. */
function decimal(value: bigint, digits: number): string {
  const padded = value.toString().padStart(digits + 1, "0");
  const fraction = padded.slice(-digits).replace(/0+$/u, "");
  const whole = padded.slice(0, -digits);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}
