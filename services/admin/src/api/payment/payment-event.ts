import { z } from "zod";
import { PaymentKind } from "@tollgate/proto/quota/v1/payment_service";
import { adminFaults } from "#faults.ts";
import { parseUsd } from "#http/usd-amount.ts";

/** What a provider told, in the words of `PaymentService`. */
export interface PaymentEvent {
  readonly eventId: string;
  readonly paymentId: string;
  readonly userId: bigint;
  readonly amountNanos: bigint;
  readonly kind: PaymentKind;
}

const id = z.string().min(1).max(128);
// Texts as well, because numbers beyond 2^53 are no longer exact in JSON.
const digits = z.union([z.string().regex(/^\d{1,18}$/u), z.int().nonnegative()]);

const eventSchema = z.object({
  event_id: id,
  payment_id: id,
  user_id: digits,
  amount_nano: digits.optional(),
  amount: z.string().max(32).optional(),
  currency: z.string().max(8).optional(),
  kind: z.enum(["paid", "refunded"]),
});

const kinds = { paid: PaymentKind.PAID, refunded: PaymentKind.REFUNDED } as const;

/** Reads the body of an event. Throws PAYMENT_EVENT_INVALID with a sentence that says what is wrong. */
export function readPaymentEvent(rawBody: string): PaymentEvent {
  const parsed = eventSchema.safeParse(parseJson(rawBody));
  if (!parsed.success) {
    throw invalid(`${parsed.error.issues[0]?.path.join(".") || "The body"} is not valid.`);
  }
  const event = parsed.data;
  return {
    eventId: event.event_id,
    paymentId: event.payment_id,
    userId: BigInt(event.user_id),
    amountNanos: readAmount(event),
    kind: kinds[event.kind],
  };
}

function readAmount({ amount_nano: nanos, amount, currency }: z.infer<typeof eventSchema>): bigint {
  if ((nanos === undefined) === (amount === undefined)) {
    throw invalid("Give either amount_nano, or amount and currency.");
  }
  if (nanos !== undefined) {
    return BigInt(nanos);
  }
  if (currency !== "USD") {
    throw invalid("The currency must be USD.");
  }
  const usd = parseUsd(amount ?? "");
  if (usd === undefined) {
    throw invalid("amount must be dollars as a text with at most nine decimals.");
  }
  return usd;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Translates: the parser's message quotes the body.
    throw adminFaults.fault("PAYMENT_EVENT_INVALID", {
      sentence: "The body is not valid JSON.",
      cause: error,
    });
  }
}

function invalid(sentence: string): Error {
  return adminFaults.fault("PAYMENT_EVENT_INVALID", { sentence });
}
