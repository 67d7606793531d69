import { hash } from "node:crypto";
import { BlockList, isIPv6 } from "node:net";
import type { Clock } from "@tollgate/kit/clock/clock";
import type { OpenKeyResponse } from "@tollgate/proto/quota/v1/key_service";
import { KeyDenialReason } from "@tollgate/proto/quota/v1/key_service";

/** What a key may do, as the relay keeps it. */
export interface KeyGrant {
  readonly keyId: number;
  readonly keyName: string;
  readonly userId: number;
  readonly userRole: number;
  readonly group: string;
  readonly capped: boolean;
  /** Milliseconds since 1970, `Infinity` = never. */
  readonly expiresAtMs: number;
  /** Absent = all. */
  readonly models?: ReadonlySet<string>;
  /** Absent = all. */
  readonly subnets?: AllowedSubnets;
  readonly channelSuffix: string;
  /** Every call reserves for itself, at the most that it can cost. */
  readonly isStrict: boolean;
}

export interface AllowedSubnets {
  readonly text: string;
  readonly includes: (address: string) => boolean;
}

export type DenialReason = "unknown" | "disabled" | "expired" | "exhausted" | "user-banned";

export interface KeyDenial {
  readonly reason: DenialReason;
  readonly keyId: number;
  readonly keyName: string;
}

export type KeyAnswer =
  | { readonly kind: "grant"; readonly grant: KeyGrant }
  | { readonly kind: "denial"; readonly denial: KeyDenial };

/** A credential as a client shows it. */
export interface PresentedKey {
  /** "" = none. */
  readonly credential: string;
  /** SHA-256, base64. */
  readonly digest: string;
}

export interface KeyGrants {
  /** The cached answer; `undefined` = ask {@link open}. */
  readonly find: (key: PresentedKey) => KeyAnswer | undefined;
  /** Asks quota, once for all who wait. Rejects with a Fault when it cannot be reached. */
  readonly open: (key: PresentedKey) => Promise<KeyAnswer>;
  readonly revoke: (keyIds: readonly number[], userIds: readonly number[]) => void;
  /** Forgets everything: revocations may have been missed. */
  readonly clear: () => void;
}

export interface KeyGrantPorts {
  readonly openKey: (credential: string) => Promise<OpenKeyResponse>;
  readonly clock: Clock;
}

interface Entry {
  readonly answer: KeyAnswer;
  readonly keyId: number;
  readonly userId: number;
  /** Monotonic; the entry is asked for anew after that. */
  readonly staleAtMs: number;
}

const grantsMax = 100_000;
const denialsMax = 10_000;
const pendingMax = 10_000;
const denialMs = 3000;

/** Caches what quota said of credentials. Credentials themselves are not kept, only their SHA-256. */
export function createKeyGrants({ openKey, clock }: KeyGrantPorts): KeyGrants {
  const grants = new Map<string, Entry>();
  const denials = new Map<string, Entry>();
  const pending = new Map<string, Promise<KeyAnswer>>();
  // An answer that was under way while something was revoked may be from before: it serves once and is not kept.
  let revocations = 0;

  const ask = async ({ credential, digest }: PresentedKey): Promise<KeyAnswer> => {
    const before = revocations;
    const response = await openKey(credential);
    const answer = answerFromWire(response);
    if (before === revocations) {
      keep(digest, answer);
    }
    return answer;
  };
  const keep = (key: string, answer: KeyAnswer): void => {
    if (answer.kind === "grant") {
      const { keyId, userId } = answer.grant;
      put({ cache: grants, max: grantsMax }, key, { answer, keyId, userId, staleAtMs: Infinity });
    } else {
      const { keyId } = answer.denial;
      const staleAtMs = clock.monotonicMs() + denialMs;
      put({ cache: denials, max: denialsMax }, key, { answer, keyId, userId: 0, staleAtMs });
    }
  };
  return {
    find: (key) => findEntry({ grants, denials }, key.digest, clock),
    open: async (key) => {
      let running = pending.get(key.digest);
      if (running === undefined) {
        running = ask(key).finally(() => pending.delete(key.digest));
        if (pending.size < pendingMax) {
          pending.set(key.digest, running);
        }
      }
      return running;
    },
    revoke: (keyIds, userIds) => {
      revocations += 1;
      const keys = new Set(keyIds);
      const users = new Set(userIds);
      for (const cache of [grants, denials]) {
        for (const [key, entry] of cache) {
          if (keys.has(entry.keyId) || users.has(entry.userId)) {
            cache.delete(key);
          }
        }
      }
    },
    clear: () => {
      revocations += 1;
      grants.clear();
      denials.clear();
    },
  };
}

function findEntry(
  { grants, denials }: Readonly<Record<"grants" | "denials", ReadonlyMap<string, Entry>>>,
  key: string,
  clock: Clock,
): KeyAnswer | undefined {
  const entry = grants.get(key);
  if (entry !== undefined) {
    return entry.answer;
  }
  const denial = denials.get(key);
  return denial !== undefined && denial.staleAtMs > clock.monotonicMs() ? denial.answer : undefined;
}

const denialFromWire: Readonly<Record<number, DenialReason>> = {
  [KeyDenialReason.UNSPECIFIED]: "unknown",
  [KeyDenialReason.UNKNOWN]: "unknown",
  [KeyDenialReason.DISABLED]: "disabled",
  [KeyDenialReason.EXPIRED]: "expired",
  [KeyDenialReason.EXHAUSTED]: "exhausted",
  [KeyDenialReason.USER_BANNED]: "user-banned",
};

/** A credential with its digest. */
export function presentKey(credential: string): PresentedKey {
  return { credential, digest: hash("sha256", credential, "base64") };
}

/** Oldest out first: a grant that is still used is asked for again, once. */
function put(
  { cache, max }: { readonly cache: Map<string, Entry>; readonly max: number },
  key: string,
  entry: Entry,
): void {
  cache.delete(key);
  cache.set(key, entry);
  const oldest = cache.size > max ? cache.keys().next().value : undefined;
  if (oldest !== undefined) {
    cache.delete(oldest);
  }
}

function answerFromWire({ outcome }: OpenKeyResponse): KeyAnswer {
  switch (outcome.case) {
    case "grant": {
      const wire = outcome.value;
      return {
        kind: "grant",
        grant: {
          keyId: Number(wire.keyId),
          keyName: wire.keyName,
          userId: Number(wire.userId),
          userRole: wire.userRole,
          group: wire.group,
          capped: wire.capped,
          expiresAtMs: wire.expiresAt < 0n ? Infinity : Number(wire.expiresAt) * 1000,
          ...(wire.models.length === 0 ? {} : { models: new Set(wire.models) }),
          ...(wire.subnets.length === 0 ? {} : { subnets: readSubnets(wire.subnets) }),
          channelSuffix: wire.channelSuffix,
          isStrict: wire.strict,
        },
      };
    }
    case "denial": {
      const { reason, keyId, keyName } = outcome.value;
      const denial = { reason: denialFromWire[reason] ?? "unknown", keyId: Number(keyId), keyName };
      return { kind: "denial", denial };
    }
    case undefined:
      throw new Error("quota answered OpenKey with neither a grant nor a denial");
  }
}

/** CIDRs that cannot be read match nobody, as in One API. */
function readSubnets(cidrs: readonly string[]): AllowedSubnets {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = "", prefix = ""] = cidr.trim().split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    try {
      list.addSubnet(
        address,
        Number(prefix === "" ? (family === "ipv6" ? 128 : 32) : prefix),
        family,
      );
    } catch {
      // Not a network: it lets nobody in.
      continue;
    }
  }
  return {
    text: cidrs.join(","),
    includes: (address) => list.check(address, isIPv6(address) ? "ipv6" : "ipv4"),
  };
}
