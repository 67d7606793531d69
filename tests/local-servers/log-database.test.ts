import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { systemClock } from "@tollgate/kit/clock/clock";
import { readConfig } from "@tollgate/kit/config/config";
import { createInMemoryTransport } from "@tollgate/kit/grpc/in-memory-transport";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { createLogger } from "@tollgate/kit/logging/logger";
import { eventually } from "@tollgate/kit/testing/eventually";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { startMariaDb } from "@tollgate/local/mariadb";
import { startPostgres } from "@tollgate/local/postgres";
import { UsageService } from "@tollgate/proto/quota/v1/usage_service";
import { quotaConfigSchema } from "@tollgate/quota/config";
import { createQuotaService } from "@tollgate/quota/service";

const dayMs = 86_400_000;
const oldCalls = 1200;
const rowsPerStatement = 150;

/** Calls of ten days ago, more than one page of the copier, and one of today; texts that engines write differently. */
function insertCalls(): readonly string[] {
  const nowMs = Date.now();
  const texts = "username, key_name, user_group, model, priced_model, error_reason, error_message";
  const numbers =
    `key_id channel_id channel_type price_version multiplier_ppm input_tokens cache_read_tokens cache_write_5m_tokens
    cache_write_1h_tokens output_tokens reasoning_tokens audio_input_tokens audio_output_tokens image_input_tokens image_output_tokens calls
    images milliseconds characters prompt_tokens completion_tokens basis status duration_ms
    ttft_ms flags`.split(/\s+/u);
  const row = (atMs: number): string => {
    const id = `x'${Buffer.from(uuidV7Bytes(atMs)).toString("hex")}'`;
    const words = `'ann', 'work', 'default', '模型 🙂', 'm', '', 'it''s \\\\ "so"'`;
    const zeros = numbers.map(() => "0").join(", ");
    return `(${id}, ${id}, ${atMs}, 1, 9223372036854775807, ${words}, 'openai-chat', '::1', '', ${zeros})`;
  };
  const rows = Array.from({ length: oldCalls }, (_, index) => row(nowMs - 10 * dayMs + index));
  rows.push(row(nowMs));
  const head = `insert into usage_log (request_id, batch_id, created_at_ms, user_id, cost_nanos, ${texts},
    surface, client_ip, upstream_id, ${numbers.join(", ")}) values `;
  // A command line has its length.
  return Array.from(
    { length: Math.ceil(rows.length / rowsPerStatement) },
    (_, page) =>
      head + rows.slice(page * rowsPerStatement, (page + 1) * rowsPerStatement).join(", "),
  );
}

test("what leaves MariaDB by its age is in PostgreSQL first, and is found there", async () => {
  await using mariaDb = await startMariaDb();
  await using postgres = await startPostgres();
  using folder = createTemporaryDirectory();
  const logger = createLogger({ service: "test", level: "silent" });
  const environment = { DATA_DIR: folder.path, SQL_DSN: mariaDb.createDatabase("main") };
  const open = async (more: Readonly<Record<string, string>>) =>
    createQuotaService(readConfig(quotaConfigSchema, { ...environment, ...more }), {
      logger,
      clock: systemClock,
      version: "test",
    });
  const first = await open({});
  await first.stop(AbortSignal.timeout(10_000));
  for (const sql of insertCalls()) {
    mariaDb.run(`set names utf8mb4; use main; ${sql}`);
  }

  const second = await open({
    LOG_SQL_DSN: postgres.createDatabase("log"),
    LOG_RETENTION_DAYS: "4",
  });
  try {
    const left = (): string => mariaDb.run("select count(*) from main.usage_log").trim();
    await eventually(() => left() === "1", 30_000);
    assert.equal(postgres.run("select count(*) from usage_log", "log").trim(), `${oldCalls}`);
    const usage = createClient(UsageService, createInMemoryTransport(second.routes, logger));
    const range = { offset: oldCalls - 5, limit: 10, withTotal: true };
    const page = await usage.searchLog({ filter: { userId: 1n }, range });
    assert.deepEqual([page.total, page.entries.length], [BigInt(oldCalls + 1), 6]);
    const [entry] = page.entries;
    assert.equal(entry?.costNanos, 9_223_372_036_854_775_807n);
    assert.deepEqual([entry.model, entry.errorMessage], ["模型 🙂", `it's \\ "so"`]);
    const beforeToday = Math.floor(Date.now() / 1000) - 86_400;
    const sum = await usage.sumLog({
      filter: { group: "default", toSeconds: BigInt(beforeToday), userId: 2n },
    });
    assert.equal(sum.requests, 0n);
  } finally {
    await second.stop(AbortSignal.timeout(10_000));
  }
});
