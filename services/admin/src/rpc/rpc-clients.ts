import type { Client, Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { ExplainService } from "@tollgate/proto/quota/v1/explain_service";
import { KeyService } from "@tollgate/proto/quota/v1/key_service";
import { LeaseService } from "@tollgate/proto/quota/v1/lease_service";
import { OptionService as QuotaOptionService } from "@tollgate/proto/quota/v1/option_service";
import { PaymentService } from "@tollgate/proto/quota/v1/payment_service";
import { PriceService } from "@tollgate/proto/quota/v1/price_service";
import { ReconcileService } from "@tollgate/proto/quota/v1/reconcile_service";
import { RedemptionService } from "@tollgate/proto/quota/v1/redemption_service";
import { RefundService } from "@tollgate/proto/quota/v1/refund_service";
import { ReportService } from "@tollgate/proto/quota/v1/report_service";
import { UsageService } from "@tollgate/proto/quota/v1/usage_service";
import { UserService } from "@tollgate/proto/quota/v1/user_service";
import { WalletService } from "@tollgate/proto/quota/v1/wallet_service";
import { ChannelService } from "@tollgate/proto/registry/v1/channel_service";
import { OptionService as RegistryOptionService } from "@tollgate/proto/registry/v1/option_service";
import { ProbeService } from "@tollgate/proto/relay/v1/probe_service";
import { JobService } from "@tollgate/proto/scheduler/v1/job_service";
import { limits } from "#limits.ts";
import { createDeadlineTransport } from "./deadline-transport.ts";

/** The services that the management API is a face of. */
export interface AdminTransports {
  readonly quota: Transport;
  readonly registry: Transport;
  readonly relay: Transport;
  readonly scheduler: Transport;
}

/** Typed clients; every call has a deadline and fails with a `Fault`. */
export interface RpcClients {
  readonly users: Client<typeof UserService>;
  readonly keys: Client<typeof KeyService>;
  readonly wallets: Client<typeof WalletService>;
  readonly leases: Client<typeof LeaseService>;
  readonly prices: Client<typeof PriceService>;
  readonly redemptions: Client<typeof RedemptionService>;
  readonly payments: Client<typeof PaymentService>;
  readonly refunds: Client<typeof RefundService>;
  readonly explanations: Client<typeof ExplainService>;
  readonly reports: Client<typeof ReportService>;
  readonly reconcile: Client<typeof ReconcileService>;
  readonly usage: Client<typeof UsageService>;
  readonly quotaOptions: Client<typeof QuotaOptionService>;
  readonly channels: Client<typeof ChannelService>;
  readonly registryOptions: Client<typeof RegistryOptionService>;
  readonly probes: Client<typeof ProbeService>;
  readonly jobs: Client<typeof JobService>;
}

/** Makes the clients of the four services. */
export function createRpcClients(transports: AdminTransports): RpcClients {
  const quota = createDeadlineTransport(transports.quota, limits.rpcDeadlineMs);
  const registry = createDeadlineTransport(transports.registry, limits.rpcDeadlineMs);
  const relay = createDeadlineTransport(transports.relay, limits.probeDeadlineMs);
  const scheduler = createDeadlineTransport(transports.scheduler, limits.rpcDeadlineMs);
  return {
    users: createClient(UserService, quota),
    keys: createClient(KeyService, quota),
    wallets: createClient(WalletService, quota),
    leases: createClient(LeaseService, quota),
    prices: createClient(PriceService, quota),
    redemptions: createClient(RedemptionService, quota),
    payments: createClient(PaymentService, quota),
    refunds: createClient(RefundService, quota),
    explanations: createClient(ExplainService, quota),
    reports: createClient(ReportService, quota),
    reconcile: createClient(ReconcileService, quota),
    usage: createClient(UsageService, quota),
    quotaOptions: createClient(QuotaOptionService, quota),
    channels: createClient(ChannelService, registry),
    registryOptions: createClient(RegistryOptionService, registry),
    probes: createClient(ProbeService, relay),
    jobs: createClient(JobService, scheduler),
  };
}
