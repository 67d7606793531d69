/**
 * One seed is one run of the money plane: relays and quota as they ship, over a simulated disk, network and clock, with faults drawn by
 * the seed. Whatever is left to chance comes from the seed, so that a run can be had again.
 */
import type { Database } from "@tollgate/kit/sql/database";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { createLogger } from "@tollgate/kit/logging/logger";
import type { FakeClock } from "@tollgate/kit/testing/fake-clock";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { createMoney } from "../../services/quota/src/money.ts";
import { createCallBook } from "./call-book.ts";
import { createDice } from "./dice.ts";
import type { Mutant } from "./mutant.ts";
import { noMutant } from "./mutant.ts";
import type { SimulatedDatabase } from "./simulated-database.ts";
import { openSimulatedDatabase } from "./simulated-database.ts";
import type { TemperWish } from "./temper.ts";
import { drawTemper } from "./temper.ts";
import { cappedKeyOf, keyOf, startMs, usersMax } from "./cast.ts";
import type { Figures } from "./world.ts";
import { World } from "./world.ts";

/** What a run came to. */
export interface RunOutcome {
  readonly seed: number;
  /** Empty = every invariant held. */
  readonly violations: readonly string[];
  /** The newest events before the first violation, or the last ones. */
  readonly events: readonly string[];
  readonly step: number;
  readonly traceHash: string;
  readonly figures: Figures;
}

export interface Simulation {
  readonly run: (seed: number, options?: RunOptions) => Promise<RunOutcome>;
  readonly close: () => Promise<void>;
}

export interface RunOptions {
  readonly mutant?: Mutant;
  readonly wish?: TemperWish;
}

const silent = createLogger({ service: "simulation", level: "silent" });

/** Opens the database once; runs follow each other. */
export async function openSimulation(): Promise<Simulation> {
  const database = await openSimulatedDatabase(prepare);
  return {
    run: async (seed, options = {}) =>
      withSeededRandom(seed, async () => runSeed(database, seed, options)),
    close: database.close,
  };
}

async function runSeed(
  database: SimulatedDatabase,
  seed: number,
  { mutant = noMutant, wish = mutant.wish ?? {} }: RunOptions,
): Promise<RunOutcome> {
  await database.reset();
  const dice = createDice(seed);
  const clock: FakeClock = createFakeClock(startMs);
  const temper = drawTemper(dice, wish);
  const world = new World({ dice, clock, temper, database, mutant, book: createCallBook() });
  const verdict = await world.play();
  return { seed, ...verdict, traceHash: world.trace.hash(), figures: world.figures() };
}

/** What the product leaves to the machine's dice (how long to wait before the next try) is drawn from the seed as well. */
async function withSeededRandom<Result>(seed: number, run: () => Promise<Result>): Promise<Result> {
  const { random } = Math;
  const dice = createDice(seed ^ 0x5eed);
  Math.random = () => dice.next();
  try {
    return await run();
  } finally {
    Math.random = random;
  }
}

/** Price books, users with a key and a capped key each; balances are 0. */
async function prepare(database: Database): Promise<void> {
  const money = await createMoney({
    database,
    clock: createFakeClock(startMs - 60_000),
    logger: silent,
    admissionTtlSeconds: 300,
  });
  for (let userId = 1; userId <= usersMax; userId += 1) {
    await database.execute(
      `insert into users (id, username, display_name, role, status, email, user_group, password_hash,
         invitation_code, inviter_id, created_at, session_version)
       values (?, ?, '', 1, 1, '', 'default', '', ?, 0, 0, 1)`,
      [userId, `user${userId}`, `code${userId}`],
    );
    await database.transaction(async (tx) => money.wallets.open(userId, tx));
    for (const keyId of [keyOf(userId), cappedKeyOf(userId)]) {
      await database.execute(
        `insert into api_keys (id, user_id, name, status, secret_hash, secret_sealed, hint, created_at,
           expires_at, models, subnets)
         values (?, ?, ?, 1, ?, '', '', 0, -1, '[]', '[]')`,
        [keyId, userId, `key${keyId}`, `hash${keyId}`],
      );
      const isUnlimited = keyId === keyOf(userId);
      const remainingNanos = nanoUsd(isUnlimited ? 0n : 30_000_000n * BigInt(userId));
      await database.transaction(async (tx) =>
        money.caps.create({ keyId, userId, isUnlimited, remainingNanos }, tx),
      );
    }
  }
  money.close();
}
