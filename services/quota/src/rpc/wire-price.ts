import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { PriceBookSchema, UnknownModelPolicy as WirePolicy } from "@tollgate/proto/type/v1/price";
import type { PriceBook as WirePriceBook } from "@tollgate/proto/type/v1/price";
import type { PriceBook, UnknownModelPolicy } from "#domain/price-book.ts";
import type { PriceTimeline } from "#domain/price-timeline.ts";
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
    message = create(PriceBookSchema, {
      version: BigInt(book.version),
      effectiveAt: timestampFromMs(book.effectiveAtMs),
      models: book.models.map(({ model, channelType, price }) => ({
        model,
        channelType,
        price: priceToWire(price),
      })),
      groupMultiplierPpm: Object.fromEntries(book.groupPpm),
      userMultiplierPpm: Object.fromEntries(book.userPpm),
      unknownModelPolicy: policies[book.texts.policy],
    });
    sent.set(book, message);
  }
  return message;
}

/** Which of the shown versions was in force when. */
export function versionsToWire(
  timeline: PriceTimeline,
  {
    shown,
    scheduled,
    nowMs,
  }: {
    readonly shown: readonly number[];
    readonly scheduled: ReadonlyMap<number, readonly string[]>;
    readonly nowMs: number;
  },
) {
  const current = timeline.currentAt(nowMs);
  const isShown = new Set(shown);
  return timeline.versions
    .filter(({ version }) => isShown.has(version))
    .map(({ version, effectiveAtMs }) => {
      const supersededAtMs = timeline.supersededAtMs(version);
      return {
        version: BigInt(version),
        effectiveAtMs: BigInt(effectiveAtMs),
        current: version === current,
        supersededAtMs: supersededAtMs > nowMs ? 0n : BigInt(supersededAtMs),
        scheduledOptions: [...(scheduled.get(version) ?? [])],
      };
    });
}

/** A price for each bucket, of short and of long prompts. */
export function priceToWire({ tiers, ...short }: PriceVector) {
  return {
    ...partsToWire(short),
    tiers: tiers.map(({ abovePromptTokens, price }) => ({
      abovePromptTokens: BigInt(abovePromptTokens),
      price: partsToWire(price),
    })),
  };
}

function partsToWire(price: Omit<PriceVector, "tiers">) {
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
