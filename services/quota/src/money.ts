/** Composes wallets, leases, settlement, ledger and prices. The service's composition root calls it once at the start. */
import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { Database } from "@tollgate/kit/sql/database";
import type { AcquireLeasePorts } from "#usecases/leases/acquire-lease.ts";
import { createAcquireLease } from "#usecases/leases/acquire-lease.ts";
import { createAdjustWallet } from "#usecases/wallets/adjust-wallet.ts";
import type { AdjustWalletPorts } from "#usecases/wallets/adjust-wallet.ts";
import type { BeatPorts } from "#usecases/leases/beat.ts";
import { createBeat } from "#usecases/leases/beat.ts";
import { createListCredits } from "#usecases/wallets/credit-buckets.ts";
import type { ListCreditsPorts } from "#usecases/wallets/credit-buckets.ts";
import { createExpireCredit } from "#usecases/wallets/expire-credit.ts";
import type { ExpireCreditPorts } from "#usecases/wallets/expire-credit.ts";
import type { ForceCloseSilentPorts } from "#usecases/leases/force-close-silent.ts";
import { startForceClosing } from "#usecases/leases/force-close-silent.ts";
import { createForceClose } from "#usecases/leases/force-close.ts";
import type { HelloPorts } from "#usecases/leases/hello.ts";
import { createHello } from "#usecases/leases/hello.ts";
import type { Wallets } from "#usecases/identity/identity-ports.ts";
import { openChannelCosts } from "#usecases/prices/channel-costs.ts";
import type { ChannelCosts } from "#usecases/prices/channel-costs.ts";
import { createPriceCalls } from "#usecases/prices/price-calls.ts";
import { openPriceBooks } from "#usecases/prices/price-books.ts";
import type { PriceBooks } from "#usecases/prices/price-books.ts";
import { createPricePublisher } from "#usecases/prices/price-publisher.ts";
import type { PricePublisher } from "#usecases/prices/price-publisher.ts";
import type { PruneLeasesPorts } from "#usecases/leases/prune-leases.ts";
import { startPruningLeases } from "#usecases/leases/prune-leases.ts";
import { createSettledFeed } from "#usecases/settlement/settled-feed.ts";
import type { SettledFeed } from "#usecases/settlement/settled-feed.ts";
import { createLeaseReports } from "#usecases/leases/lease-reports.ts";
import { createRecallBoard } from "#usecases/leases/recall-board.ts";
import { createRecallLeases } from "#usecases/leases/recall-leases.ts";
import type { ShipPorts } from "#usecases/settlement/ship-records.ts";
import { createShipRecords } from "#usecases/settlement/ship-records.ts";
import type { LogKeepingStore } from "#usecases/log/log-keeping-ports.ts";
import type { MoneyUseCases } from "./rpc/money-routes.ts";
import type { ReadPrice } from "./rpc/usage-handlers.ts";
import { createBucketStore } from "./store/sql/bucket-store.ts";
import { createAccountStore } from "./store/sql/account-store.ts";
import { createChangeStore } from "./store/sql/change-store.ts";
import { createJournalDeskStore } from "./store/sql/journal-desk-store.ts";
import { createJournalStore } from "./store/sql/journal-store.ts";
import { createKeyCapStore } from "./store/sql/key-cap-store.ts";
import { createLeaseStore } from "./store/sql/lease-store.ts";
import { createLedgerCheckStore } from "./store/sql/ledger-check-store.ts";
import { createLedgerStore } from "./store/sql/ledger-store.ts";
import { createChannelCostStore } from "./store/sql/channel-cost-store.ts";
import { createMarginReader } from "./store/sql/margin-store.ts";
import { createOpenCallStore } from "./store/sql/open-call-store.ts";
import { createLogKeepingStore } from "./store/sql/log-keeping-store.ts";
import { createPriceStore } from "./store/sql/price-store.ts";
import { createSettledBatchStore } from "./store/sql/settled-batch-store.ts";
import { createSettlementStore } from "./store/sql/settlement-store.ts";
import { createWalletStore } from "./store/sql/wallet-store.ts";
import type { Changes } from "./usecases/changes.ts";
import { followChanges } from "./usecases/follow-changes.ts";
import type {
  KeyCapStore,
  LeaseStore,
  LedgerStore,
  MarginReader,
  WalletStore,
} from "./usecases/money-ports.ts";
import type { Transactions } from "./usecases/transaction.ts";

/** What the money half gets from its surroundings. */
export interface MoneyDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly admissionTtlSeconds: number;
  /** After so many silent hours a journal is given up; absent or 0 = only operators do it. */
  readonly forceCloseAfterHours?: number;
}

/** The money half, running. */
export interface Money {
  readonly useCases: MoneyUseCases;
  readonly transactions: Transactions;
  readonly changes: Changes;
  readonly books: PriceBooks;
  readonly pricing: PricePublisher;
  readonly costs: ChannelCosts;
  readonly margins: MarginReader;
  readonly settled: SettledFeed;
  readonly caps: KeyCapStore;
  readonly ledger: LedgerStore;
  readonly walletStore: WalletStore;
  readonly leases: LeaseStore;
  readonly logKeeping: LogKeepingStore;
  readonly wallets: Wallets;
  readonly readPrice: ReadPrice;
  /** Ends the sessions, so that relays go to another replica. */
  readonly endSessions: () => void;
  readonly close: () => void;
}

// A relay's batch is one transaction, which pays for wallets and roll-ups once. On SQLite it keeps the process busy, a few ms.
const recordsPerTransaction = 500;

/** Reads the current prices; the first start of all makes them. */
export async function createMoney(dependencies: MoneyDependencies): Promise<Money> {
  const { database, clock, logger } = dependencies;
  const transactions = openTransactions(database);
  const stores = openStores(database);
  const changes = await followChanges({ store: stores.changeStore, clock, logger });
  const onError = (error: unknown): void => logger.error({ err: error }, "price book unreadable");
  const books = await openPriceBooks({ ...stores, transactions, changes, clock, onError });
  const costs = await openChannelCosts({ ...stores, transactions, changes, clock, onError });
  const feed = createSettledFeed();
  const stopping = new AbortController();
  const ports = {
    ...dependencies,
    ...stores,
    transactions,
    changes,
    books,
    feed,
    ...openRecalls({ leases: stores.leases, changes, clock }),
    priceCalls: createPriceCalls({ books, costs, changes, accounts: stores.accounts }),
    recordsPerTransaction,
    currentPriceVersion: () => books.current().version,
    forceCloseAfterHours: dependencies.forceCloseAfterHours ?? 0,
  };
  const walletCases = createWalletCases(ports);
  const forceClose = createForceClose(ports);
  const stopKeeping = startHousekeeping({ ...ports, forceClose });
  return {
    useCases: {
      ...ports,
      ...walletCases,
      ...createSessionCases(ports),
      forceClose,
      stopping: stopping.signal,
    },
    transactions,
    changes,
    books,
    pricing: createPricePublisher({ books, prices: stores.prices, clock }),
    costs,
    margins: stores.margins,
    settled: feed,
    caps: stores.caps,
    ledger: stores.ledger,
    walletStore: stores.wallets,
    leases: stores.leases,
    logKeeping: stores.logKeeping,
    wallets: openWallets(stores.wallets, walletCases),
    readPrice: createReadPrice(books),
    endSessions: () => stopping.abort(),
    close: () => {
      stopping.abort();
      stopKeeping();
      books.close();
      costs.close();
      changes.close();
    },
  };
}

function openWallets(
  { open }: Pick<WalletStore, "open">,
  { adjustWallet }: Pick<MoneyUseCases, "adjustWallet">,
): Wallets {
  return {
    open,
    give: async (gift, tx) => void (await adjustWallet({ ...gift, actorId: 0 }, tx)),
  };
}

function createSessionCases(ports: HelloPorts & AcquireLeasePorts & ShipPorts & BeatPorts) {
  return {
    hello: createHello(ports),
    acquireLease: createAcquireLease(ports),
    shipRecords: createShipRecords(ports),
    beat: createBeat(ports),
  };
}

function createReadPrice(books: PriceBooks): ReadPrice {
  return async ({ version, model, channelType }) => {
    await books.load(new Set([version]));
    const call = { priceVersion: version, pricedModel: model, channelType, group: "", userId: 0 };
    return books.priceOf(call)?.price;
  };
}

function startHousekeeping(ports: PruneLeasesPorts & ForceCloseSilentPorts): () => void {
  const stops = [startPruningLeases(ports), startForceClosing(ports)];
  return () => stops.forEach((stop) => stop());
}

function openRecalls(ports: {
  readonly leases: LeaseStore;
  readonly changes: Changes;
  readonly clock: Clock;
}) {
  const reports = createLeaseReports();
  return {
    reports,
    recalls: createRecallBoard(ports),
    recallLeases: createRecallLeases({ ...ports, reports }),
  };
}

function createWalletCases(
  ports: AdjustWalletPorts & Pick<ExpireCreditPorts, "buckets" | "wallets"> & ListCreditsPorts,
) {
  const adjustWallet = createAdjustWallet(ports);
  return {
    adjustWallet,
    listCredits: createListCredits(ports),
    expireCredit: createExpireCredit({ ...ports, adjustWallet }),
  };
}

function openTransactions(database: Database): Transactions {
  return { run: async (work, options) => database.transaction(work, options) };
}

function openStores(database: Database) {
  return {
    accounts: createAccountStore(database),
    buckets: createBucketStore(database),
    caps: createKeyCapStore(database),
    changeStore: createChangeStore(database),
    desk: createJournalDeskStore(database),
    journals: createJournalStore(database),
    leases: createLeaseStore(database),
    ledger: createLedgerStore(database),
    ledgerCheck: createLedgerCheckStore(database),
    openCalls: createOpenCallStore(database),
    logKeeping: createLogKeepingStore(database),
    prices: createPriceStore(database),
    channelCosts: createChannelCostStore(database),
    margins: createMarginReader(database),
    batches: createSettledBatchStore(database),
    settlements: createSettlementStore(database),
    wallets: createWalletStore(database),
  };
}
