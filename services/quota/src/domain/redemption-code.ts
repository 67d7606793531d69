import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { fault } from "./faults.ts";

/** What is stored. */
export type StoredCodeStatus = "enabled" | "disabled" | "used";

/** What a code is at a moment. */
export type CodeStatus = StoredCodeStatus | "expired";

/** A code that can be turned into balance once. */
export interface RedemptionCode {
  readonly id: number;
  /** 16 bytes; codes that were made together have the same one. */
  readonly batchId: Uint8Array;
  readonly creatorId: number;
  readonly name: string;
  readonly status: StoredCodeStatus;
  readonly amountNanos: NanoUsd;
  /** How long the money can be spent after it was redeemed; 0 = for ever. */
  readonly creditSeconds: number;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Seconds since 1970; 0 = never. */
  readonly expiresAt: number;
  /** Seconds since 1970; 0 = not yet. */
  readonly redeemedAt: number;
  /** 0 = nobody. */
  readonly redeemerId: number;
  /** "" = nobody. */
  readonly redeemerName: string;
}

const nameCharactersMax = 64;
const countMax = 100;
const amountNanosMax = 10n ** 18n;
const creditSecondsMax = 100 * 366 * 86_400;
const secondsMax = 2 ** 42;

/** The status at a moment, in seconds since 1970. */
export function codeStatusAt(
  { status, expiresAt }: Pick<RedemptionCode, "status" | "expiresAt">,
  nowSeconds: number,
): CodeStatus {
  return status === "enabled" && expiresAt !== 0 && expiresAt <= nowSeconds ? "expired" : status;
}

/** Throws CODE_USED, CODE_DISABLED or CODE_EXPIRED for a code that cannot be redeemed. */
export function checkRedeemable(
  code: Pick<RedemptionCode, "status" | "expiresAt">,
  nowSeconds: number,
): void {
  const status = codeStatusAt(code, nowSeconds);
  switch (status) {
    case "enabled":
      return;
    case "used":
      throw fault("CODE_USED");
    case "disabled":
      throw fault("CODE_DISABLED");
    case "expired":
      throw fault("CODE_EXPIRED");
  }
}

/** The name without white space around it. Throws CODE_INVALID. */
export function checkCodeName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length === 0 || trimmed.length > nameCharactersMax) {
    throw fault("CODE_INVALID");
  }
  return trimmed;
}

/** Throws CODE_INVALID. */
export function checkCodeCount(count: number): number {
  if (!Number.isInteger(count) || count < 1 || count > countMax) {
    throw fault("CODE_INVALID");
  }
  return count;
}

/** Throws CODE_INVALID. */
export function checkCodeAmount(amountNanos: NanoUsd): NanoUsd {
  if (amountNanos <= 0n || amountNanos > amountNanosMax) {
    throw fault("CODE_INVALID");
  }
  return amountNanos;
}

/** Throws CODE_EXPIRY_INVALID for a moment that is over. */
export function checkCodeExpiry(expiresAt: number, nowSeconds: number): number {
  if (expiresAt !== 0 && (expiresAt <= nowSeconds || expiresAt > secondsMax)) {
    throw fault("CODE_EXPIRY_INVALID");
  }
  return expiresAt;
}

/** Throws CODE_INVALID for a life of credit that is longer than a century. */
export function checkCreditSeconds(creditSeconds: number): number {
  if (creditSeconds > creditSecondsMax) {
    throw fault("CODE_INVALID", { sentence: "Credit can live for at most a hundred years." });
  }
  return creditSeconds;
}
