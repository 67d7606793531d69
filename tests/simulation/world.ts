/** Relays, quota, database, network and clients of one run, and how the run goes. */
import type { FakeClock } from "@tollgate/kit/testing/fake-clock";
import type { CallBook } from "./call-book.ts";
import { journalIdOf, journalTextOf } from "./cast.ts";
import type { Dice } from "./dice.ts";
import { playDeposits } from "./play-deposits.ts";
import type { Deposits } from "./play-deposits.ts";
import { FaultPlayer } from "./play-faults.ts";
import { playLoad } from "./play-load.ts";
import type { Load } from "./play-load.ts";
import { createJournalMirror, idText } from "./journal-mirror.ts";
import type { Mutant } from "./mutant.ts";
import type { OraclePorts } from "./oracle.ts";
import { checkAtRest, checkNow } from "./oracle.ts";
import { checkReplay } from "./check-replay.ts";
import { createSimulatedDisk } from "./simulated-disk.ts";
import type { LostCommits, SimulatedDatabase } from "./simulated-database.ts";
import type { SimulatedNetwork } from "./simulated-network.ts";
import { createSimulatedNetwork } from "./simulated-network.ts";
import type { SimulatedQuota } from "./simulated-quota.ts";
import { createSimulatedQuota } from "./simulated-quota.ts";
import type { SimulatedRelay } from "./simulated-relay.ts";
import { createSimulatedRelay, journalFolder } from "./simulated-relay.ts";
import type { Temper } from "./temper.ts";
import { calm } from "./temper.ts";
import type { Trace } from "./trace.ts";
import { createTrace } from "./trace.ts";

export interface Figures {
  readonly calls: number;
  readonly refused: number;
  readonly unavailable: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly virtualMs: number;
}

export interface Verdict {
  /** Empty = every invariant held. */
  readonly violations: readonly string[];
  /** The newest events before the first violation, or the last ones. */
  readonly events: readonly string[];
  /** How many events there had been. */
  readonly step: number;
}

export interface WorldPorts {
  readonly dice: Dice;
  readonly clock: FakeClock;
  readonly temper: Temper;
  readonly database: SimulatedDatabase;
  readonly mutant: Mutant;
  readonly book: CallBook;
}

const checkEveryMs = 200;
const calmCheckEveryMs = 1000;
const sliceMs = 50;
const recoverMs = 9000;
// Relays hear of another database server within ten seconds, and connect again within five.
const recoverFromFailoverMs = 18_000;
const probeMs = 2500;
const handOverMs = 30_000;

export class World {
  readonly ports: WorldPorts;
  readonly trace: Trace;
  readonly relays: readonly SimulatedRelay[];
  readonly quotas: readonly SimulatedQuota[];
  readonly network: SimulatedNetwork;
  readonly deposits: Deposits;
  readonly load: Load;
  readonly #faults: FaultPlayer;
  /** How far journals were applied before commits were lost. */
  readonly #lostMarks = new Map<string, number>();
  #verdict: Verdict | undefined;
  #isCalm = false;

  constructor(ports: WorldPorts) {
    this.ports = ports;
    const { clock, dice, temper, database, mutant } = ports;
    this.trace = createTrace(() => clock.monotonicMs());
    const ofQuota = { clock, dice, database, temper: temper.database, mutant };
    this.quotas = indices(temper.quotas).map((index) => createSimulatedQuota(index, ofQuota));
    const { trace, quotas } = this;
    this.network = createSimulatedNetwork({ clock, dice, temper: temper.network, trace, quotas });
    this.relays = indices(temper.relays).map((index) => this.#createRelay(index));
    this.deposits = playDeposits(this);
    this.load = playLoad(this);
    this.#faults = new FaultPlayer(this);
  }

  /** Commits are lost from now on: grants and settlements may disagree for a while. */
  loseCommits({ marks }: LostCommits): void {
    for (const [journal, mark] of marks) {
      this.#lostMarks.set(journal, Math.max(mark, this.#lostMarks.get(journal) ?? 0));
    }
  }

  /** The first violation decides; the rest would only follow from it. */
  fail(violations: readonly string[]): void {
    if (this.#verdict === undefined && violations.length > 0) {
      const events = [...this.trace.last()];
      this.#verdict = { violations: violations.slice(0, 20), events, step: this.trace.count() };
    }
  }

  async play(): Promise<Verdict> {
    const { clock, temper } = this.ports;
    await this.#start();
    this.load.begin();
    this.deposits.begin();
    this.#faults.begin();
    this.#watch();
    await this.#advance(temper.loadMs);
    this.load.stop();
    this.deposits.stop();
    this.#faults.stop();
    calm(temper);
    this.trace.note("calm");
    this.#isCalm = true;
    await this.#advance(this.#lostMarks.size > 0 ? recoverFromFailoverMs : recoverMs);
    await this.#probe();
    await this.#handOver();
    if (this.#verdict === undefined) {
      this.fail(await checkAtRest(this.#oracle()));
      this.fail(await checkReplay(this.#oracle(), this.quotas));
    }
    for (const part of [...this.relays, ...this.quotas]) {
      part.kill();
    }
    await clock.advance(0);
    return this.#verdict ?? { violations: [], events: this.trace.last(), step: this.trace.count() };
  }

  figures(): Figures {
    const { clock, book } = this.ports;
    return {
      calls: book.calls.size,
      refused: this.load.refused(),
      unavailable: this.load.unavailable(),
      faults: this.#faults.counts(),
      virtualMs: clock.monotonicMs(),
    };
  }

  #createRelay(index: number): SimulatedRelay {
    const { clock, dice, temper, mutant } = this.ports;
    const disk = createSimulatedDisk({ clock, dice, temper: temper.disk, folder: journalFolder });
    const identity = { journalId: journalTextOf(index), epoch: 1 };
    disk.place(`${journalFolder}/identity.json`, JSON.stringify(identity));
    return createSimulatedRelay(index, {
      clock,
      disk,
      network: this.network,
      trace: this.trace,
      mirror: createJournalMirror(),
      mutant,
      sizes: { segmentBytes: temper.segmentBytes, allocateBytes: 2048 },
      onDeath: (why, error) => this.#faults.relayDied(index, why, error),
      onViolation: (sentence) => this.fail([sentence]),
    });
  }

  async #start(): Promise<void> {
    await this.#until(Promise.all(this.quotas.map(async (quota) => quota.start())), 1000);
    for (const relay of this.relays) {
      this.#faults.startRelay(relay);
    }
    await this.#until(this.deposits.payFirst(), 5000);
    await this.#advance(500);
  }

  /** Checks what must hold at every moment, again and again. */
  #watch(): void {
    const { clock, dice, database, mutant } = this.ports;
    const check = async (): Promise<void> => {
      this.fail(await checkNow(this.#oracle()));
      await mutant.everyNowAndThen?.({ clock, dice, database });
      clock.setTimeout(run, this.#isCalm ? calmCheckEveryMs : checkEveryMs);
    };
    const run = (): void => {
      check().catch((error: unknown) => this.fail([`the run cannot be checked: ${String(error)}`]));
    };
    run();
  }

  async #probe(): Promise<void> {
    const deadline = this.ports.clock.monotonicMs() + probeMs;
    await this.#until(this.load.probeAll(deadline), probeMs + 3000);
    // What was admitted ends.
    await this.#advance(1000);
  }

  async #handOver(): Promise<void> {
    const closing = Promise.all(this.relays.map(async (relay) => relay.close()));
    if (!(await this.#until(closing, handOverMs))) {
      this.fail(["I14 a relay cannot hand its journal over"]);
    }
  }

  #oracle(): OraclePorts {
    const { database, book } = this.ports;
    return {
      database: database.database,
      book,
      relays: this.relays,
      journalIds: this.relays.map(({ index }) => idText(journalIdOf(index))),
      lostMarks: this.#lostMarks,
    };
  }

  async #advance(ms: number): Promise<void> {
    const { clock } = this.ports;
    const untilMs = clock.monotonicMs() + ms;
    while (clock.monotonicMs() < untilMs && this.#verdict === undefined) {
      await clock.advance(Math.min(sliceMs, untilMs - clock.monotonicMs()));
    }
  }

  /** Lets time pass until the work is done; false = it was not done in time. */
  async #until(work: Promise<unknown>, msMax: number): Promise<boolean> {
    const { clock } = this.ports;
    const progress = { isDone: false };
    const follow = async (): Promise<void> => {
      try {
        await work;
      } catch (error) {
        this.fail([
          `the run broke: ${error instanceof Error ? (error.stack ?? "") : String(error)}`,
        ]);
      }
      progress.isDone = true;
    };
    void follow();
    for (let waited = 0; waited <= msMax && this.#verdict === undefined; waited += 1) {
      await clock.advance(waited === 0 ? 0 : 1);
      if (progress.isDone) {
        return true;
      }
    }
    return false;
  }
}

function indices(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
