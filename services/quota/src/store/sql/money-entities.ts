import {
  ChangeEntity,
  ChannelCostEntity,
  LedgerEntryEntity,
  LedgerTxEntity,
  PriceVersionEntity,
} from "./ledger-entity.ts";
import { LogKeepingEntity, QuarantineEntity, RetiredUsageEntity } from "./log-keeping-entity.ts";
import {
  PaymentEventEntity,
  RedemptionCodeEntity,
  RefundEntity,
  WalletBucketEntity,
} from "./payment-entity.ts";
import { ReconcileRunEntity } from "./reconcile-entity.ts";
import {
  SettledBatchEntity,
  UpstreamAttemptEntity,
  UsageDayEntity,
  UsageHourEntity,
  UsageLogEntity,
} from "./usage-entity.ts";
import {
  JournalEntity,
  KeyCapEntity,
  LeaseEntity,
  OpenCallEntity,
  WalletEntity,
} from "./wallet-entity.ts";

/** The tables of the money half. */
export const moneyEntities = [
  WalletEntity,
  KeyCapEntity,
  LeaseEntity,
  JournalEntity,
  OpenCallEntity,
  UsageLogEntity,
  SettledBatchEntity,
  UpstreamAttemptEntity,
  UsageHourEntity,
  UsageDayEntity,
  LedgerTxEntity,
  LedgerEntryEntity,
  PriceVersionEntity,
  ChannelCostEntity,
  ChangeEntity,
  RedemptionCodeEntity,
  PaymentEventEntity,
  RefundEntity,
  WalletBucketEntity,
  QuarantineEntity,
  LogKeepingEntity,
  RetiredUsageEntity,
  ReconcileRunEntity,
];
