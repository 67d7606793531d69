/** One relay: the journal, the session with quota and the lease book as they ship, over a simulated disk and network. */
import type { Clock } from "@tollgate/kit/clock/clock";
import { createLogger } from "@tollgate/kit/logging/logger";
import { openJournal } from "../../services/relay/src/ledgering/journal.ts";
import type { Journal } from "../../services/relay/src/ledgering/journal.ts";
import { LeaseBook } from "../../services/relay/src/ledgering/lease-book.ts";
import { createPriceBooks } from "../../services/relay/src/ledgering/price-books.ts";
import type { PriceBooks } from "../../services/relay/src/ledgering/price-books.ts";
import { SessionClient } from "../../services/relay/src/ledgering/session-client.ts";
import type { SessionEvents } from "../../services/relay/src/ledgering/session-events.ts";
import type { JournalMirror } from "./journal-mirror.ts";
import type { Mutant } from "./mutant.ts";
import { createProcessClock } from "./process-clock.ts";
import type { ProcessClock } from "./process-clock.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";
import type { SimulatedNetwork } from "./simulated-network.ts";
import type { Trace } from "./trace.ts";

/** What a process of the relay has in memory. */
export interface RelayProcess {
  readonly clock: ProcessClock;
  readonly journal: Journal;
  readonly leases: LeaseBook;
  readonly prices: PriceBooks;
  readonly session: SessionClient;
}

export interface RelayPorts {
  readonly clock: Clock;
  readonly disk: SimulatedDisk;
  readonly network: SimulatedNetwork;
  readonly trace: Trace;
  readonly mirror: JournalMirror;
  readonly mutant: Mutant;
  readonly sizes: { readonly segmentBytes: number; readonly allocateBytes: number };
  /** The process has ended by itself; it is not told of kills. */
  readonly onDeath: (why: string, error?: Error) => void;
  /** Something that must never happen. */
  readonly onViolation: (sentence: string) => void;
}

export interface SimulatedRelay {
  readonly index: number;
  readonly disk: SimulatedDisk;
  readonly mirror: JournalMirror;
  /** Undefined while it is down or starts. */
  readonly process: () => RelayProcess | undefined;
  /** True from the begin of a start. */
  readonly isRunning: () => boolean;
  readonly start: () => Promise<void>;
  /** Ends the process at once. */
  readonly kill: () => void;
  /** Gives leases back, hands the journal over and closes. */
  readonly close: () => Promise<void>;
}

export const journalFolder = "/journal";

const silent = createLogger({ service: "relay", level: "silent" });
const waitMs = 2000;
const starvedMs = 500;

export function createSimulatedRelay(index: number, ports: RelayPorts): SimulatedRelay {
  let running: ProcessClock | undefined;
  let process: RelayProcess | undefined;
  const kill = (): void => {
    running?.kill();
    running = undefined;
    process = undefined;
    ports.network.breakRelay(index);
  };
  const start = async (): Promise<void> => {
    const clock = createProcessClock(ports.clock);
    running = clock;
    const die = (why: string, error?: Error): void => {
      if (clock.isAlive()) {
        ports.onDeath(why, error);
      }
    };
    try {
      const opened = await openProcess(index, { ...ports, process: clock, die });
      if (clock.isAlive()) {
        process = opened;
      }
    } catch (error) {
      die("the journal cannot be opened", error instanceof Error ? error : undefined);
    }
  };
  return {
    index,
    disk: ports.disk,
    mirror: ports.mirror,
    process: () => process,
    isRunning: () => running !== undefined,
    start,
    kill,
    close: async () => {
      if (process !== undefined) {
        const { leases, session, journal } = process;
        leases.close();
        await session.close(new AbortController().signal);
        await journal.close();
        kill();
      }
    },
  };
}

async function openProcess(
  index: number,
  ports: RelayPorts & {
    readonly process: ProcessClock;
    readonly die: (why: string, error?: Error) => void;
  },
): Promise<RelayProcess> {
  const { process: clock, disk, network, mirror, mutant, die } = ports;
  const files = disk.mount(clock);
  const opened = await openJournal({
    folder: journalFolder,
    files: mutant.changeFiles?.(files) ?? files,
    sizes: ports.sizes,
    freeBytesMin: 64 * 1024,
    clock,
    logger: silent,
    onFailure: (error) => die("the journal cannot be written", error),
  });
  const journal = mirror.follow(opened, disk.contents());
  const prices = createPriceBooks({
    clock,
    resolvePrice: async () => {
      throw new Error("every model of the simulation has a price in the book");
    },
  });
  const parts: { leases?: LeaseBook } = {};
  const events = sessionEvents(ports, parts, prices);
  const client = network.clientOf(index);
  const session = new SessionClient({
    client: mutant.changeClient?.(client) ?? client,
    journal,
    clock,
    logger: silent,
    nodeName: `relay-${index}`,
    version: "simulation",
    events: mutant.changeEvents?.(events, mirror) ?? events,
  });
  const leases = new LeaseBook({
    epoch: journal.epoch,
    clock,
    append: journal.append,
    acquire: async (request) => session.acquire(request),
    shipped: async (seq) => session.shipped(seq),
    waitMs,
    retryForMs: starvedMs,
  });
  parts.leases = leases;
  return { clock, journal, leases, prices, session };
}

function sessionEvents(
  { onViolation, die }: RelayPorts & { readonly die: (why: string) => void },
  parts: { readonly leases?: LeaseBook },
  prices: PriceBooks,
): SessionEvents {
  return {
    onPriceBook: prices.accept,
    onPriceVersion: prices.heard,
    onRevocation: ({ keyIds, userIds }) =>
      parts.leases?.revoke(keyIds.map(Number), userIds.map(Number)),
    onWalletsFilled: ({ userIds }) => parts.leases?.askAgain(userIds.map(Number)),
    onRecall: ({ leaseNo, keepNanos }) => parts.leases?.recall(leaseNo, Number(keepNanos)),
    onOpened: () => undefined,
    onAcknowledged: (hwm) => parts.leases?.forgetShipped(hwm),
    onFenced: (sentence) => {
      onViolation(`I10 a relay was fenced: ${sentence}`);
      die(sentence);
    },
    inventory: () => ({
      resolvedUpTo: parts.leases?.resolvedUpTo() ?? 0,
      leases: parts.leases?.inventory() ?? [],
    }),
  };
}
