import { createClient } from "@connectrpc/connect";
import { systemClock } from "@tollgate/kit/clock/clock";
import { readConfig } from "@tollgate/kit/config/config";
import { createInMemoryTransport } from "@tollgate/kit/grpc/in-memory-transport";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { createLogger } from "@tollgate/kit/logging/logger";
import { KeyService } from "@tollgate/proto/quota/v1/key_service";
import { LeaseReason, SessionService } from "@tollgate/proto/quota/v1/session_service";
import { UserService } from "@tollgate/proto/quota/v1/user_service";
import { AdjustmentKind, WalletService } from "@tollgate/proto/quota/v1/wallet_service";
import { quotaConfigSchema } from "@tollgate/quota/config";
import { createQuotaService } from "@tollgate/quota/service";
import { readUse, useBetween } from "./process-figures.ts";
import {
  type Batch,
  type Caller,
  CALL_NANOS,
  prepareBatches,
  ROWS_PER_BATCH,
} from "./settlement-batches.ts";

/**
 * Settlement alone, a process of its own: the quota service without a socket is sent shipments that were prepared in memory,
 * one after the other, as a relay sends them. Reads the database from its environment, as quota does, and the process id of
 * its server, if it has one, from argv; prints one JSON line with the figures of every round.
 */
const USERS = 10;
const WARM_UP_BATCHES = 20;
const ROUNDS = 9;
const BATCHES_PER_ROUND = 12;

const databasePid = Number(process.argv[2] ?? 0);
const logger = createLogger({ service: "bench", level: "warn" });
const config = readConfig(quotaConfigSchema, process.env);
const quota = await createQuotaService(config, { logger, clock: systemClock, version: "bench" });
const transport = createInMemoryTransport(quota.routes, logger);
const session = createClient(SessionService, transport);
const wallets = createClient(WalletService, transport);
const owner = { journalId: uuidV7Bytes(), epoch: 1 };

await session.hello({ ...owner, nodeName: "bench", build: "bench", protocolVersion: 2 });
const callers: Caller[] = [];
for (let index = 1; index <= USERS; index += 1) {
  callers.push(await makeCaller(index));
}
const { priceBookVersion } = await session.beat({
  ...owner,
  resolvedUpTo: USERS,
  leases: callers.map(({ leaseNo }) => ({ leaseNo })),
});
const batches = prepareBatches(WARM_UP_BATCHES + ROUNDS * BATCHES_PER_ROUND, {
  callers,
  priceVersion: priceBookVersion,
});
await ship(batches.slice(0, WARM_UP_BATCHES));
const rounds = [];
for (let from = WARM_UP_BATCHES; from < batches.length; from += BATCHES_PER_ROUND) {
  rounds.push(await timed(batches.slice(from, from + BATCHES_PER_ROUND)));
}
const rows = batches.length * ROWS_PER_BATCH;
const check = await wallets.checkLedger({ userId: 0n });
if (
  check.violations.length > 0 ||
  check.usageRows !== BigInt(rows) ||
  check.usageCostNanos !== BigInt(rows) * CALL_NANOS
) {
  throw new Error(
    `${check.usageRows} rows for ${check.usageCostNanos} nano-USD instead of ${rows}: ${check.violations.join("; ")}`,
  );
}
await quota.stop(AbortSignal.timeout(10_000));
process.stdout.write(`${JSON.stringify({ rows, rounds })}\n`);

async function makeCaller(index: number): Promise<Caller> {
  const { user } = await createClient(UserService, transport).createUser({
    username: `bench${index}`,
    password: "password of the benchmark",
    role: 1,
  });
  const userId = user?.id ?? 0n;
  const { key } = await createClient(KeyService, transport).createKey({
    userId,
    name: "bench",
    unlimited: true,
  });
  const amountNanos = 1_000_000_000_000n;
  await wallets.adjustWallet({
    requestId: `bench${index}`,
    userId,
    amountNanos,
    kind: AdjustmentKind.TOP_UP,
  });
  const { outcome } = await session.acquireLease({
    ...owner,
    leaseNo: index,
    userId,
    wantNanos: amountNanos / 2n,
    needMinNanos: CALL_NANOS,
    reason: LeaseReason.FIRST,
  });
  if (outcome.case !== "granted") {
    throw new Error(`no lease was granted: ${outcome.case}`);
  }
  return { userId, keyId: key?.id ?? 0n, leaseNo: index };
}

/** One under way at a time, as a relay ships. */
async function ship(some: readonly Batch[]): Promise<void> {
  for (const batch of some) {
    const { hwm, costMismatches } = await session.ship({ ...owner, ...batch });
    if (hwm !== batch.nextSeq || costMismatches !== 0) {
      throw new Error(`applied up to ${hwm} of ${batch.nextSeq}, ${costMismatches} costs differ`);
    }
  }
}

async function timed(some: readonly Batch[]) {
  const databaseBefore = databasePid === 0 ? undefined : readUse(databasePid);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await ship(some);
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    rows: some.length * ROWS_PER_BATCH,
    seconds,
    userMicros: user,
    systemMicros: system,
    databaseMicros:
      databaseBefore === undefined ? 0 : useBetween(databaseBefore, readUse(databasePid)).micros,
  };
}
