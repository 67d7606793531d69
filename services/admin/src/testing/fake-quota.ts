import { create } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import type { Key } from "@tollgate/proto/quota/v1/key_service";
import { KeySchema, KeyService, KeyStatus } from "@tollgate/proto/quota/v1/key_service";
import { OptionService } from "@tollgate/proto/quota/v1/option_service";
import type { LogEntry } from "@tollgate/proto/quota/v1/usage_service";
import { LogEntrySchema, LogKind, UsageService } from "@tollgate/proto/quota/v1/usage_service";
import { UserService } from "@tollgate/proto/quota/v1/user_service";
import { WalletService } from "@tollgate/proto/quota/v1/wallet_service";
import { fakeFaults } from "./fake-faults.ts";
import { createFakeLeases, type FakeLeases } from "./fake-leases.ts";
import { createFakeOptions, type FakeOptions } from "./fake-options.ts";
import { createFakePrices, type FakePrices } from "./fake-prices.ts";
import { createFakePayments, type FakePayments } from "./fake-payments.ts";
import { createFakeReports, type FakeReports } from "./fake-reports.ts";
import { createFakeUsers, type FakeUsers } from "./fake-users.ts";

/** Quota in memory. */
export interface FakeQuota {
  readonly users: FakeUsers;
  readonly options: FakeOptions;
  readonly leases: FakeLeases;
  readonly prices: FakePrices;
  readonly reports: FakeReports;
  readonly payments: FakePayments;
  readonly keys: Map<bigint, { readonly key: Key; readonly secret: string }>;
  readonly log: LogEntry[];
  /** What the points of every usage series cost. */
  readonly seriesNanos: bigint[];
  /** The filter of the last log search, as it came in. */
  lastLogFilter: unknown;
  /** Adds a row and shows it to whoever watches. */
  addLog(fields: Parameters<typeof create<typeof LogEntrySchema>>[1]): LogEntry;
  /** True while somebody watches the log. */
  isWatched(): boolean;
  routes(router: ConnectRouter): void;
}

/** Makes a quota service without users. */
export function createFakeQuota(): FakeQuota {
  const users = createFakeUsers();
  const options = createFakeOptions({
    GroupRatio: '{"default":1,"vip":0.5}',
    QuotaPerUnit: "500000",
    RegisterEnabled: "true",
    PasswordRegisterEnabled: "true",
    PasswordLoginEnabled: "true",
    KeyRevealEnabled: "true",
  });
  const watchers = new Set<(entry: LogEntry) => void>();
  const quota: FakeQuota = {
    users,
    options,
    leases: createFakeLeases(),
    prices: createFakePrices(),
    reports: createFakeReports(),
    payments: createFakePayments(),
    keys: new Map(),
    log: [],
    seriesNanos: [4001n],
    lastLogFilter: undefined,
    addLog(fields) {
      const entry = create(LogEntrySchema, fields);
      entry.id = BigInt(quota.log.length + 1);
      quota.log.push(entry);
      for (const watch of watchers) {
        watch(entry);
      }
      return entry;
    },
    isWatched: () => watchers.size > 0,
    routes(router) {
      router.service(UserService, users.service);
      router.service(OptionService, options.service);
      quota.leases.routes(router);
      quota.prices.routes(router);
      quota.reports.routes(router);
      quota.payments.routes(router);
      registerKeys(router, quota);
      registerWallets(router, quota);
      registerUsage(router, quota, watchers);
    },
  };
  return quota;
}

function registerKeys(router: ConnectRouter, quota: FakeQuota): void {
  const find = (id: bigint, userId: bigint): Key => {
    const key = quota.keys.get(id)?.key;
    if (key === undefined || (userId !== 0n && key.userId !== userId)) {
      throw fakeFaults.fault("KEY_NOT_FOUND");
    }
    return key;
  };
  router.service(KeyService, {
    createKey(request) {
      const id = BigInt(quota.keys.size + 1);
      const secret = `secret${id}`.padEnd(48, "x");
      const key = create(KeySchema, {
        id,
        userId: request.userId,
        name: request.name,
        status: KeyStatus.ENABLED,
        hint: secret.slice(-4),
        expiresAt: request.expiresAt,
        unlimited: request.unlimited,
        remainingNanos: request.remainingNanos,
        models: request.models,
        subnets: request.subnets,
      });
      quota.keys.set(id, { key, secret });
      return { key, secret };
    },
    getKey: ({ id, userId }) => ({ key: find(id, userId) }),
    listKeys({ userId, range }) {
      const all = [...quota.keys.values()].map(({ key }) => key).toReversed();
      const keys = all.filter(
        (key) => key.userId === userId && key.name.startsWith(range?.keyword ?? ""),
      );
      const offset = range?.offset ?? 0;
      return {
        keys: keys.slice(offset, offset + (range?.limit ?? 10)),
        total: BigInt(keys.length),
      };
    },
    updateKey(request) {
      const key = find(request.id, request.userId);
      key.status = request.status ?? key.status;
      key.name = request.name ?? key.name;
      key.expiresAt = request.expiresAt ?? key.expiresAt;
      key.unlimited = request.unlimited ?? key.unlimited;
      key.remainingNanos = request.remainingNanos ?? key.remainingNanos;
      key.models = request.models?.values ?? key.models;
      key.subnets = request.subnets?.values ?? key.subnets;
      return { key };
    },
    deleteKey({ id, userId }) {
      find(id, userId);
      quota.keys.delete(id);
      return {};
    },
    revealKey({ userId, ids }) {
      const isOn = quota.options.values.get("KeyRevealEnabled") === "true";
      const own = ids.filter((id) => find(id, userId).userId === userId);
      return {
        secrets: isOn
          ? Object.fromEntries(own.map((id) => [String(id), quota.keys.get(id)?.secret ?? ""]))
          : {},
      };
    },
  });
}

function registerWallets(router: ConnectRouter, quota: FakeQuota): void {
  const applied = new Set<string>();
  router.service(WalletService, {
    adjustWallet({ requestId, userId, amountNanos }) {
      const { user } = quota.users.get(userId);
      if (applied.has(requestId)) {
        return { applied: false };
      }
      if (user.balanceNanos + amountNanos < 0n) {
        throw fakeFaults.fault("BALANCE_EXHAUSTED");
      }
      applied.add(requestId);
      user.balanceNanos += amountNanos;
      return { applied: true };
    },
  });
}

function registerUsage(
  router: ConnectRouter,
  quota: FakeQuota,
  watchers: Set<(entry: LogEntry) => void>,
): void {
  router.service(UsageService, {
    searchLog({ filter, range }) {
      quota.lastLogFilter = filter;
      const entries = quota.log
        .filter(
          (entry) =>
            (filter?.userId === 0n || entry.userId === filter?.userId) &&
            (filter?.kind === LogKind.UNSPECIFIED || entry.kind === filter?.kind) &&
            (filter?.model === "" || entry.model === filter?.model),
        )
        .toReversed();
      const offset = range?.offset ?? 0;
      return {
        entries: entries.slice(offset, offset + (range?.limit ?? 10)),
        total: BigInt(entries.length),
      };
    },
    sumLog({ filter }) {
      const rows = quota.log.filter(
        ({ kind, userId }) =>
          kind === LogKind.CONSUME && (filter?.userId === 0n || userId === filter?.userId),
      );
      return {
        costNanos: rows.reduce((sum, { costNanos }) => sum + costNanos, 0n),
        requests: BigInt(rows.length),
        tokens: 7n,
        requestsLastMinute: 1n,
        tokensLastMinute: 2n,
      };
    },
    getSeries: ({ fromSeconds, bucketSeconds }) => ({
      points: quota.seriesNanos.map((costNanos) => ({
        atSeconds: fromSeconds,
        model: `of ${bucketSeconds}`,
        requests: 3n,
        errors: 1n,
        costNanos,
        promptTokens: 5n,
        completionTokens: 6n,
        cachedTokens: 2n,
      })),
    }),
    appendActivity({ kind, userId, content }) {
      quota.addLog({ kind, userId, content });
      return {};
    },
    deleteActivity: ({ beforeSeconds }) => ({ deleted: beforeSeconds === 0n ? 0n : 4n }),
    async *watchLog(_request, { signal }) {
      const entries: LogEntry[] = [];
      let wake = (): void => undefined;
      const watch = (entry: LogEntry): void => {
        entries.push(entry);
        wake();
      };
      watchers.add(watch);
      signal.addEventListener("abort", () => wake());
      try {
        while (!signal.aborted) {
          const next = entries.shift();
          if (next !== undefined) {
            yield { entry: next };
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        watchers.delete(watch);
      }
    },
  });
}
