import { type Static, Type } from "typebox";
import type {
  Computation,
  ExplainCallResponse,
  ExplainedAttempt,
  ExplainedRefund,
  OpenLease,
  PayingLease,
} from "@tollgate/proto/quota/v1/explain_service";
import { PriceState } from "@tollgate/proto/quota/v1/explain_service";
import { toSafeNumber, toSeconds } from "#http/wire-number.ts";
import { basisNames } from "./wire.ts";

const count = Type.Integer();
const text = Type.String();
const nano = (what: string) => Type.String({ description: `${what}, nano-USD.` });
const moment = Type.Integer({ description: "Seconds since 1970." });

const lineSchema = Type.Object({
  bucket: Type.String({ description: '"input", "cache_read", "output", "call", …' }),
  units: count,
  price_pico: Type.String({ description: "Pico-USD per unit." }),
  pico: Type.String({ description: "Units x price, pico-USD." }),
});

const computationSchema = Type.Object({
  lines: Type.Array(lineSchema),
  prompt_tokens: Type.Integer({ description: "Input tokens of all kinds: they decide the tier." }),
  tier_above: Type.Integer({ description: "Threshold of the tier taken; 0 = the base price." }),
  tiers: Type.Array(count, { description: "Thresholds of all tiers." }),
  sum_pico: Type.String({ description: "Sum of the lines, pico-USD." }),
  group_ppm: count,
  user_ppm: count,
  exact_fraction: Type.String({ description: "Nano-USD before rounding, in lowest terms." }),
  exact_nano: Type.String({ description: "The same as a decimal text, exactly." }),
  rounding_nano: Type.String({ description: "What rounding up added, a decimal text." }),
  capped: Type.Boolean({ description: "No call costs more than ten million dollars." }),
  free_basis: Type.Boolean({ description: "Under its basis the call costs nothing." }),
  amount_nano: nano("What comes out"),
});

const attemptSchema = Type.Object({
  status: Type.Integer({ description: "HTTP status of the upstream; 0 = no answer." }),
  reason: text,
  elapsed_ms: count,
  channel: Type.Optional(Type.Integer({ description: "For admins." })),
  upstream_cost_nano: Type.Optional(nano("For admins: what the try cost")),
});

const refundSchema = Type.Object({
  seq: count,
  amount_nano: nano("Given back"),
  reason: text,
  at: moment,
  actor_id: Type.Optional(Type.Integer({ description: "For admins." })),
});

const leaseSchema = Type.Object({
  granted_nano: nano("Set aside"),
  settled_nano: nano("Cost of the calls settled on it so far"),
  returned_nano: nano("Given back so far"),
  active: Type.Boolean(),
  opened_at: moment,
  closed_at: Type.Integer({ description: "Seconds since 1970; 0 = still open." }),
  journal: Type.Optional(Type.String({ description: "For admins: journal/epoch/number." })),
});

const payingLeaseSchema = Type.Object(
  {
    hold_nano: nano("Reserved of it when the call started"),
    beyond_nano: nano("Cost that it had no money left for, taken from the balance all the same"),
    remainder_nano: nano("Still held for it now"),
    lease: Type.Optional(leaseSchema),
    journal: Type.Optional(Type.String({ description: "For admins: journal/epoch/number." })),
  },
  {
    description:
      "The lease that paid; absent for a call that needed none or is older than this field. Without its own fields when it is no longer kept.",
  },
);

/** How the amount of a call came about. */
export const explanationSchema = Type.Object({
  request_id: text,
  user_id: count,
  created_at: moment,
  settled_at: moment,
  model: text,
  priced_model: Type.String({ description: "The model whose price applied." }),
  group: text,
  price_version: count,
  price_effective_at: Type.Integer({ description: "Seconds since 1970; 0 = not known." }),
  price_state: Type.Union([
    Type.Literal("known"),
    Type.Literal("version_gone"),
    Type.Literal("model_unpriced"),
  ]),
  computation: Type.Optional(computationSchema),
  cost_nano: nano("What was charged"),
  matches: Type.Optional(
    Type.Boolean({ description: "The computation gives what was charged; absent without one." }),
  ),
  basis: text,
  basis_meaning: text,
  status: count,
  error: text,
  attempts: Type.Array(attemptSchema),
  refunds: Type.Array(refundSchema),
  refunded_nano: nano("Given back in all"),
  holds: Type.Object({
    leases: Type.Array(leaseSchema, {
      description: "Leases of the owner that were open when the call started.",
    }),
    paid_by: Type.Optional(payingLeaseSchema),
  }),
  flags: Type.Object({
    late: Type.Boolean({ description: "Its lease was closed when it was settled." }),
    corrected: Type.Boolean({ description: "The relay had computed another cost." }),
    price_outdated: Type.Boolean(),
  }),
  channel_type: Type.Optional(Type.Integer({ description: "For admins." })),
  upstream_cost_nano: Type.Optional(nano("For admins: what upstreams charge in all")),
});

/** The explanation in JSON. */
export type ExplanationWire = Static<typeof explanationSchema>;

/** The explanation as the call's owner sees it, or with what upstreams charge, as an operator does. */
export function explanationToWire(
  told: ExplainCallResponse,
  viewer: "owner" | "operator",
): ExplanationWire {
  const isOperator = viewer === "operator";
  return {
    request_id: told.requestId,
    user_id: toSafeNumber(told.userId),
    created_at: toSeconds(told.createdAtMs),
    settled_at: toSeconds(told.settledAtMs),
    model: told.model,
    priced_model: told.pricedModel,
    group: told.group,
    price_version: toSafeNumber(told.priceVersion),
    price_effective_at: toSeconds(told.priceEffectiveAtMs),
    price_state: stateOf(told.priceState),
    ...(told.computation !== undefined && { computation: computationToWire(told.computation) }),
    cost_nano: told.costNanos.toString(),
    ...(told.matches !== undefined && { matches: told.matches }),
    basis: basisNames[told.basis] ?? "",
    basis_meaning: told.basisMeaning,
    status: told.status,
    error: told.errorReason,
    attempts: told.attempts.map((attempt) => attemptToWire(attempt, isOperator)),
    refunds: told.refunds.map((refund) => refundToWire(refund, isOperator)),
    refunded_nano: told.refunds.reduce((sum, one) => sum + one.amountNanos, 0n).toString(),
    holds: {
      leases: told.leases.map((lease) => leaseToWire(lease, isOperator)),
      ...(told.payingLease !== undefined && {
        paid_by: payingLeaseToWire(told.payingLease, isOperator),
      }),
    },
    flags: {
      late: told.late,
      corrected: told.corrected,
      price_outdated: told.priceOutdated,
    },
    ...(isOperator && {
      channel_type: told.channelType,
      upstream_cost_nano: told.upstreamCostNanos.toString(),
    }),
  };
}

function stateOf(state: PriceState): ExplanationWire["price_state"] {
  switch (state) {
    case PriceState.KNOWN:
      return "known";
    case PriceState.MODEL_UNPRICED:
      return "model_unpriced";
    default:
      return "version_gone";
  }
}

function computationToWire(told: Computation): Static<typeof computationSchema> {
  return {
    lines: told.lines.map(({ bucket, units, picoUsdPerUnit, picoUsd }) => ({
      bucket,
      units: toSafeNumber(units),
      price_pico: picoUsdPerUnit.toString(),
      pico: picoUsd,
    })),
    prompt_tokens: toSafeNumber(told.promptTokens),
    tier_above: toSafeNumber(told.tierAbovePromptTokens),
    tiers: told.tierThresholds.map(toSafeNumber),
    sum_pico: told.sumPicoUsd,
    group_ppm: toSafeNumber(told.groupPpm),
    user_ppm: toSafeNumber(told.userPpm),
    exact_fraction: `${told.exactNumerator}/${told.exactDenominator}`,
    exact_nano: told.exactNanos,
    rounding_nano: told.roundingNanos,
    capped: told.capped,
    free_basis: told.freeBasis,
    amount_nano: told.amountNanos.toString(),
  };
}

function attemptToWire(
  attempt: ExplainedAttempt,
  isOperator: boolean,
): Static<typeof attemptSchema> {
  const { status, reason, elapsedMs } = attempt;
  return {
    status,
    reason,
    elapsed_ms: toSafeNumber(elapsedMs),
    ...(isOperator && {
      channel: toSafeNumber(attempt.channelId),
      upstream_cost_nano: attempt.upstreamCostNanos.toString(),
    }),
  };
}

function refundToWire(refund: ExplainedRefund, isOperator: boolean): Static<typeof refundSchema> {
  return {
    seq: refund.seq,
    amount_nano: refund.amountNanos.toString(),
    reason: refund.reason,
    at: toSeconds(refund.createdAtMs),
    ...(isOperator && { actor_id: toSafeNumber(refund.actorId) }),
  };
}

function payingLeaseToWire(
  { lease, ...paying }: PayingLease,
  isOperator: boolean,
): Static<typeof payingLeaseSchema> {
  return {
    hold_nano: paying.holdNanos.toString(),
    beyond_nano: paying.beyondNanos.toString(),
    remainder_nano: paying.remainderNanos.toString(),
    ...(lease !== undefined && { lease: leaseToWire(lease, isOperator) }),
    ...(isOperator && { journal: journalName(paying) }),
  };
}

function leaseToWire(lease: OpenLease, isOperator: boolean): Static<typeof leaseSchema> {
  return {
    granted_nano: lease.grantedNanos.toString(),
    settled_nano: lease.settledNanos.toString(),
    returned_nano: lease.returnedNanos.toString(),
    active: lease.active,
    opened_at: toSeconds(lease.createdAtMs),
    closed_at: toSeconds(lease.closedAtMs),
    ...(isOperator && { journal: journalName(lease) }),
  };
}

function journalName({
  journalId,
  epoch,
  leaseNo,
}: Pick<OpenLease, "journalId" | "epoch" | "leaseNo">): string {
  return `${journalId}/${epoch}/${leaseNo}`;
}
