import type { Clock } from "@tollgate/kit/clock/clock";
import { isFault } from "@tollgate/kit/fault/fault";
import type {
  DenialReason,
  KeyAnswer,
  KeyDenial,
  KeyGrant,
  KeyGrants,
  PresentedKey,
} from "#ledgering/key-grants.ts";
import { relayFaults } from "#pipeline/relay-faults.ts";

type DenialFault = "KEY_UNKNOWN" | "KEY_DISABLED" | "KEY_EXPIRED" | "KEY_EXHAUSTED" | "USER_BANNED";

const denialFaults = {
  unknown: "KEY_UNKNOWN",
  disabled: "KEY_DISABLED",
  expired: "KEY_EXPIRED",
  exhausted: "KEY_EXHAUSTED",
  "user-banned": "USER_BANNED",
} as const satisfies Record<DenialReason, DenialFault>;

const credentialCharsMax = 512;
const retryAfterMs = 2000;

/** What the presented credential may do, from the cache if it is there. Throws or rejects with the fault for the caller. */
export function findKey(grants: KeyGrants, key: PresentedKey): KeyAnswer | Promise<KeyAnswer> {
  if (key.credential === "") {
    throw relayFaults.fault("KEY_MISSING");
  }
  if (key.credential.length > credentialCharsMax) {
    throw relayFaults.fault("KEY_UNKNOWN");
  }
  return grants.find(key) ?? askForKey(grants, key);
}

/** The grant, if it holds here and now. Throws the fault for the caller in One API's order of checks. */
export function checkKey(answer: KeyAnswer, clientIp: string, clock: Clock): KeyGrant {
  if (answer.kind === "denial") {
    throw denialFault(answer.denial);
  }
  const { grant } = answer;
  if (grant.expiresAtMs < clock.nowMs()) {
    throw relayFaults.fault("KEY_EXPIRED");
  }
  if (grant.subnets !== undefined && !grant.subnets.includes(clientIp)) {
    throw relayFaults.fault("ADDRESS_NOT_ALLOWED", {
      sentence: `The API key may only be used from ${grant.subnets.text}; this is ${clientIp}.`,
    });
  }
  return grant;
}

/** Throws the caller's fault if the key's list of models does not hold the model. */
export function checkModel(grant: KeyGrant, model: string): void {
  if (grant.models !== undefined && !grant.models.has(model)) {
    throw relayFaults.fault("MODEL_NOT_ALLOWED", {
      sentence: `The API key may not use model ${model}.`,
    });
  }
}

async function askForKey(grants: KeyGrants, key: PresentedKey): Promise<KeyAnswer> {
  try {
    return await grants.open(key);
  } catch (error) {
    if (isFault(error) && error.owner === "caller") {
      throw relayFaults.fault("KEY_UNKNOWN", { cause: error });
    }
    throw relayFaults.fault("MONEY_UNREACHABLE", {
      sentence: "The API key cannot be looked up just now. Please try again.",
      retryAfterMs,
      cause: error,
    });
  }
}

function denialFault({ reason, keyId, keyName }: KeyDenial): Error {
  const name = `${keyName} (#${keyId})`;
  switch (reason) {
    case "exhausted":
      return relayFaults.fault("KEY_EXHAUSTED", {
        sentence: `The quota of API key ${name} is exhausted.`,
      });
    case "expired":
    case "disabled":
    case "unknown":
    case "user-banned":
      return relayFaults.fault(denialFaults[reason]);
  }
}
