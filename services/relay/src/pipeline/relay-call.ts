/** The one path of every call, step by step. */
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import type { CallStart } from "#ledgering/call-record.ts";
import { NO_IDEMPOTENCY } from "#ledgering/call-record.ts";
import { checkModel } from "#pipeline/admit-key.ts";
import type { Attempt } from "#pipeline/attempt.ts";
import { answerFailure, noteFailure } from "#pipeline/attempt.ts";
import type { Route } from "#pipeline/choose-route.ts";
import { openRoute } from "#pipeline/choose-route.ts";
import type { RateQuery } from "#ledgering/price-books.ts";
import type { CallEstimate } from "#pipeline/estimate.ts";
import { estimateCall } from "#pipeline/estimate.ts";
import type { IncomingCall } from "#pipeline/incoming-call.ts";
import type { PipelinePorts } from "#pipeline/ports.ts";
import { relayFaults } from "#pipeline/relay-faults.ts";
import type { Reservation } from "#pipeline/reserve-money.ts";
import { findRate, reserveMoney } from "#pipeline/reserve-money.ts";
import type { ServingChannel } from "#pipeline/settlement.ts";
import { Settlement } from "#pipeline/settlement.ts";
import { tryChannel } from "#pipeline/try-channel.ts";
import type { RoutedChannel } from "#routing/routed-channel.ts";
import { upstreamModelOf } from "#routing/routed-channel.ts";

/**
 * Relays one call and settles it. Rejects with the fault for the client if it was not answered: before START nothing has
 * happened, after it the call is settled with nothing to pay.
 */
export async function relayCall(ports: PipelinePorts, call: IncomingCall): Promise<void> {
  checkModel(call.grant, call.brief.model);
  const route = openRoute(ports, call);
  const channel = route.next();
  if (channel === undefined) {
    throw noChannel(call);
  }
  const priceVersion = ports.prices.currentVersion();
  if (priceVersion === 0) {
    throw relayFaults.fault("MONEY_UNREACHABLE", { retryAfterMs: 2000 });
  }
  const multiplier = ports.prices.multiplier(priceVersion, call.grant);
  const priced = priceChannel({ ports, call, priceVersion }, channel);
  const serving = priced instanceof Promise ? await priced : priced;
  const money = { estimate: estimateCall(call, serving), rate: serving.rate, multiplier };
  const reserved = reserveMoney(ports, call, money);
  const reservation = reserved instanceof Promise ? await reserved : reserved;
  const { estimate } = reservation;
  if (estimate.outputTokensCap !== undefined) {
    call.client.tellOutputCap(estimate.outputTokensCap);
  }
  const start = describeStart({ ports, call, serving, reservation, estimate, priceVersion });
  const settlement = new Settlement({
    ports,
    call,
    start,
    lease: reservation.lease,
    multiplier,
    estimate,
  });
  try {
    await serveCall({ ports, call, route, settlement, first: serving });
  } catch (error) {
    settlement.end({ basis: "failed", status: 500, errorReason: "RELAY_FAULT" });
    throw error;
  }
}

interface Pricing {
  readonly ports: PipelinePorts;
  readonly call: IncomingCall;
  readonly priceVersion: number;
}

function priceChannel(
  { ports, call, priceVersion }: Pricing,
  channel: RoutedChannel,
): ServingChannel | Promise<ServingChannel> {
  const pricedModel = upstreamModelOf(channel, call.brief.model);
  const query = { version: priceVersion, model: pricedModel, channelType: channel.type };
  const rate = ports.prices.find(query) ?? undefined;
  return rate === undefined
    ? askForPrice(ports, { channel, pricedModel }, query)
    : { channel, pricedModel, rate };
}

async function askForPrice(
  { prices }: PipelinePorts,
  serving: Omit<ServingChannel, "rate">,
  query: RateQuery,
): Promise<ServingChannel> {
  return { ...serving, rate: await findRate(prices, query) };
}

interface Serving {
  readonly ports: PipelinePorts;
  readonly call: IncomingCall;
  readonly route: Route;
  readonly settlement: Settlement;
  readonly first: ServingChannel;
}

/** Tries one channel after the other until one serves, the retries are used up, or trying again would not help. */
async function serveCall({ ports, call, route, settlement, first }: Serving): Promise<void> {
  let serving = first;
  for (let tries = 0; ; tries += 1) {
    settlement.serve(serving);
    const { channel } = serving;
    const sentAtMs = ports.clock.monotonicMs();
    const attempt: Attempt = { ports, call, settlement, channel, sentAtMs };
    const outcome = await tryChannel(attempt);
    if (outcome.kind === "served") {
      return;
    }
    noteFailure(attempt, outcome.fault);
    const mayTryAgain =
      tries < route.retriesMax && isWorthRetrying(outcome.fault) && !call.client.isGone();
    const next = mayTryAgain ? route.next() : undefined;
    if (next === undefined) {
      await answerFailure(attempt, outcome.fault);
      return;
    }
    const { priceVersion } = settlement.start;
    serving = await priceChannel({ ports, call, priceVersion }, next);
    if ((await settlement.cover(serving)) !== "granted") {
      // This one may cost more than there is.
      await answerFailure(attempt, outcome.fault);
      return;
    }
  }
}

/** A fault of the caller would be the same everywhere. */
function isWorthRetrying(fault: UpstreamFault): boolean {
  return fault.kind !== "caller";
}

function noChannel({ grant, brief }: IncomingCall): Error {
  return relayFaults.fault("NO_CHANNEL", {
    sentence: `No channel is available for model ${brief.model} in group ${grant.group}.`,
    retryAfterMs: 5000,
  });
}

function describeStart(options: {
  readonly ports: PipelinePorts;
  readonly call: IncomingCall;
  readonly serving: ServingChannel;
  readonly reservation: Reservation;
  readonly estimate: CallEstimate;
  readonly priceVersion: number;
}): CallStart {
  const { ports, call, serving, reservation, estimate, priceVersion } = options;
  return {
    requestId: call.id,
    epoch: ports.journal.epoch,
    leaseNo: reservation.lease?.leaseNo ?? 0,
    userId: call.grant.userId,
    keyId: call.grant.keyId,
    group: call.grant.group,
    model: call.brief.model,
    pricedModel: serving.pricedModel,
    channelType: serving.channel.type,
    channelId: serving.channel.id,
    priceVersion,
    estimateNanos: reservation.estimateNanos,
    inputEstimateTokens: estimate.inputTokens,
    stream: call.brief.stream,
    surface: call.surface.name,
    startedAtMs: call.startedAtMs,
    clientIp: call.clientIp,
    idempotencyHash: call.claim?.hash ?? NO_IDEMPOTENCY,
  };
}
