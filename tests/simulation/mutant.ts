/** How one rule of the protocol is taken away, without a switch in the product: by what stands between its parts. */
import type { Client } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import type { SessionService } from "@tollgate/proto/quota/v1/session_service";
import type { Money } from "../../services/quota/src/money.ts";
import type { SessionUseCases } from "../../services/quota/src/rpc/session-stream.ts";
import type { JournalFiles } from "../../services/relay/src/ledgering/journal-files.ts";
import type { Journal } from "../../services/relay/src/ledgering/journal.ts";
import type { LeaseBook } from "../../services/relay/src/ledgering/lease-book.ts";
import type { SessionEvents } from "../../services/relay/src/ledgering/session-events.ts";
import type { Dice } from "./dice.ts";
import type { JournalMirror } from "./journal-mirror.ts";
import type { ProcessClock } from "./process-clock.ts";
import type { ChangeTransaction, SimulatedDatabase } from "./simulated-database.ts";
import type { TemperWish } from "./temper.ts";

/** What a mutant of quota works with. */
export interface QuotaParts {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly database: SimulatedDatabase;
}

export type SessionServiceClient = Client<typeof SessionService>;

/** A rule that is missing. Every member absent = the product as it is. */
export interface Mutant {
  readonly name: string;
  /** What the world must be like for the rule to matter. */
  readonly wish?: TemperWish;
  /** Around every transaction of quota. */
  readonly changeTransaction?: (
    parts: QuotaParts & { readonly process: ProcessClock },
  ) => ChangeTransaction;
  /** In front of quota's use cases. */
  readonly changeQuota?: (
    parts: QuotaParts & {
      readonly process: ProcessClock;
      readonly money: Money;
      readonly useCases: SessionUseCases;
    },
  ) => SessionUseCases;
  /** The file system as a process of the relay sees it. */
  readonly changeFiles?: (files: JournalFiles) => JournalFiles;
  /** The journal as the relay's calls see it. */
  readonly changeJournal?: (journal: Journal) => Journal;
  /** The connection with quota as one process of the relay uses it. */
  readonly changeClient?: (client: SessionServiceClient) => SessionServiceClient;
  readonly changeLeases?: (
    leases: LeaseBook,
  ) => Pick<LeaseBook, "tryReserve" | "reserve" | "settle">;
  readonly changeEvents?: (events: SessionEvents, mirror: JournalMirror) => SessionEvents;
  /** The client is told the end before the bill is written. */
  readonly endsFirst?: boolean;
  /** Run by the database every 200 ms. */
  readonly everyNowAndThen?: (parts: QuotaParts) => Promise<void>;
}

/** The product as it is. */
export const noMutant: Mutant = { name: "" };
