import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import { keepStreamOpen } from "@tollgate/kit/grpc/periodic-reconnect";
import type { Logger } from "@tollgate/kit/logging/logger";
import type {
  SnapshotService,
  WatchSnapshotRequestSchema,
  WatchSnapshotResponse,
} from "@tollgate/proto/registry/v1/snapshot_service";
import { createMessageQueue } from "#ledgering/message-queue.ts";
import type { LastGoodFile } from "#rpc/last-good-file.ts";
import { createUpdateFold } from "#rpc/last-good-file.ts";
import { applyUpdate } from "#rpc/snapshot-wire.ts";
import type { RoutingSnapshot } from "#routing/snapshot.ts";
import { emptySnapshot } from "#routing/snapshot.ts";

export interface SnapshotClientOptions {
  readonly client: Client<typeof SnapshotService>;
  readonly file: LastGoodFile;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodeName: string;
}

export interface SnapshotClient {
  readonly current: () => RoutingSnapshot;
  /** True once there is a table to work from, from the registry or from the disk. */
  readonly hasSnapshot: () => boolean;
  readonly close: () => Promise<void>;
}

type WatchRequest = MessageInitShape<typeof WatchSnapshotRequestSchema>;

/** Follows the registry's routing table; starts from the last good one on disk. */
export async function openSnapshotClient(options: SnapshotClientOptions): Promise<SnapshotClient> {
  const table = new RoutingTable(options);
  await table.load();
  const stream = keepStreamOpen({
    open: async (signal) => watch(options, table, signal),
    backoff: { minMs: 100, maxMs: 5000 },
    logger: options.logger,
    name: "routing snapshot",
    clock: options.clock,
  });
  return {
    current: () => table.snapshot,
    hasSnapshot: () => table.hasSnapshot,
    close: async () => {
      await stream.close();
      await table.saving;
    },
  };
}

async function watch(
  { client, nodeName }: SnapshotClientOptions,
  table: RoutingTable,
  signal: AbortSignal,
): Promise<void> {
  const requests = createMessageQueue<WatchRequest>();
  const version = (): bigint => BigInt(table.snapshot.version);
  requests.push({ nodeName, version: version(), nonce: "" });
  try {
    for await (const update of client.watchSnapshot(requests, { signal })) {
      const rejection = table.accept(update);
      requests.push({ nodeName, version: version(), nonce: update.nonce, rejection });
    }
  } finally {
    requests.close();
  }
}

/** The table in force, and its copy on disk. */
class RoutingTable {
  readonly #options: Pick<SnapshotClientOptions, "file" | "logger">;
  readonly #fold = createUpdateFold();
  snapshot: RoutingSnapshot = emptySnapshot;
  hasSnapshot = false;
  saving: Promise<void> = Promise.resolve();

  constructor(options: Pick<SnapshotClientOptions, "file" | "logger">) {
    this.#options = options;
  }

  async load(): Promise<void> {
    const { file, logger } = this.#options;
    try {
      const saved = await file.load();
      if (saved !== undefined) {
        this.#fold(saved);
        this.#apply(saved);
        logger.info({ version: this.snapshot.version }, "routing snapshot loaded from disk");
      }
    } catch (error) {
      // The registry will send it anew.
      logger.warn({ err: error }, "the saved routing snapshot cannot be used");
    }
  }

  /** Answers why the update was rejected, "" = it was not. */
  accept(update: WatchSnapshotResponse): string {
    const { logger } = this.#options;
    try {
      this.#apply(update);
    } catch (error) {
      // The registry learns why; the last good table stays.
      logger.error({ err: error, version: Number(update.version) }, "routing snapshot rejected");
      return error instanceof Error ? error.message : "it cannot be applied";
    }
    const { version, channels } = this.snapshot;
    logger.info({ version, channels: channels.size }, "routing snapshot applied");
    this.#save(update);
    return "";
  }

  #apply(update: WatchSnapshotResponse): void {
    this.snapshot = applyUpdate(this.snapshot, update);
    this.hasSnapshot = true;
  }

  #save(update: WatchSnapshotResponse): void {
    const { file, logger } = this.#options;
    const whole = this.#fold(update);
    this.saving = this.saving
      .then(async () => file.save(whole))
      .catch((error: unknown) => {
        // The table in memory is good; only a start without the registry would miss it.
        logger.error({ err: error }, "saving the routing snapshot failed");
      });
  }
}
