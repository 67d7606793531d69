import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { PriceBookSchema, UnknownModelPolicy as WirePolicy } from "@tollgate/proto/type/v1/price";
import type { PriceBook as WirePriceBook } from "@tollgate/proto/type/v1/price";
import type { PriceBook, UnknownModelPolicy } from "#domain/price-book.ts";
import type { PriceVector } from "#domain/price.ts";

const policies = {
  "default-ratio": WirePolicy.DEFAULT_RATIO,
  refuse: WirePolicy.REFUSE,
  free: WirePolicy.FREE,
} as const satisfies Readonly<Record<UnknownModelPolicy, WirePolicy>>;

// A book is sent to every relay, and never changes.
const sent = new WeakMap<PriceBook, WirePriceBook>();

/** The whole book. */
export function priceBookToWire(book: PriceBook): WirePriceBook {
  let message = sent.get(book);
  if (message === undefined) {
    const multipliers = [...book.groupPpm].map(([group, ppm]) => [group, BigInt(ppm)] as const);
    message = create(PriceBookSchema, {
      version: BigInt(book.version),
      effectiveAt: timestampFromMs(book.effectiveAtMs),
      models: book.models.map(({ model, channelType, price }) => ({
        model,
        channelType,
        price: priceToWire(price),
      })),
      groupMultiplierPpm: Object.fromEntries(multipliers),
      unknownModelPolicy: policies[book.policy],
    });
    sent.set(book, message);
  }
  return message;
}

/** A price for each bucket. */
export function priceToWire(price: PriceVector) {
  return {
    inputPicoUsd: price.input,
    cacheReadPicoUsd: price.cacheRead,
    cacheWrite5mPicoUsd: price.cacheWrite5m,
    cacheWrite1hPicoUsd: price.cacheWrite1h,
    outputPicoUsd: price.output,
    reasoningPicoUsd: price.reasoning,
    audioInputPicoUsd: price.audioInput,
    audioOutputPicoUsd: price.audioOutput,
    imageInputPicoUsd: price.imageInput,
    imageOutputPicoUsd: price.imageOutput,
    callPicoUsd: price.call,
    imagePicoUsd: price.image,
    millisecondPicoUsd: price.millisecond,
    characterPicoUsd: price.character,
  };
}
