/** How long the log of calls is kept, and what came too late for it. */
import { defineEntity, p } from "@mikro-orm/core";
import { fixedBytesColumn } from "@tollgate/kit/sql/bytes-type";
import { int64Column, moneyColumn } from "@tollgate/kit/sql/money-type";
import { longTextColumn } from "./long-text-type.ts";

/** What could not be posted. Rows are never removed by the service: somebody has to look at them. */
export const QuarantineEntity = defineEntity({
  name: "Quarantine",
  tableName: "quarantine",
  properties: {
    requestId: fixedBytesColumn(16).primary(),
    /** The settlement that it would have been a part of. */
    batchId: fixedBytesColumn(16).primary(),
    journalId: fixedBytesColumn(16),
    userId: p.integer(),
    /** UPPER_SNAKE_CASE. */
    reason: p.string().length(64),
    /** The call as JSON. */
    payload: longTextColumn(),
    atMs: int64Column(),
  },
});

/** One row: how far back the log goes, and how far it is copied. Times are those inside the request ids. */
export const LogKeepingEntity = defineEntity({
  name: "LogKeeping",
  tableName: "log_keeping",
  properties: {
    /** Always 1. */
    id: p.integer().primary().autoincrement(false),
    /** Calls before this are not posted any more. */
    floorMs: int64Column().defaultRaw("0"),
    /** Rows before this count no longer as part of this database. At most the floor. */
    droppedMs: int64Column().defaultRaw("0"),
    /** Rows before this are in the log database, but for some that were settled after their time. */
    copiedMs: int64Column().defaultRaw("0"),
  },
});

/** What dropped rows added to settlements that have other rows left, so that the books can still be checked. */
export const RetiredUsageEntity = defineEntity({
  name: "RetiredUsage",
  tableName: "retired_usage",
  properties: {
    userId: p.integer().primary().autoincrement(false),
    batchId: fixedBytesColumn(16).primary(),
    costNanos: moneyColumn(),
  },
});
