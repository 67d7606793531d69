/** Puts the money side together: journal, session with quota, leases, prices and key grants. */
import { join } from "node:path";
import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import { lockDataDir } from "@tollgate/kit/lifecycle/data-dir-lock";
import type { Logger } from "@tollgate/kit/logging/logger";
import { KeyService } from "@tollgate/proto/quota/v1/key_service";
import { PriceService } from "@tollgate/proto/quota/v1/price_service";
import { SessionService } from "@tollgate/proto/quota/v1/session_service";
import { limits } from "#limits.ts";
import type { Journal } from "#ledgering/journal.ts";
import { openJournal } from "#ledgering/journal.ts";
import type { KeyGrants } from "#ledgering/key-grants.ts";
import { createKeyGrants } from "#ledgering/key-grants.ts";
import { LeaseBook } from "#ledgering/lease-book.ts";
import type { PriceBooks } from "#ledgering/price-books.ts";
import { createPriceBooks } from "#ledgering/price-books.ts";
import { SessionClient } from "#ledgering/session-client.ts";
import type { SessionEvents } from "#ledgering/session-events.ts";
import type { JournalSizes } from "#ledgering/segment-writer.ts";

export interface MoneyOptions {
  readonly folder: string;
  readonly freeBytesMin: number;
  readonly quota: Transport;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodeName: string;
  readonly version: string;
  /** Milliseconds for which a call asks again for money that other relays may give back. */
  readonly starvedMs: number;
  /** Ends the process at once with this sentence: going on could lose or double money. */
  readonly die: (sentence: string, error?: Error) => void;
  readonly sizes?: JournalSizes;
}

export interface Money {
  readonly journal: Journal;
  readonly leases: LeaseBook;
  readonly prices: PriceBooks;
  readonly grants: KeyGrants;
  readonly session: SessionClient;
  /** Gives leases back, hands the journal over until the deadline, and closes. Call it when no call runs. */
  readonly close: (deadline: AbortSignal) => Promise<void>;
}

const defaultSizes: JournalSizes = {
  segmentBytes: 64 * 1024 * 1024,
  allocateBytes: 1024 * 1024,
};

export async function openMoney(options: MoneyOptions): Promise<Money> {
  const { quota, clock, logger, die } = options;
  const folder = join(options.folder, "journal");
  const lock = lockDataDir(folder);
  const journal = await openJournal({
    folder,
    sizes: options.sizes ?? defaultSizes,
    freeBytesMin: options.freeBytesMin,
    clock,
    logger,
    onFailure: (error) => die("the journal cannot be written", error),
  });
  const grants = openGrants(quota, clock);
  const { prices, fetchBook } = openPrices(quota, clock, logger);
  // The two need each other: the session tells what the leases hold, leases are asked for over the session.
  const parts: { leases?: LeaseBook } = {};
  const session = new SessionClient({
    client: createClient(SessionService, quota),
    journal,
    clock,
    logger,
    nodeName: options.nodeName,
    version: options.version,
    events: sessionEvents({ parts, prices, grants, die, fetchBook }),
  });
  const leases = new LeaseBook({
    epoch: journal.epoch,
    clock,
    append: journal.append,
    acquire: async (request) => session.acquire(request),
    shipped: async (seq) => session.shipped(seq),
    waitMs: limits.leaseWaitMs,
    retryForMs: options.starvedMs,
  });
  parts.leases = leases;
  return {
    journal,
    leases,
    prices,
    grants,
    session,
    close: async (deadline) => {
      leases.close();
      await session.close(deadline);
      await journal.close();
      lock.release();
    },
  };
}

function openGrants(quota: Transport, clock: Clock): KeyGrants {
  const keys = createClient(KeyService, quota);
  return createKeyGrants({
    clock,
    openKey: async (credential) => keys.openKey({ credential }, { timeoutMs: limits.questionMs }),
  });
}

interface Prices {
  readonly prices: PriceBooks;
  readonly fetchBook: (version: number) => Promise<void>;
}

function openPrices(quota: Transport, clock: Clock, logger: Logger): Prices {
  const pricing = createClient(PriceService, quota);
  const timeoutMs = limits.questionMs;
  const prices = createPriceBooks({
    resolvePrice: async ({ version, model, channelType }) => {
      const request = { version: BigInt(version), model, channelType };
      return (await pricing.resolvePrice(request, { timeoutMs })).price;
    },
    clock,
  });
  const fetchBook = async (version: number): Promise<void> => {
    try {
      const { book } = await pricing.getPriceBook({ version: BigInt(version) }, { timeoutMs });
      if (book !== undefined) {
        prices.accept(book);
      }
    } catch (error) {
      // The next beat asks again.
      logger.warn({ err: error, version }, "fetching a price book failed");
    }
  };
  return { prices, fetchBook };
}

interface EventPorts {
  readonly parts: { readonly leases?: LeaseBook };
  readonly prices: PriceBooks;
  readonly grants: KeyGrants;
  readonly die: (sentence: string) => void;
  readonly fetchBook: (version: number) => Promise<void>;
}

function sessionEvents({ parts, prices, grants, die, fetchBook }: EventPorts): SessionEvents {
  return {
    onPriceBook: prices.accept,
    onPriceVersion: (version) => {
      prices.heard(version);
      if (!prices.has(version)) {
        void fetchBook(version);
      }
    },
    onRevocation: ({ keyIds, userIds }) => {
      grants.revoke(keyIds.map(Number), userIds.map(Number));
      parts.leases?.revoke(keyIds.map(Number), userIds.map(Number));
    },
    onWalletsFilled: ({ userIds }) => parts.leases?.askAgain(userIds.map(Number)),
    onRecall: ({ leaseNo, keepNanos }) => parts.leases?.recall(leaseNo, Number(keepNanos)),
    onOpened: grants.clear,
    onAcknowledged: (hwm) => parts.leases?.forgetShipped(hwm),
    onFenced: die,
    inventory: () => ({
      resolvedUpTo: parts.leases?.resolvedUpTo() ?? 0,
      leases: parts.leases?.inventory() ?? [],
    }),
  };
}
