import { createHmac, timingSafeEqual } from "node:crypto";
import { adminFaults } from "#faults.ts";

/** What is signed, and with what. */
export interface SignedBody {
  /** As it was received, before anything reads it. */
  readonly rawBody: string;
  /** The header `x-tollgate-timestamp`: seconds since 1970. */
  readonly timestamp: string | undefined;
  /** The header `x-tollgate-signature`: hexadecimal, with or without "sha256=" before it. */
  readonly signature: string | undefined;
  readonly secret: string;
  readonly nowMs: number;
}

const toleranceMs = 300_000;

/** Throws PAYMENT_SIGNATURE_INVALID for a wrong or missing signature and for one made more than five minutes away from now. */
export function checkSignature(signed: SignedBody): void {
  const { rawBody, timestamp = "", signature = "", secret, nowMs } = signed;
  const isTimeRight =
    /^\d{1,12}$/u.test(timestamp) && Math.abs(nowMs - Number(timestamp) * 1000) <= toleranceMs;
  const expected = createHmac("sha256", secret).update(`${timestamp}.${rawBody}`, "utf8").digest();
  const given = Buffer.from(signature.replace(/^sha256=/u, ""), "hex");
  const isRight = given.length === expected.length && timingSafeEqual(given, expected);
  if (!isTimeRight || !isRight) {
    throw adminFaults.fault("PAYMENT_SIGNATURE_INVALID");
  }
}
