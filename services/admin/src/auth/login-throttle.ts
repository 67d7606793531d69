/**
 * Slows down guessing: every failed attempt beyond the free ones doubles the wait, for the account and for the address
 * apart. An attempt counts when it begins, so that many at once are no way around it. Nothing is locked for good.
 */
import type { Clock } from "@tollgate/kit/clock/clock";
import { adminFaults } from "#faults.ts";

interface Tally {
  failures: number;
  blockedUntilMs: number;
  forgetAtMs: number;
}

/** How one kind of key is slowed down. */
interface Slope {
  readonly freeAttempts: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

const accountSlope: Slope = { freeAttempts: 5, firstWaitMs: 1000, longestWaitMs: 5 * 60_000 };
const addressSlope: Slope = { freeAttempts: 20, firstWaitMs: 1000, longestWaitMs: 15 * 60_000 };
const memoryMs = 60 * 60_000;

/** One attempt that was let through. */
export interface Attempt {
  /** The credentials were right: the account starts afresh, the address gets this attempt back. */
  succeed(): void;
  /** Neither right nor wrong (a service was away): nothing is counted. */
  withdraw(): void;
}

/** Lets attempts through or refuses them. */
export interface LoginThrottle {
  /** Counts an attempt. Throws TOO_MANY_ATTEMPTS, with the time to wait. */
  begin(attempt: { readonly account: string; readonly address: string }): Attempt;
}

/** Makes a throttle that remembers at most `entriesMax` accounts and addresses. */
export function createLoginThrottle(options: {
  readonly clock: Clock;
  readonly entriesMax: number;
}): LoginThrottle {
  const { clock, entriesMax } = options;
  const tallies = new Map<string, Tally>();
  const read = (key: string): Tally => {
    const known = tallies.get(key);
    const isFresh = known !== undefined && known.forgetAtMs > clock.nowMs();
    const tally = isFresh ? known : { failures: 0, blockedUntilMs: 0, forgetAtMs: 0 };
    tallies.delete(key);
    tallies.set(key, tally);
    for (const oldest of tallies.keys()) {
      if (tallies.size <= entriesMax) {
        break;
      }
      tallies.delete(oldest);
    }
    return tally;
  };
  return {
    begin({ account, address }) {
      const accountKey = `account:${account.trim().toLowerCase()}`;
      const addressKey = `address:${networkOf(address)}`;
      const nowMs = clock.nowMs();
      const ofAccount = read(accountKey);
      const ofAddress = read(addressKey);
      const waitMs = Math.max(ofAccount.blockedUntilMs, ofAddress.blockedUntilMs) - nowMs;
      if (waitMs > 0) {
        throw adminFaults.fault("TOO_MANY_ATTEMPTS", {
          retryAfterMs: waitMs,
          sentence: `Too many attempts. Please wait ${Math.ceil(waitMs / 1000)} seconds.`,
        });
      }
      countFailure(ofAccount, accountSlope, nowMs);
      countFailure(ofAddress, addressSlope, nowMs);
      return {
        succeed() {
          tallies.delete(accountKey);
          takeBack(ofAddress);
        },
        withdraw() {
          takeBack(ofAccount);
          takeBack(ofAddress);
        },
      };
    },
  };
}

function countFailure(tally: Tally, slope: Slope, nowMs: number): void {
  tally.failures += 1;
  tally.forgetAtMs = nowMs + memoryMs;
  const excess = tally.failures - slope.freeAttempts;
  if (excess > 0) {
    const waitMs = slope.firstWaitMs * 2 ** Math.min(excess - 1, 30);
    tally.blockedUntilMs = nowMs + Math.min(waitMs, slope.longestWaitMs);
  }
}

function takeBack(tally: Tally): void {
  tally.failures = Math.max(0, tally.failures - 1);
  tally.blockedUntilMs = 0;
}

/** An IPv6 subscriber owns at least a /64: its addresses count as one. */
function networkOf(address: string): string {
  if (!address.includes(":") || address.startsWith("::ffff:")) {
    return address;
  }
  const [head = ""] = address.split("::");
  return head.split(":").slice(0, 4).join(":");
}
