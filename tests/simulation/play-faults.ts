import type { FaultKind } from "./temper.ts";
import { addTo } from "./call-book.ts";
import type { SimulatedQuota } from "./simulated-quota.ts";
import type { SimulatedRelay } from "./simulated-relay.ts";
import type { BlockedWay } from "./simulated-network.ts";
import type { World } from "./world.ts";

/** Makes things go wrong, and brings back what went down. */
export class FaultPlayer {
  readonly #world: World;
  readonly #counts: Record<string, number> = {};
  /** Records that a start must find, by relay: those that outlive a kill, and those that outlive a power cut. */
  readonly #written = new Map<number, number>();
  readonly #durable = new Map<number, number>();
  #isRunning = false;
  #isFailingOver = false;

  constructor(world: World) {
    this.#world = world;
  }

  begin(): void {
    this.#isRunning = true;
    this.#schedule();
  }

  /** Everything that is blocked opens, every disk has room. */
  stop(): void {
    this.#isRunning = false;
    for (const { index, disk } of this.#world.relays) {
      this.#world.network.block(index, "none");
      disk.space = "plenty";
      disk.isSyncBroken = false;
    }
  }

  counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  startRelay(relay: SimulatedRelay): void {
    if (!relay.isRunning()) {
      void this.#start(relay);
    }
  }

  /** The relay's process ended by itself. */
  relayDied(index: number, why: string, error: Error | undefined): void {
    const relay = this.#world.relays[index];
    if (relay === undefined) {
      return;
    }
    const code = error !== undefined && "code" in error ? String(error.code) : "";
    this.#world.trace.note(`relay ${index}: ${why} ${error?.message ?? ""}`);
    if (code !== "EIO" && code !== "ENOSPC") {
      this.#world.fail([`I14 relay ${index}: ${why}: ${error?.message}`]);
    }
    // A disk that cannot sync is not used again before the machine was started anew.
    this.#end(relay, code === "EIO");
  }

  async #start(relay: SimulatedRelay): Promise<void> {
    const { index } = relay;
    try {
      await relay.start();
    } catch (error) {
      this.#world.fail([`I14 relay ${index} cannot start: ${String(error)}`]);
    }
    const journal = relay.process()?.journal;
    if (journal !== undefined) {
      const found = journal.nextSeq();
      const expected = this.#written.get(index) ?? 0;
      this.#world.trace.note(`relay ${index}: epoch ${journal.epoch}, ${found} records`);
      if (found < expected) {
        this.#world.fail([`I1 relay ${index}: ${expected} records were safe, ${found} are there`]);
      }
    }
  }

  #schedule(): void {
    const { clock, dice, temper } = this.#world.ports;
    clock.setTimeout(
      () => {
        if (this.#isRunning) {
          this.#play(this.#pick());
          this.#schedule();
        }
      },
      dice.integer(1, 2 * temper.faultGapMs),
    );
  }

  #pick(): FaultKind | undefined {
    const { dice, temper } = this.#world.ports;
    const sum = temper.faults.reduce((total, { weight }) => total + weight, 0);
    let rest = dice.next() * sum;
    return temper.faults.find(({ weight }) => {
      rest -= weight;
      return rest < 0;
    })?.kind;
  }

  #play(kind: FaultKind | undefined): void {
    if (kind === undefined) {
      return;
    }
    const { dice } = this.#world.ports;
    const relay = dice.pick(this.#world.relays);
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
    this.#world.trace.note(`fault: ${kind} (relay ${relay.index})`);
    switch (kind) {
      case "kill-relay":
      case "power-cut":
        this.#end(relay, kind === "power-cut");
        break;
      case "block":
        this.#block(relay);
        break;
      case "kill-quota":
        this.#killQuota(dice.pick(this.#world.quotas));
        break;
      case "break-session":
        this.#world.network.breakRelay(relay.index);
        break;
      case "break-database":
        this.#world.ports.database.breakConnections();
        break;
      case "fail-over":
        void this.#failOver();
        break;
      case "sync-error":
        relay.disk.isSyncBroken = true;
        break;
      case "disk-low":
      case "disk-full":
        this.#fill(relay, kind === "disk-low" ? "low" : "none");
        break;
    }
  }

  #end(relay: SimulatedRelay, isPowerCut: boolean): void {
    const { clock, dice, book } = this.#world.ports;
    const { index } = relay;
    const wasRunning = relay.isRunning();
    const journal = relay.process()?.journal;
    if (journal !== undefined) {
      this.#durable.set(index, journal.durableSeq());
      const isAllWritten = journal.written() === undefined;
      this.#written.set(index, isAllWritten ? journal.nextSeq() : journal.durableSeq());
    }
    if (isPowerCut) {
      this.#written.set(index, this.#durable.get(index) ?? 0);
    }
    book.crash(index, this.#written.get(index) ?? 0);
    relay.kill();
    if (isPowerCut) {
      book.loseMore(index, this.#durable.get(index) ?? 0);
      relay.disk.cutPower();
    }
    if (wasRunning) {
      clock.setTimeout(() => this.startRelay(relay), dice.integer(20, 1200));
    }
  }

  #block(relay: SimulatedRelay): void {
    const { clock, dice } = this.#world.ports;
    const ways: readonly BlockedWay[] = ["both", "both", "to-quota", "to-relay"];
    this.#world.network.block(relay.index, dice.pick(ways));
    clock.setTimeout(() => this.#world.network.block(relay.index, "none"), dice.integer(100, 4000));
  }

  #killQuota(quota: SimulatedQuota): void {
    const { clock, dice } = this.#world.ports;
    if (quota.money() === undefined) {
      return;
    }
    quota.kill();
    this.#world.network.breakQuota(quota);
    const start = (): void => {
      quota.start().catch(() => {
        // The database failed over while it started.
        clock.setTimeout(start, 100);
      });
    };
    clock.setTimeout(start, dice.integer(20, 1500));
  }

  async #failOver(): Promise<void> {
    const { clock, dice, database, book } = this.#world.ports;
    if (this.#isFailingOver) {
      return;
    }
    this.#isFailingOver = true;
    this.#world.deposits.mark();
    await database.copyToStandby();
    await new Promise<void>((resolve) => {
      clock.setTimeout(resolve, dice.integer(5, 600));
    });
    const lost = await database.failOver();
    this.#world.loseCommits(lost);
    for (const [userId, nanos] of lost.grantedNanos) {
      addTo(book.excess, userId, nanos);
    }
    this.#world.deposits.repeatSinceMark();
    this.#world.trace.note("the database has failed over");
    this.#isFailingOver = false;
  }

  #fill(relay: SimulatedRelay, space: "low" | "none"): void {
    const { clock, dice } = this.#world.ports;
    relay.disk.space = space;
    clock.setTimeout(
      () => {
        relay.disk.space = "plenty";
      },
      dice.integer(200, 6000),
    );
  }
}
