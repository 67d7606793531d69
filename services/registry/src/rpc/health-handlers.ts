import type { ServiceImpl } from "@connectrpc/connect";
import type { HealthService } from "@tollgate/proto/registry/v1/health_service";
import type { recordBalance, recordTest, reportHealth } from "#usecases/report-health.ts";
import { reportFromWire, testFromWire } from "./wire-health.ts";
import { idFromWire } from "./wire-list.ts";

/** The use cases behind HealthService. */
export interface HealthUsecases {
  readonly reportHealth: ReturnType<typeof reportHealth>;
  readonly recordTest: ReturnType<typeof recordTest>;
  readonly recordBalance: ReturnType<typeof recordBalance>;
}

/** HealthService. */
export function createHealthHandlers(usecases: HealthUsecases): ServiceImpl<typeof HealthService> {
  return {
    reportHealth: async (request) => {
      await usecases.reportHealth(reportFromWire(request));
      return {};
    },
    recordTest: async (request) => usecases.recordTest(testFromWire(request)),
    recordBalance: async ({ channelId, balanceNanos }) => {
      await usecases.recordBalance(idFromWire(channelId), balanceNanos);
      return {};
    },
  };
}
