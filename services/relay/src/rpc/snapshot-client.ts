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
  const { client, file, clock, logger, nodeName } = options;
  const fold = createUpdateFold();
  let snapshot = emptySnapshot;
  let hasSnapshot = false;
  let saving: Promise<void> = Promise.resolve();

  const apply = (update: WatchSnapshotResponse): void => {
    snapshot = applyUpdate(snapshot, update);
    hasSnapshot = true;
  };
  const save = (update: WatchSnapshotResponse): void => {
    const whole = fold(update);
    saving = saving
      .then(async () => file.save(whole))
      .catch((error: unknown) => {
        // The table in memory is good; only a start without the registry would miss it.
        logger.error({ err: error }, "saving the routing snapshot failed");
      });
  };

  try {
    const saved = await file.load();
    if (saved !== undefined) {
      fold(saved);
      apply(saved);
      logger.info({ version: snapshot.version }, "routing snapshot loaded from disk");
    }
  } catch (error) {
    // The registry will send it anew.
    logger.warn({ err: error }, "the saved routing snapshot cannot be used");
  }

  const open = async (signal: AbortSignal): Promise<void> => {
    const requests = createMessageQueue<WatchRequest>();
    const version = BigInt(snapshot.version);
    requests.push({ nodeName, version, nonce: "" });
    try {
      for await (const update of client.watchSnapshot(requests, { signal })) {
        const rejection = tryApply(update);
        requests.push({
          nodeName,
          version: BigInt(snapshot.version),
          nonce: update.nonce,
          rejection,
        });
      }
    } finally {
      requests.close();
    }
  };
  const tryApply = (update: WatchSnapshotResponse): string => {
    try {
      apply(update);
    } catch (error) {
      // The registry learns why; the last good table stays.
      logger.error({ err: error, version: Number(update.version) }, "routing snapshot rejected");
      return error instanceof Error ? error.message : "it cannot be applied";
    }
    logger.info(
      { version: snapshot.version, channels: snapshot.channels.size },
      "routing snapshot applied",
    );
    save(update);
    return "";
  };
  const stream = keepStreamOpen({
    open,
    backoff: { minMs: 100, maxMs: 5000 },
    logger,
    name: "routing snapshot",
    clock,
  });
  return {
    current: () => snapshot,
    hasSnapshot: () => hasSnapshot,
    close: async () => {
      await stream.close();
      await saving;
    },
  };
}
