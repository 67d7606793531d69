import type { ConnectRouter } from "@connectrpc/connect";
import { ExplainService } from "@tollgate/proto/quota/v1/explain_service";
import { ReconcileService } from "@tollgate/proto/quota/v1/reconcile_service";
import { ReportService } from "@tollgate/proto/quota/v1/report_service";
import { createExplainHandlers } from "./explain-handlers.ts";
import type { ExplainUseCases } from "./explain-handlers.ts";
import { createReconcileHandlers } from "./reconcile-handlers.ts";
import type { ReconcileUseCases } from "./reconcile-handlers.ts";
import { createReportHandlers } from "./report-handlers.ts";
import type { ReportUseCases } from "./report-handlers.ts";

/** Every use case that looks back at what was posted. */
export type ReportingUseCases = ExplainUseCases & ReportUseCases & ReconcileUseCases;

/** Adds the services that explain, report and check to a router. */
export function reportRoutes(router: ConnectRouter, useCases: ReportingUseCases): void {
  router.service(ExplainService, createExplainHandlers(useCases));
  router.service(ReportService, createReportHandlers(useCases));
  router.service(ReconcileService, createReconcileHandlers(useCases));
}
