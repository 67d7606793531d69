import type { Clock } from "@tollgate/kit/clock/clock";
import { createRefresher } from "@tollgate/kit/lifecycle/refresher";
import { multiplierOf } from "@tollgate/kit/money/multiplier";
import { fault } from "#domain/faults.ts";
import type { UpstreamRate } from "#domain/upstream-cost.ts";
import { parsePrice, priceOfTexts } from "#domain/price-text.ts";
import type { Changes } from "#usecases/changes.ts";
import type { ChannelCostStore, StoredChannelCost } from "#usecases/money-ports.ts";
import type { Transactions } from "#usecases/transaction.ts";

/** What an operator says a channel charges for a model. */
export type ChannelCost = Omit<StoredChannelCost, "channelId">;

/** New costs of a channel. */
export interface SetChannelCostsInput {
  readonly channelId: number;
  readonly costs: readonly ChannelCost[];
  readonly actorId: number;
}

/** What channels charge us. */
export interface ChannelCosts {
  /** From memory; undefined = the list price. */
  readonly rateOf: (channelId: number, model: string) => UpstreamRate | undefined;
  /** From memory, by model. */
  readonly list: (channelId: number) => readonly ChannelCost[];
  /** Replaces all costs of a channel, for what is settled from now on. Throws COST_INVALID. */
  readonly set: (input: SetChannelCostsInput) => Promise<void>;
  readonly close: () => void;
}

/** What {@link openChannelCosts} needs. */
export interface ChannelCostsPorts {
  readonly channelCosts: ChannelCostStore;
  readonly transactions: Transactions;
  readonly changes: Pick<Changes, "notify" | "flush" | "subscribe">;
  readonly clock: Pick<Clock, "nowMs">;
  /** Hears of a failure to read what has changed. */
  readonly onError: (error: unknown) => void;
}

const costsMax = 500;
const modelCharactersMax = 160;
// A thousand times the list price.
const multiplierPpmMax = 1_000_000_000;
const everyModel = "";

type RatesByChannel = ReadonlyMap<number, ReadonlyMap<string, UpstreamRate>>;

interface Known {
  readonly rates: RatesByChannel;
  readonly costs: readonly StoredChannelCost[];
}

/** Reads all costs and follows their changes by any replica. */
export async function openChannelCosts(ports: ChannelCostsPorts): Promise<ChannelCosts> {
  const { channelCosts, transactions, changes, clock } = ports;
  let known = indexCosts(await channelCosts.readAll());
  const refresh = createRefresher(async () => {
    known = indexCosts(await channelCosts.readAll());
  });
  const unsubscribe = changes.subscribe(({ isCostChange = false }) => {
    if (isCostChange) {
      refresh().catch(ports.onError);
    }
  });
  return {
    rateOf(channelId, model) {
      const rates = known.rates.get(channelId);
      return rates === undefined ? undefined : (rates.get(model) ?? rates.get(everyModel));
    },
    list: (channelId) => known.costs.filter((cost) => cost.channelId === channelId),
    async set({ channelId, costs, actorId }) {
      checkCosts(channelId, costs);
      const rows = costs.map((cost) => ({ ...cost, channelId }));
      await transactions.run(async (tx) => {
        const nowMs = clock.nowMs();
        await channelCosts.replace({ channelId, costs: rows, actorId, nowMs }, tx);
        await changes.notify({ isCostChange: true }, tx);
      });
      await changes.flush();
      await refresh();
    },
    close: unsubscribe,
  };
}

function indexCosts(costs: readonly StoredChannelCost[]): Known {
  const rates = new Map<number, Map<string, UpstreamRate>>();
  for (const { channelId, model, multiplierPpm, priceJson } of costs) {
    const ofChannel = rates.get(channelId) ?? new Map<string, UpstreamRate>();
    ofChannel.set(model, {
      multiplier: multiplierOf(BigInt(multiplierPpm)),
      price: priceJson === "" ? undefined : priceOfTexts(parsePrice(priceJson)),
    });
    rates.set(channelId, ofChannel);
  }
  return { rates, costs };
}

function checkCosts(channelId: number, costs: readonly ChannelCost[]): void {
  const models = new Set(costs.map(({ model }) => model));
  if (channelId <= 0 || costs.length > costsMax || models.size < costs.length) {
    throw costFault(`A channel has at most ${costsMax} costs, one a model.`);
  }
  for (const { model, multiplierPpm, priceJson } of costs) {
    const isMultiplier = Number.isInteger(multiplierPpm) && multiplierPpm >= 0;
    if (!isMultiplier || multiplierPpm > multiplierPpmMax) {
      throw costFault(`A multiplier is a whole number from 0 to ${multiplierPpmMax}.`);
    }
    if (model.length > modelCharactersMax) {
      throw costFault(`A model has at most ${modelCharactersMax} characters.`);
    }
    checkPrice(priceJson);
  }
}

function checkPrice(priceJson: string): void {
  try {
    if (priceJson !== "") {
      parsePrice(priceJson);
    }
  } catch (error) {
    // Translates: whatever is wrong with the text is the operator's to mend.
    const reason = error instanceof RangeError ? error.message : "it is not JSON";
    throw costFault(`The price cannot be read: ${reason}.`, error);
  }
}

function costFault(sentence: string, cause?: unknown): Error {
  return fault("COST_INVALID", { sentence, cause });
}
