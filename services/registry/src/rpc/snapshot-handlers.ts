import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import type { Logger } from "@tollgate/kit/logging/logger";
import type {
  SnapshotService,
  WatchSnapshotRequest,
  WatchSnapshotResponseSchema,
} from "@tollgate/proto/registry/v1/snapshot_service";
import { registryFaults } from "#domain/faults.ts";
import { limits } from "#domain/limits.ts";
import type { SnapshotDelivery } from "#usecases/snapshot-delivery.ts";
import type { SnapshotFeed, SnapshotUpdate } from "#usecases/snapshot-feed.ts";
import { routedChannelToWire } from "./wire-channel.ts";

type WireUpdate = MessageInitShape<typeof WatchSnapshotResponseSchema>;

/** What SnapshotService needs. */
export interface SnapshotHandlerPorts {
  readonly feed: SnapshotFeed;
  readonly delivery: Pick<SnapshotDelivery, "join">;
  readonly logger: Pick<Logger, "info" | "warn" | "debug">;
}

/** SnapshotService. */
export function createSnapshotHandlers(
  ports: SnapshotHandlerPorts,
): ServiceImpl<typeof SnapshotService> {
  return {
    watchSnapshot: (requests, context) => watchSnapshot(ports, requests, context.signal),
  };
}

async function* watchSnapshot(
  { feed, delivery, logger }: SnapshotHandlerPorts,
  requests: AsyncIterable<WatchSnapshotRequest>,
  signal: AbortSignal,
): AsyncGenerator<WireUpdate, void, undefined> {
  const answers = requests[Symbol.asyncIterator]();
  const hello = await answers.next();
  if (hello.done === true) {
    return;
  }
  const nodeName = nodeNameOf(hello.value);
  const hangUp = new AbortController();
  logger.info({ nodeName, version: hello.value.version.toString() }, "snapshot watch opened");
  const watcher = delivery.join();
  let sent = 0;
  let last = { nonce: "", version: 0n };
  const onAnswer = (nonce: string): void => {
    // Answers come in order; the parts of a large update have one version, and the last one counts.
    if (nonce === last.nonce) {
      watcher.answered(last.version);
    }
  };
  const reading = readAnswers({ answers, nodeName, logger, onAnswer }).finally(() =>
    hangUp.abort(),
  );
  try {
    for await (const update of feed.watch(AbortSignal.any([signal, hangUp.signal]))) {
      sent += 1;
      last = { nonce: `${update.version}.${sent}`, version: update.version };
      yield updateToWire(update, last.nonce);
    }
  } finally {
    watcher.leave();
    logger.info({ nodeName, updates: sent }, "snapshot watch closed");
  }
  await reading;
}

interface AnswerReader {
  readonly answers: AsyncIterator<WatchSnapshotRequest>;
  readonly nodeName: string;
  readonly logger: SnapshotHandlerPorts["logger"];
  readonly onAnswer: (nonce: string) => void;
}

/** Keeps the books on acks and nacks until the relay hangs up. A nacked update is not sent again: it would fail again. */
async function readAnswers({ answers, nodeName, logger, onAnswer }: AnswerReader): Promise<void> {
  try {
    for (;;) {
      const answer = await answers.next();
      if (answer.done === true) {
        return;
      }
      const { nonce, version } = answer.value;
      onAnswer(nonce);
      const rejection = answer.value.rejection.slice(0, limits.rejectionCharacters);
      const facts = { nodeName, nonce, version: version.toString() };
      if (rejection === "") {
        logger.debug(facts, "snapshot update applied");
      } else {
        logger.warn({ ...facts, rejection }, "snapshot update rejected");
      }
    }
  } catch (error) {
    // A relay that went away without a word ends its watch like one that hung up.
    logger.debug({ nodeName, err: error }, "snapshot watch broken off");
  }
}

function nodeNameOf({ nodeName, nonce }: WatchSnapshotRequest): string {
  if (nonce !== "" || nodeName.length > limits.nodeNameCharacters) {
    throw registryFaults.fault("REQUEST_INVALID", {
      sentence: "A watch begins with a hello: the name of the node and no nonce.",
    });
  }
  return nodeName;
}

function updateToWire(update: SnapshotUpdate, nonce: string): WireUpdate {
  const { options } = update;
  return {
    version: update.version,
    nonce,
    full: update.isFull,
    channels: update.channels.map(routedChannelToWire),
    removedChannelIds: update.removedIds.map(BigInt),
    ...(options === undefined
      ? {}
      : {
          options: {
            retryTimes: options.retryTimes,
            automaticDisable: options.automaticDisable,
            clampGroups: [...options.clampGroups],
          },
        }),
  };
}
