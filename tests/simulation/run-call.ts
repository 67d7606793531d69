/**
 * One call over the relay's own code: the reservation, the START, checkpoints, the END and the order between them and what the client
 * sees. The upstream and the client are simulated.
 */
import { unitMultiplier } from "@tollgate/kit/money/multiplier";
import { isFault } from "@tollgate/kit/fault/fault";
import { createLogger } from "@tollgate/kit/logging/logger";
import { NO_USAGE } from "../../services/relay/src/conversation/token-usage.ts";
import type { TokenUsage } from "../../services/relay/src/conversation/token-usage.ts";
import type { CallBasis, CallStart } from "../../services/relay/src/ledgering/call-record.ts";
import { NO_IDEMPOTENCY } from "../../services/relay/src/ledgering/call-record.ts";
import { createDurability } from "../../services/relay/src/ledgering/durability.ts";
import type { IncomingCall } from "../../services/relay/src/pipeline/incoming-call.ts";
import type { PipelinePorts } from "../../services/relay/src/pipeline/ports.ts";
import { findRate, reserveMoney } from "../../services/relay/src/pipeline/reserve-money.ts";
import { Settlement } from "../../services/relay/src/pipeline/settlement.ts";
import type { OutputStep, ServingChannel } from "../../services/relay/src/pipeline/settlement.ts";
import { emptySnapshot } from "../../services/relay/src/routing/snapshot.ts";
import type { BookedCall, CallBook } from "./call-book.ts";
import { addTo, outputNanos, priceOf, simulatedModel } from "./call-book.ts";
import type { Dice } from "./dice.ts";
import type { Mutant } from "./mutant.ts";
import type { RelayProcess, SimulatedRelay } from "./simulated-relay.ts";
import type { Trace } from "./trace.ts";

/** What a client asks for, and what will come of it. */
export interface CallPlan {
  readonly id: Uint8Array;
  readonly userId: number;
  /** 0 = a key without a cap. */
  readonly cappedKeyId: number;
  readonly keyId: number;
  readonly isStream: boolean;
  readonly inputTokens: number;
  readonly outputTokensMax: number;
  /** Of which so many are set aside at first; more is asked for on the way. */
  readonly outputTokensReserved: number;
  /** What the upstream makes of it; more than the maximum when it does not keep to it. */
  readonly outputTokens: number;
  /** After so many tokens the client leaves, or the upstream dies; beyond the output = neither. */
  readonly leavesAt: number;
  readonly diesAt: number;
}

export interface CallPorts {
  readonly dice: Dice;
  readonly trace: Trace;
  readonly book: CallBook;
  readonly mutant: Mutant;
}

/** How a call was answered at its beginning. */
export type Admission = "admitted" | "refused" | "unavailable";

const silent = createLogger({ service: "relay", level: "silent" });
const checkpointTokens = 64;
const checkpointMs = 1000;
// More than one piece of a stream brings.
const stepTokens = 48;
const channelType = 1;

/** Resolves when it is known whether the call may run; it then runs on by itself. */
export async function runCall(
  relay: SimulatedRelay,
  plan: CallPlan,
  ports: CallPorts,
): Promise<Admission> {
  const process = relay.process();
  if (
    process === undefined ||
    process.session.whyStopped() !== undefined ||
    !process.journal.hasRoom() ||
    process.prices.currentVersion() === 0
  ) {
    return "unavailable";
  }
  const pipeline = pipelinePorts(process, ports.mutant);
  const priceVersion = process.prices.currentVersion();
  const query = { version: priceVersion, model: simulatedModel, channelType };
  const rate = await findRate(pipeline.prices, query);
  const call = incomingCall(plan, process);
  const money = { estimate: estimateOf(plan), rate, multiplier: unitMultiplier };
  try {
    const reservation = await reserveMoney(pipeline, call, money);
    if (!process.clock.isAlive()) {
      return "unavailable";
    }
    const { estimateNanos, lease } = reservation;
    const start = describeStart(plan, {
      process,
      priceVersion,
      estimateNanos,
      leaseNo: lease?.leaseNo ?? 0,
    });
    const settlement = new Settlement({ ports: pipeline, call, start, lease, ...money });
    const serving = {
      channel: { id: 1, type: channelType, systemPrompt: "" },
      pricedModel: simulatedModel,
      rate,
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a settlement reads nothing else of a channel
    settlement.serve(serving as ServingChannel);
    const booked = ports.book.open({
      id: Buffer.from(plan.id).toString("hex"),
      userId: plan.userId,
      relay: relay.index,
      inputTokens: plan.inputTokens,
      isStream: plan.isStream,
      estimateNanos: BigInt(estimateNanos),
    });
    ports.trace.note(
      `relay ${relay.index}: call ${ports.book.calls.size} of user ${plan.userId} on lease ${start.leaseNo}`,
    );
    void serve({ ...ports, plan, process, settlement, booked, pipeline });
    return "admitted";
  } catch (error) {
    if (!isFault(error)) {
      throw error;
    }
    return error.reason === "MONEY_UNREACHABLE" ? "unavailable" : "refused";
  }
}

interface Serving extends CallPorts {
  readonly plan: CallPlan;
  readonly process: RelayProcess;
  readonly pipeline: PipelinePorts;
  readonly settlement: Settlement;
  readonly booked: BookedCall;
}

async function serve(serving: Serving): Promise<void> {
  const { plan, process, settlement, dice } = serving;
  await settlement.startWritten();
  await pause(process, dice.integer(5, 150));
  if (plan.isStream) {
    await settlement.startDurable();
    await streamTokens(serving);
  } else {
    await serveWhole(serving);
  }
}

async function serveWhole(serving: Serving): Promise<void> {
  const { plan, booked, process, dice } = serving;
  await pause(process, dice.integer(5, 400));
  const isLost = plan.diesAt < plan.outputTokens;
  await end(
    serving,
    isLost ? { basis: "failed" } : { basis: "usage", tokens: plan.outputTokens },
    () => {
      booked.delivered = isLost ? 0 : plan.outputTokens;
    },
  );
}

async function streamTokens(serving: Serving): Promise<void> {
  const { plan, booked, process, settlement, dice } = serving;
  let tokens = 0;
  let checkpointed = -1;
  let checkpointAtMs = 0;
  let paid =
    plan.outputTokensReserved < plan.outputTokensMax
      ? plan.outputTokensReserved
      : Number.POSITIVE_INFINITY;
  const stopAt = Math.min(plan.outputTokens, plan.leavesAt, plan.diesAt);
  while (tokens < stopAt && process.clock.isAlive()) {
    const next = Math.min(stopAt, tokens + dice.integer(1, 24));
    if (next > paid) {
      // Nothing is passed on that is not paid for.
      const to = Math.min(paid + stepTokens, plan.outputTokensMax);
      if (!(await holdMore(serving, { from: paid, to }))) {
        return end(serving, { basis: "cutoff", tokens }, () => undefined);
      }
      paid = to >= plan.outputTokensMax ? Number.POSITIVE_INFINITY : to;
    }
    tokens = next;
    booked.delivered = tokens;
    const nowMs = process.clock.monotonicMs();
    const isDue =
      tokens - checkpointed >= checkpointTokens || nowMs - checkpointAtMs > checkpointMs;
    if (checkpointed < 0 || isDue) {
      checkpointed = tokens;
      checkpointAtMs = nowMs;
      booked.checkpoints.push({ seq: process.journal.nextSeq(), tokens });
      settlement.checkpoint(usageOf(plan, tokens));
    }
    await pause(process, dice.integer(2, 60));
  }
  await end(serving, endOfStream(plan, tokens), () => undefined);
}

async function holdMore(
  { settlement, booked, book, plan }: Serving,
  step: OutputStep,
): Promise<boolean> {
  if (!settlement.tryExtend(step) && (await settlement.extend(step)) !== "granted") {
    return false;
  }
  const nanos = BigInt(step.to - step.from) * outputNanos;
  booked.estimateNanos += nanos;
  addTo(book.stretched, plan.userId, nanos);
  return true;
}

interface End {
  readonly basis: CallBasis;
  /** Absent = nothing is billed. */
  readonly tokens?: number;
}

function endOfStream(plan: CallPlan, tokens: number): End {
  if (tokens >= plan.outputTokens) {
    return { basis: "usage", tokens };
  }
  if (tokens >= plan.leavesAt) {
    return { basis: "aborted", tokens };
  }
  return tokens === 0 ? { basis: "failed" } : { basis: "partial", tokens };
}

async function end(serving: Serving, facts: End, onSeen: () => void): Promise<void> {
  const { plan, booked, book, process, settlement, pipeline, mutant, dice } = serving;
  if (!process.clock.isAlive()) {
    return;
  }
  if (mutant.endsFirst === true) {
    onSeen();
    booked.sawEnd = true;
    await pause(process, dice.integer(5, 60));
  }
  const { basis, tokens } = facts;
  if (!process.clock.isAlive()) {
    return;
  }
  const usage = tokens === undefined ? undefined : usageOf(plan, tokens);
  const isBilled = tokens !== undefined;
  booked.ended = { seq: process.journal.nextSeq(), tokens: tokens ?? 0, isBilled };
  if (isBilled) {
    const above = priceOf(plan.inputTokens, tokens) - booked.estimateNanos;
    addTo(book.excess, plan.userId, above > 0n ? above : 0n);
  }
  const seq = settlement.end({ basis, usage, status: 200 });
  if (seq !== undefined) {
    await pipeline.durability.ended(seq);
  }
  if (process.clock.isAlive()) {
    onSeen();
    booked.sawEnd = true;
  }
}

async function pause(process: RelayProcess, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    process.clock.setTimeout(resolve, ms);
  });
}

function usageOf(plan: CallPlan, outputTokens: number): TokenUsage {
  return { ...NO_USAGE, inputTokens: plan.inputTokens, outputTokens };
}

function estimateOf({ inputTokens, outputTokensMax, outputTokensReserved }: CallPlan) {
  return {
    inputTokensMax: inputTokens,
    inputTokensBound: inputTokens * 3,
    outputTokensReserved,
    outputTokensLimit: outputTokensMax,
    outputTokensCap: undefined,
    inputTokens,
    mediaTokens: 0,
  };
}

function describeStart(
  plan: CallPlan,
  {
    process,
    priceVersion,
    estimateNanos,
    leaseNo,
  }: {
    readonly process: RelayProcess;
    readonly priceVersion: number;
    readonly estimateNanos: number;
    readonly leaseNo: number;
  },
): CallStart {
  return {
    requestId: plan.id,
    epoch: process.journal.epoch,
    leaseNo,
    userId: plan.userId,
    keyId: plan.keyId,
    group: "default",
    model: simulatedModel,
    pricedModel: simulatedModel,
    channelType,
    channelId: 1,
    priceVersion,
    estimateNanos,
    inputEstimateTokens: plan.inputTokens,
    stream: plan.isStream,
    surface: "openai-chat",
    startedAtMs: process.clock.nowMs(),
    clientIp: "192.0.2.1",
    idempotencyHash: NO_IDEMPOTENCY,
  };
}

function pipelinePorts(process: RelayProcess, mutant: Mutant): PipelinePorts {
  const { clock, prices } = process;
  const journal = mutant.changeJournal?.(process.journal) ?? process.journal;
  const ports = {
    journal,
    durability: createDurability({
      level: "local",
      journal,
      shipped: async (seq) => process.session.shipped(seq),
      clock,
      logger: silent,
    }),
    leases: mutant.changeLeases?.(process.leases) ?? process.leases,
    prices,
    health: { charged: () => undefined },
    snapshot: () => emptySnapshot,
    clock,
    logger: silent,
    epoch: journal.epoch,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- reservations and settlements read nothing else
  return ports as unknown as PipelinePorts;
}

function incomingCall(plan: CallPlan, process: RelayProcess): IncomingCall {
  const call = {
    id: plan.id,
    idText: "",
    grant: { userId: plan.userId, keyId: plan.keyId, capped: plan.cappedKeyId !== 0 },
    client: { firstByteAtMs: () => 0 },
    startedAtMs: process.clock.nowMs(),
    startedMonotonicMs: process.clock.monotonicMs(),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return call as unknown as IncomingCall;
}
