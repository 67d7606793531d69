import { addTo, priceOf } from "./call-book.ts";
import { cappedKeyOf, keyOf } from "./cast.ts";
import type { Admission, CallPlan } from "./run-call.ts";
import { runCall } from "./run-call.ts";
import type { SimulatedRelay } from "./simulated-relay.ts";
import type { World } from "./world.ts";

/** The clients. */
export interface Load {
  readonly begin: () => void;
  readonly stop: () => void;
  readonly refused: () => number;
  readonly unavailable: () => number;
  /** Every user with money is served by every relay before the deadline (I14). */
  readonly probeAll: (deadlineMs: number) => Promise<void>;
}

export function playLoad(world: World): Load {
  const { clock, dice, temper } = world.ports;
  const counts: Record<Admission, number> = { admitted: 0, refused: 0, unavailable: 0 };
  let isRunning = false;
  let lastCall = 0;
  const makePlan = (wish: Partial<CallPlan>): CallPlan => {
    lastCall += 1;
    return { ...drawPlan(world), id: callIdOf(clock.nowMs(), lastCall), ...wish };
  };
  const call = async (relay: SimulatedRelay, wish: Partial<CallPlan>): Promise<Admission> => {
    const { book, mutant } = world.ports;
    return runCall(relay, makePlan(wish), { dice, trace: world.trace, book, mutant });
  };
  const attempt = async (relay: SimulatedRelay, wish: Partial<CallPlan>): Promise<void> => {
    try {
      counts[await call(relay, wish)] += 1;
    } catch (error) {
      world.fail([`a call broke: ${describe(error)}`]);
    }
  };
  const fire = (): void => {
    const count = dice.chance(temper.burst) ? dice.integer(2, 8) : 1;
    const [relay, userId] = [dice.pick(world.relays), dice.integer(1, temper.users)];
    for (let index = 0; index < count; index += 1) {
      void attempt(relay, { userId, ...keysOf(userId, dice.chance(temper.capped)) });
    }
  };
  const schedule = (): void => {
    clock.setTimeout(
      () => {
        if (isRunning) {
          fire();
          schedule();
        }
      },
      dice.integer(1, 2 * temper.callGapMs),
    );
  };
  const probe = async (
    relay: SimulatedRelay,
    userId: number,
    deadlineMs: number,
  ): Promise<void> => {
    const wish = { userId, ...keysOf(userId, false), ...smallCall };
    for (;;) {
      const admission = await call(relay, wish);
      if (admission === "admitted") {
        return;
      }
      if (clock.monotonicMs() > deadlineMs) {
        world.fail([`I14 relay ${relay.index}: user ${userId} has money and is ${admission}`]);
        return;
      }
      await new Promise<void>((resolve) => {
        clock.setTimeout(resolve, 200);
      });
    }
  };
  return {
    begin: () => {
      isRunning = true;
      schedule();
    },
    stop: () => {
      isRunning = false;
    },
    refused: () => counts.refused,
    unavailable: () => counts.unavailable,
    probeAll: async (deadlineMs) => {
      const solvent = await readSolvent(world);
      for (const relay of world.relays) {
        await Promise.all(solvent.map(async (userId) => probe(relay, userId, deadlineMs)));
      }
    },
  };
}

const smallCall = {
  isStream: false,
  inputTokens: 10,
  outputTokensMax: 10,
  outputTokensReserved: 10,
  outputTokens: 10,
  leavesAt: Number.POSITIVE_INFINITY,
  diesAt: Number.POSITIVE_INFINITY,
};

// Some probes of every relay, counted in bytes.
const solventNanos = 4_000_000n;

/** By the run's own books: what was paid in, less what every call that was made has cost. */
async function readSolvent({ ports: { book, temper } }: World): Promise<readonly number[]> {
  const owed = new Map<number, bigint>();
  for (const { userId, inputTokens, ended, delivered } of book.calls.values()) {
    const tokens = ended === undefined ? delivered : ended.tokens;
    addTo(owed, userId, priceOf(inputTokens, tokens));
  }
  return Array.from({ length: temper.users }, (_, index) => index + 1).filter(
    (userId) => (book.deposits.get(userId) ?? 0n) - (owed.get(userId) ?? 0n) >= solventNanos,
  );
}

function keysOf(userId: number, isCapped: boolean): Pick<CallPlan, "keyId" | "cappedKeyId"> {
  const keyId = isCapped ? cappedKeyOf(userId) : keyOf(userId);
  return { keyId, cappedKeyId: isCapped ? keyId : 0 };
}

function drawPlan({ ports: { dice, temper } }: World): CallPlan {
  const outputTokensMax = dice.integer(1, dice.chance(0.2) ? 600 : 120);
  const isOver = dice.chance(temper.exceeds);
  const outputTokens = isOver
    ? outputTokensMax + dice.integer(1, 200)
    : dice.integer(1, outputTokensMax);
  const isStream = dice.chance(temper.streams);
  const at = (probability: number): number =>
    dice.chance(probability) ? dice.integer(0, outputTokens) : Number.POSITIVE_INFINITY;
  return {
    id: new Uint8Array(),
    userId: 0,
    keyId: 0,
    cappedKeyId: 0,
    isStream,
    inputTokens: dice.integer(1, 300),
    outputTokensMax,
    outputTokensReserved:
      isStream && dice.chance(temper.extended) ? Math.min(outputTokensMax, 48) : outputTokensMax,
    outputTokens,
    leavesAt: at(temper.leaves),
    diesAt: at(temper.dies),
  };
}

/** A UUID version 7 without chance. */
function callIdOf(nowMs: number, count: number): Uint8Array {
  const id = Buffer.alloc(16);
  id.writeUIntBE(nowMs, 0, 6);
  id[6] = 0x70;
  id[8] = 0x80;
  id.writeUInt32BE(count, 12);
  return new Uint8Array(id);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
