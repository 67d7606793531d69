/**
 * Customer keys (One API's tokens). The status that is stored says only what somebody decided: enabled or disabled.
 * Expired and exhausted are facts of the moment and are computed whenever a key is read.
 */
import { subtractNano, ZERO } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { fault } from "./faults.ts";
import type { User } from "./user.ts";

/** What was decided about a key. */
export type StoredKeyStatus = "enabled" | "disabled";

/** What holds for a key now. */
export type KeyStatus = StoredKeyStatus | "expired" | "exhausted";

/** Never, as an expiry. */
export const noExpiry = -1;

/** A customer key without its secret. */
export interface ApiKey {
  readonly id: number;
  readonly userId: number;
  readonly name: string;
  readonly storedStatus: StoredKeyStatus;
  /** Last four characters of the secret. */
  readonly hint: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Seconds since 1970 of the last settled call, 0 = never. */
  readonly accessedAt: number;
  /** Seconds since 1970, {@link noExpiry} = never. */
  readonly expiresAt: number;
  /** The key has no cap of its own. */
  readonly isUnlimited: boolean;
  /** The cap, spent part included; meaningless when unlimited. */
  readonly capNanos: NanoUsd;
  readonly usedNanos: NanoUsd;
  /** Allowed models; empty = all. */
  readonly models: readonly string[];
  /** Allowed client networks in CIDR form; empty = all. */
  readonly subnets: readonly string[];
}

/** What a relay may cache of a usable key. */
export interface KeyGrant {
  readonly key: ApiKey;
  readonly userRole: number;
  readonly group: string;
  /** Every call of the owner reserves for itself. */
  readonly isStrict: boolean;
  /** What followed the key in the credential, "" = nothing. */
  readonly channelSuffix: string;
}

/** Why a credential is refused. */
export type KeyDenialReason = "unknown" | "disabled" | "expired" | "exhausted" | "user-banned";

/** The answer to a presented credential. */
export type KeyDecision =
  | { readonly kind: "granted"; readonly grant: KeyGrant }
  | { readonly kind: "denied"; readonly reason: KeyDenialReason; readonly key?: ApiKey };

/** One reading of a credential. */
export interface KeyCandidate {
  readonly secret: string;
  readonly channelSuffix: string;
}

/** The owner, as far as a decision needs it. */
export type KeyOwner = Pick<User, "role" | "group" | "status" | "isStrict">;

const credentialCharactersMax = 512;
const secretPattern = /^[\x21-\x7e]{1,256}$/u;
const chosenSecretPattern = /^[\x21-\x7e]{8,256}$/u;
const hintCharacters = 4;
const namePattern = /^[^\p{Cc}]{0,64}$/u;
const modelPattern = /^[^,\p{Cc}]{1,128}$/u;
const modelsMax = 1000;
const capNanosMax = 10n ** 18n;
const expirySecondsMax = 253_402_300_799;

/**
 * The keys that a credential may mean, best first: all of it, then without a trailing "-DIGITS", which pins a channel.
 * Empty for a text that can be no key, so that it never costs a query.
 */
export function readCredential(credential: string): readonly KeyCandidate[] {
  if (credential.length > credentialCharactersMax) {
    return [];
  }
  const whole = stripKeyPrefix(credential);
  const split = /^(?<secret>.+)-(?<suffix>\d{1,18})$/u.exec(whole);
  const candidates = [{ secret: whole, channelSuffix: "" }];
  if (split?.groups !== undefined) {
    const { secret = "", suffix = "" } = split.groups;
    candidates.push({ secret, channelSuffix: suffix });
  }
  return candidates.filter(({ secret }) => secretPattern.test(secret));
}

/** A secret without the optional "sk-". */
function stripKeyPrefix(credential: string): string {
  return credential.startsWith("sk-") ? credential.slice(3) : credential;
}

/** A secret chosen by an operator, without "sk-". Throws KEY_SECRET_INVALID. */
export function checkChosenSecret(credential: string): string {
  const secret = stripKeyPrefix(credential.trim());
  if (!chosenSecretPattern.test(secret)) {
    throw fault("KEY_SECRET_INVALID");
  }
  return secret;
}

/** The part of a secret that is shown in lists. */
export function hintOf(secret: string): string {
  return secret.slice(-hintCharacters);
}

/** The status that holds at `nowSeconds`. */
export function keyStatus(
  key: Pick<ApiKey, "storedStatus" | "expiresAt" | "isUnlimited" | "capNanos" | "usedNanos">,
  nowSeconds: number,
): KeyStatus {
  if (key.storedStatus === "disabled") {
    return "disabled";
  }
  if (isExpired(key.expiresAt, nowSeconds)) {
    return "expired";
  }
  return !key.isUnlimited && key.usedNanos >= key.capNanos ? "exhausted" : "enabled";
}

/** What is left of the cap, held parts included; never below zero, and zero for an unlimited key. */
export function keyRemaining(key: Pick<ApiKey, "isUnlimited" | "capNanos" | "usedNanos">): NanoUsd {
  return key.isUnlimited || key.usedNanos >= key.capNanos
    ? ZERO
    : subtractNano(key.capNanos, key.usedNanos);
}

/** Decides about a key that was found, in One API's order: the key first, its owner last. */
export function decideKey(
  found: { readonly key: ApiKey; readonly owner: KeyOwner; readonly channelSuffix: string },
  nowSeconds: number,
): KeyDecision {
  const { key, owner, channelSuffix } = found;
  const status = keyStatus(key, nowSeconds);
  if (status !== "enabled") {
    return { kind: "denied", reason: status, key };
  }
  if (owner.status !== "enabled") {
    return { kind: "denied", reason: "user-banned", key };
  }
  return {
    kind: "granted",
    grant: {
      key,
      userRole: owner.role,
      group: owner.group,
      isStrict: owner.isStrict,
      channelSuffix,
    },
  };
}

/** Refuses to enable a key that could not be used: KEY_EXPIRED or KEY_EXHAUSTED. */
export function checkEnabling(key: ApiKey, nowSeconds: number): void {
  const status = keyStatus({ ...key, storedStatus: "enabled" }, nowSeconds);
  if (status === "expired") {
    throw fault("KEY_EXPIRED");
  }
  if (status === "exhausted") {
    throw fault("KEY_EXHAUSTED");
  }
}

/** Throws KEY_NAME_INVALID. */
export function checkKeyName(name: string): string {
  if (!namePattern.test(name)) {
    throw fault("KEY_NAME_INVALID");
  }
  return name;
}

/** Seconds since 1970; 0 and -1 mean never. Throws KEY_EXPIRY_INVALID. */
export function checkExpiry(expiresAt: number): number {
  if (expiresAt === 0 || expiresAt === noExpiry) {
    return noExpiry;
  }
  if (!Number.isSafeInteger(expiresAt) || expiresAt < 0 || expiresAt > expirySecondsMax) {
    throw fault("KEY_EXPIRY_INVALID");
  }
  return expiresAt;
}

/** What is to be left of a cap. Throws KEY_CAP_INVALID. */
export function checkRemaining(remainingNanos: NanoUsd): NanoUsd {
  if (remainingNanos < 0n || remainingNanos > capNanosMax) {
    throw fault("KEY_CAP_INVALID");
  }
  return remainingNanos;
}

/** Allowed models, trimmed, each once. Throws KEY_MODELS_INVALID. */
export function checkModels(models: readonly string[]): readonly string[] {
  const distinct = [...new Set(models.map((model) => model.trim()))].filter(
    (model) => model !== "",
  );
  if (distinct.length > modelsMax || distinct.some((model) => !modelPattern.test(model))) {
    throw fault("KEY_MODELS_INVALID");
  }
  return distinct;
}

function isExpired(expiresAt: number, nowSeconds: number): boolean {
  return expiresAt !== noExpiry && expiresAt < nowSeconds;
}
