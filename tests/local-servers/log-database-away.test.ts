/** A log database that is not there when quota starts, comes, goes and comes back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { Code, createClient } from "@connectrpc/connect";
import { readConfig } from "@tollgate/kit/config/config";
import { isFault } from "@tollgate/kit/fault/fault";
import { createInMemoryTransport } from "@tollgate/kit/grpc/in-memory-transport";
import { formatUuid, uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { createLogger } from "@tollgate/kit/logging/logger";
import type { Logger } from "@tollgate/kit/logging/logger";
import { createMetrics } from "@tollgate/kit/metrics/metrics";
import { eventually } from "@tollgate/kit/testing/eventually";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { startMariaDb } from "@tollgate/local/mariadb";
import { startPostgres } from "@tollgate/local/postgres";
import { ExplainService } from "@tollgate/proto/quota/v1/explain_service";
import { JournalRecordSchema } from "@tollgate/proto/quota/v1/journal_record";
import { RefundService } from "@tollgate/proto/quota/v1/refund_service";
import { SessionRequestSchema, SessionService } from "@tollgate/proto/quota/v1/session_service";
import type { SessionRequest } from "@tollgate/proto/quota/v1/session_service";
import { UsageService } from "@tollgate/proto/quota/v1/usage_service";
import { Basis } from "@tollgate/proto/type/v1/usage";
import { quotaConfigSchema } from "@tollgate/quota/config";
import { createQuotaService } from "@tollgate/quota/service";
import type { QuotaService } from "@tollgate/quota/service";
import { createDoor } from "./door.ts";

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
const userId = 7n;

/** A relay that ships ends of calls, each of which needed no lease. */
function openRelay(service: QuotaService, logger: Logger) {
  const client = createClient(SessionService, createInMemoryTransport(service.routes, logger));
  const journalId = uuidV7Bytes();
  let nextSeq = 0;
  let epoch = 0;
  return async (...requestIds: readonly Uint8Array[]): Promise<bigint> => {
    const fromSeq = nextSeq;
    epoch += 1;
    nextSeq += requestIds.length;
    const hello = { journalId, epoch, nodeName: "relay", build: "1", protocolVersion: 2 };
    const stretch = { fromSeq: BigInt(fromSeq), nextSeq: BigInt(nextSeq) };
    const packedRecords = packed(requestIds.map(endOf));
    const welcome = Promise.withResolvers<void>();
    async function* requests(): AsyncGenerator<SessionRequest> {
      yield create(SessionRequestSchema, { callNo: 1n, body: { case: "hello", value: hello } });
      await welcome.promise;
      const value = { journalId, epoch, ...stretch, packedRecords };
      yield create(SessionRequestSchema, { callNo: 2n, body: { case: "ship", value } });
    }
    for await (const { body } of client.session(requests())) {
      assert.notEqual(body.case, "fault");
      if (body.case === "hello") {
        welcome.resolve();
      } else if (body.case === "ship") {
        return body.value.hwm;
      }
    }
    throw new Error("the session has ended");
  };
}

function endOf(requestId: Uint8Array): Uint8Array {
  const start = {
    requestId,
    epoch: 1,
    userId,
    group: "default",
    model: "gpt-4o",
    priceVersion: 1n,
  };
  const usage = { inputTokens: 200, outputTokens: 20 };
  const record = {
    case: "ended" as const,
    value: {
      start,
      usage,
      basis: Basis.USAGE,
      costNanos: 700_000n,
      pricedModel: "gpt-4o",
      status: 200,
    },
  };
  return toBinary(JournalRecordSchema, create(JournalRecordSchema, { record }));
}

function packed(records: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    records.flatMap((record, index) => {
      const header = Buffer.alloc(8);
      header.writeUInt32LE(index);
      header.writeUInt32LE(record.length, 4);
      return [header, record];
    }),
  );
}

const isAway = (error: unknown): boolean =>
  isFault(error, "LOG_DATABASE_AWAY") &&
  error.code === Code.Unavailable &&
  error.publicMessage.includes("in the log database, which does not answer");

for (const engine of ["MariaDB", "PostgreSQL"] as const) {
  test(`quota starts and settles without its log database on ${engine}, and goes on when it comes`, async () => {
    await using server = await (engine === "MariaDB" ? startMariaDb() : startPostgres());
    await using door = await createDoor(server.port);
    using folder = createTemporaryDirectory();
    const told: string[] = [];
    const logger: Logger = Object.assign(
      Object.create(createLogger({ service: "test", level: "silent" })),
      {
        warn: (_details: object, message: string) => told.push(message),
        info: (_details: object, message: string) => told.push(message),
      },
    );
    const clock = createFakeClock(Date.now());
    const metrics = createMetrics();
    const environment = {
      DATA_DIR: folder.path,
      LOG_SQL_DSN: server.createDatabase("log").replace(`:${server.port}`, `:${door.port}`),
      LOG_RETENTION_DAYS: "4",
    };
    const service = await createQuotaService(readConfig(quotaConfigSchema, environment), {
      logger,
      clock,
      metrics,
      version: "test",
    });
    const transport = createInMemoryTransport(service.routes, logger);
    const usage = createClient(UsageService, transport);
    const explain = createClient(ExplainService, transport);
    const refunds = createClient(RefundService, transport);
    const ship = openRelay(service, logger);
    const count = (): string => {
      const sql = "select count(*) from usage_log";
      return ("pid" in server ? server.run(`use log; ${sql}`) : server.run(sql, "log")).trim();
    };
    const isUp = async (): Promise<boolean> =>
      /^tollgate_log_database_up 1$/mu.test((await metrics.render()).text);
    const newest = async (withTotal: boolean) =>
      usage.searchLog({ filter: { userId }, range: { offset: 0, limit: 2, withTotal } });

    try {
      await eventually(() => told.some(isWarning));
      assert.equal(await isUp(), false);
      const old = uuidV7Bytes(clock.nowMs() - 10 * dayMs);
      assert.equal(await ship(old, uuidV7Bytes(clock.nowMs())), 2n);
      assert.deepEqual([(await newest(true)).total, told.filter(isWarning).length], [2n, 1]);

      // It comes, and what is old moves there without anybody's doing.
      await door.open();
      await clock.advance(minuteMs);
      await eventually(() => told.includes("old calls leave the log"), 30_000);
      assert.equal(await isUp(), true);
      await eventually(() => count() === "1");
      const requestId = formatUuid(old);
      assert.equal((await explain.explainCall({ requestId })).costNanos, 700_000n);

      // It goes: newer calls are read, settled and refunded, older ones are refused.
      await door.shut();
      await assert.rejects(explain.explainCall({ requestId }), isAway);
      await assert.rejects(newest(true), isAway);
      await assert.rejects(refunds.getCharge({ requestId }), isAway);
      assert.equal(await isUp(), false);
      assert.equal(told.filter(isWarning).length, 2);
      const next = uuidV7Bytes(clock.nowMs());
      assert.equal(await ship(next), 3n);
      assert.equal((await newest(false)).entries.length, 2);
      const charge = await refunds.getCharge({ requestId: formatUuid(next) });
      assert.equal(charge.costNanos, 700_000n);

      // It is back, with other connections.
      await door.open();
      await clock.advance(5000);
      assert.equal((await newest(true)).total, 3n);
      assert.equal((await refunds.getCharge({ requestId })).costNanos, 700_000n);
      assert.equal(await isUp(), true);
      assert.ok(told.includes("the log database is back"));
    } finally {
      await service.stop(AbortSignal.timeout(10_000));
    }
  });
}

function isWarning(message: string): boolean {
  return message.startsWith("the log database is away");
}
