import { readFile } from "node:fs/promises";
import { fromBinary, toBinary, create } from "@bufbuild/protobuf";
import type { SecretBox } from "@tollgate/kit/secrets/secret-box";
import type {
  RoutedChannel as WireChannel,
  RoutingOptions as WireOptions,
  WatchSnapshotResponse,
} from "@tollgate/proto/registry/v1/snapshot_service";
import { WatchSnapshotResponseSchema } from "@tollgate/proto/registry/v1/snapshot_service";
import { writeDurableFile } from "#ledgering/durable-file.ts";

const aad = "relay routing snapshot";

/** The last good routing table on disk, sealed, so that a relay serves while the registry is down. */
export interface LastGoodFile {
  /** The table as one full update, `undefined` if there is none that can be read. */
  readonly load: () => Promise<WatchSnapshotResponse | undefined>;
  readonly save: (update: WatchSnapshotResponse) => Promise<void>;
}

export function createLastGoodFile(path: string, box: SecretBox): LastGoodFile {
  return {
    load: async () => {
      let sealed: string;
      try {
        sealed = await readFile(path, "utf8");
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") {
          return undefined;
        }
        throw error;
      }
      const bytes = Buffer.from(box.open(sealed, aad), "base64");
      return fromBinary(WatchSnapshotResponseSchema, bytes);
    },
    save: async (update) => {
      const bytes = toBinary(WatchSnapshotResponseSchema, update);
      await writeDurableFile(path, box.seal(Buffer.from(bytes).toString("base64"), aad));
    },
  };
}

/** Folds updates into the one full update that says the same. */
export function createUpdateFold(): (update: WatchSnapshotResponse) => WatchSnapshotResponse {
  const channels = new Map<bigint, WireChannel>();
  let options: WireOptions | undefined;
  return (update) => {
    if (update.full) {
      channels.clear();
    }
    for (const id of update.removedChannelIds) {
      channels.delete(id);
    }
    for (const channel of update.channels) {
      channels.set(channel.id, channel);
    }
    options = update.options ?? options;
    return create(WatchSnapshotResponseSchema, {
      version: update.version,
      full: true,
      channels: [...channels.values()],
      ...(options === undefined ? {} : { options }),
    });
  };
}
