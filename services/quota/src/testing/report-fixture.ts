import type { Logger } from "@tollgate/kit/logging/logger";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import type { FakeClock } from "@tollgate/kit/testing/fake-clock";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { defaultRatioOptions } from "#domain/default-ratios.ts";
import type { EndedCall } from "#domain/journal-entry.ts";
import type { PricingOptions } from "#domain/price-options.ts";
import { createReports } from "../reports.ts";
import type { ReportingUseCases } from "../rpc/report-routes.ts";
import { aCall, aRelay, ended } from "./money-fixture.ts";
import type { FakeRelay } from "./money-fixture.ts";
import { silentLogger } from "./open-test-database.ts";
import { openPaymentFixture } from "./payment-fixture.ts";
import type { PaymentFixture } from "./payment-fixture.ts";

/** Explanations, reports and checks over a database of their own, with a relay that settles calls. */
export interface ReportFixture extends PaymentFixture {
  readonly reports: ReportingUseCases;
  readonly relay: FakeRelay;
  /** Publishes prices; answers their version. */
  readonly publish: (options: Partial<PricingOptions>) => Promise<number>;
  /** Settles calls in one batch, without leases; answers their ids. */
  readonly settle: (
    ...calls: readonly (Partial<EndedCall> & { readonly userId: number })[]
  ) => Promise<readonly Uint8Array[]>;
  /** What the log was told at level error. */
  readonly alarms: object[];
  /** Other reports over the same database, whose checks have so much time. */
  readonly reportsWithBudget: (checkBudgetMs: number) => ReportingUseCases;
}

/** Opens everything. */
export async function openReportFixture(clock?: FakeClock): Promise<ReportFixture> {
  const fixture = await openPaymentFixture(clock);
  const { database, money } = fixture;
  const alarms: object[] = [];
  const logger: Logger = Object.assign(Object.create(silentLogger), {
    error: (details: object) => alarms.push(details),
  });
  const relay = aRelay(fixture);
  await relay.hello();
  let nextSeq = 0;
  const reportsWithBudget = (checkBudgetMs: number): ReportingUseCases =>
    createReports({ database, clock: fixture.clock, logger, books: money.books, checkBudgetMs });
  return {
    ...fixture,
    reports: reportsWithBudget(60_000),
    reportsWithBudget,
    relay,
    alarms,
    publish: async (options) => {
      const { transactions, books, changes } = money;
      const all = { ...defaultRatioOptions, UnknownModelPolicy: "default-ratio", ...options };
      const version = await transactions.run(async (tx) => books.publish({ options: all }, tx));
      await changes.flush();
      return version;
    },
    settle: async (...calls) => {
      const entries = calls.map((fields) =>
        aCall({ requestId: uuidV7Bytes(fixture.clock.nowMs()), leaseNo: 0, ...fields }),
      );
      await relay.ship(nextSeq, entries.map(ended));
      nextSeq += entries.length;
      return entries.map(({ requestId }) => requestId);
    },
  };
}

/** A clock on which nothing happens by itself, so that months pass in no time. */
export function aStillClock(startMs: number): FakeClock {
  return { ...createFakeClock(startMs), setInterval: () => ({ cancel: () => undefined }) };
}
