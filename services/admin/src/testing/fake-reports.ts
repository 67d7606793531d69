import type { ConnectRouter } from "@connectrpc/connect";
import { ExplainService, PriceState } from "@tollgate/proto/quota/v1/explain_service";
import { Check, ReconcileService } from "@tollgate/proto/quota/v1/reconcile_service";
import type { GetStatementRequest, ReRateRequest } from "@tollgate/proto/quota/v1/report_service";
import { ReportService } from "@tollgate/proto/quota/v1/report_service";
import { Basis } from "@tollgate/proto/type/v1/usage";
import { fakeFaults } from "./fake-faults.ts";

/** Quota's explanations, reports and checks: one call of user 1, one month, and whatever is asked. */
export interface FakeReports {
  readonly reRates: ReRateRequest[];
  readonly statements: GetStatementRequest[];
  readonly checksRun: Check[];
  /** What happens while a part is re-rated. */
  duringReRate: () => Promise<void>;
  routes(router: ConnectRouter): void;
}

/** The call that is explained. */
export const explainedCallId = "018bcfe5-6800-7000-8000-000000000001";

const explanation = {
  requestId: explainedCallId,
  userId: 1n,
  createdAtMs: 1_700_000_000_999n,
  settledAtMs: 1_700_000_001_999n,
  model: "gpt",
  pricedModel: "gpt-real",
  channelType: 14,
  group: "vip",
  priceVersion: 9n,
  priceEffectiveAtMs: 1_600_000_000_000n,
  priceState: PriceState.KNOWN,
  computation: {
    lines: [{ bucket: "input", units: 3n, picoUsdPerUnit: 1_250_000n, picoUsd: "3750000" }],
    promptTokens: 3n,
    tierThresholds: [200_000n],
    sumPicoUsd: "3750000",
    groupPpm: 500_000n,
    userPpm: 1_000_000n,
    exactNumerator: "1875",
    exactDenominator: "1",
    exactNanos: "1875",
    roundingNanos: "0",
    amountNanos: 1875n,
  },
  costNanos: 1875n,
  matches: true,
  basis: Basis.USAGE,
  basisMeaning: "By the upstream's usage.",
  status: 200,
  attempts: [
    { channelId: 5n, status: 500, reason: "UPSTREAM_FAILED", elapsedMs: 9n },
    { channelId: 6n, status: 200, elapsedMs: 90n, upstreamCostNanos: 1000n },
  ],
  upstreamCostNanos: 1000n,
  refunds: [{ seq: 1, amountNanos: 75n, reason: "sorry", actorId: 4n, createdAtMs: 5000n }],
  leases: [
    { journalId: "j", epoch: 2n, leaseNo: 3n, grantedNanos: 10n, active: true, createdAtMs: 1000n },
  ],
  payingLease: {
    journalId: "j",
    epoch: 2n,
    leaseNo: 3n,
    holdNanos: 6n,
    beyondNanos: 1n,
    remainderNanos: 10n,
    lease: { journalId: "j", epoch: 2n, leaseNo: 3n, grantedNanos: 10n, active: true },
  },
  late: true,
};

/** Two parts of a re-rating, a month that adds up, and two runs of checks. */
export function createFakeReports(): FakeReports {
  const reports: FakeReports = {
    reRates: [],
    statements: [],
    checksRun: [],
    duringReRate: async () => undefined,
    routes(router) {
      router.service(ExplainService, {
        explainCall({ requestId, userId }) {
          if (requestId !== explainedCallId || (userId !== 0n && userId !== 1n)) {
            throw fakeFaults.fault("CALL_NOT_FOUND");
          }
          return explanation;
        },
      });
      router.service(ReportService, {
        async reRate(request) {
          reports.reRates.push(request);
          await reports.duringReRate();
          const isFirst = request.after === "";
          const row = { userId: 1n, username: "bob", model: "gpt", calls: 2n };
          const sums = { billedNanos: 10n, reRatedNanos: isFirst ? 15n : 4n, unpricedCalls: 1n };
          return {
            rows: [{ ...row, ...sums }],
            calls: 2n,
            more: isFirst,
            after: isFirst ? "row" : "",
            logFromMs: 7000n,
          };
        },
        getStatement(request) {
          reports.statements.push(request);
          return {
            username: "bob",
            fromSeconds: 1_793_491_200n,
            toSeconds: 1_796_083_200n,
            openingNanos: 100n,
            movements: [{ kind: "top-up", entries: 2n, amountNanos: 1_000_000_000n }],
            charges: [
              { daySeconds: 1_793_491_200n, model: '=cmd,"x"', calls: 3n, costNanos: 40n },
              { daySeconds: 1_793_577_600n, model: "gpt", calls: 1n, costNanos: 5n },
            ],
            carriedInNanos: 7n,
            carriedOutNanos: 2n,
            chargedNanos: 50n,
            closingNanos: 1_000_000_050n,
            running: true,
          };
        },
      });
      router.service(ReconcileService, {
        runCheck({ check }) {
          reports.checksRun.push(check);
          return { run: { check, atMs: 10_000n, checked: 3n, complete: true } };
        },
        listRuns: () => ({
          last: [
            { check: Check.HELD, atMs: 9000n, checked: 4n, complete: true },
            {
              check: Check.BATCHES,
              atMs: 8000n,
              tookMs: 5n,
              checked: 2n,
              violationCount: 2n,
              violations: ["one", "two"],
            },
          ],
          alarms: [{ check: Check.POSTED, atMs: 1000n, violationCount: 1n, violations: ["old"] }],
        }),
      });
    },
  };
  return reports;
}
