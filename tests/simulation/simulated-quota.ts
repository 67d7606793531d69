import type { Clock } from "@tollgate/kit/clock/clock";
import { createLogger } from "@tollgate/kit/logging/logger";
import type { SessionRequest } from "@tollgate/proto/quota/v1/session_service";
import { createMoney } from "../../services/quota/src/money.ts";
import type { Money } from "../../services/quota/src/money.ts";
import type { SessionUseCases } from "../../services/quota/src/rpc/session-stream.ts";
import {
  acquireLeaseFromWire,
  beatFromWire,
  helloFromWire,
  shipFromWire,
} from "../../services/quota/src/rpc/wire-session.ts";
import type { Dice } from "./dice.ts";
import type { Mutant } from "./mutant.ts";
import { createProcessClock } from "./process-clock.ts";
import type { ProcessClock } from "./process-clock.ts";
import type { DatabaseTemper, SimulatedDatabase } from "./simulated-database.ts";

export interface QuotaPorts {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly database: SimulatedDatabase;
  readonly temper: DatabaseTemper;
  readonly mutant: Mutant;
}

/** One instance of quota, which can be killed and started again. */
export interface SimulatedQuota {
  readonly index: number;
  /** Undefined = it is down. */
  readonly useCases: () => SessionUseCases | undefined;
  readonly money: () => Money | undefined;
  /** A message from a connection that is gone: nobody hears the answer. */
  readonly take: (request: SessionRequest) => void;
  readonly start: () => Promise<void>;
  /** Ends it at once, in the middle of whatever it does. */
  readonly kill: () => void;
}

const silent = createLogger({ service: "quota", level: "silent" });
const admissionTtlSeconds = 300;

export function createSimulatedQuota(index: number, ports: QuotaPorts): SimulatedQuota {
  let running: Running | undefined;
  const start = async (): Promise<void> => {
    const process = createProcessClock(ports.clock);
    const database = ports.database.connect({
      ...ports,
      process,
      around: ports.mutant.changeTransaction?.({ ...ports, process }),
    });
    const money = await createMoney({
      database,
      clock: process,
      logger: silent,
      admissionTtlSeconds,
    });
    const useCases: SessionUseCases = money.useCases;
    running = {
      process,
      money,
      useCases: ports.mutant.changeQuota?.({ ...ports, process, money, useCases }) ?? useCases,
    };
  };
  return {
    index,
    useCases: () => running?.useCases,
    money: () => running?.money,
    take: (request) => {
      if (running !== undefined) {
        // Whatever comes of it, nobody is there to be told.
        handle(running.useCases, request).catch(() => undefined);
      }
    },
    start,
    kill: () => {
      running?.process.kill();
      running = undefined;
    },
  };
}

interface Running {
  readonly process: ProcessClock;
  readonly money: Money;
  readonly useCases: SessionUseCases;
}

async function handle(useCases: SessionUseCases, { body }: SessionRequest): Promise<unknown> {
  switch (body.case) {
    case "hello":
      return useCases.hello(helloFromWire(body.value));
    case "acquireLease":
      return useCases.acquireLease(acquireLeaseFromWire(body.value));
    case "ship":
      return useCases.shipRecords(shipFromWire(body.value));
    case "beat":
      return useCases.beat(beatFromWire(body.value));
    case undefined:
      return undefined;
  }
}
