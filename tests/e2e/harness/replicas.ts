import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { startProcess } from "@tollgate/local/child-process";
import { freePort } from "@tollgate/local/free-port";
import type { Platform } from "./platform.ts";
import { startSplit } from "./split.ts";

/** Two relays, each with a quota of its own, over one database. */
export interface ReplicasPlatform extends Platform {
  /** Base URL of the relay that shares a quota with management. */
  readonly firstRelayUrl: string;
}

/**
 * The split form with a second quota and a second relay that knows only that one, on which the suites look: management speaks with
 * the first quota, so whatever it changes must find its way over the database.
 */
export async function startReplicas(): Promise<ReplicasPlatform> {
  const split = await startSplit();
  const folder = createTemporaryDirectory();
  const ports = { quota: await freePort(), relay: await freePort(), http: await freePort() };
  const quota = startProcess({
    program: "services/quota/src/main.ts",
    env: {
      ...split.environmentOf("quota"),
      DATA_DIR: `${folder.path}/quota`,
      RPC_PORT: String(ports.quota),
    },
  });
  const relay = startProcess({
    program: "services/relay/src/main.ts",
    env: {
      ...split.environmentOf("relay"),
      DATA_DIR: `${folder.path}/relay`,
      QUOTA_ADDRESS: `127.0.0.1:${ports.quota}`,
      RPC_PORT: String(ports.relay),
      PORT: String(ports.http),
    },
  });
  const relayUrl = `http://127.0.0.1:${ports.http}`;
  const stop = async (): Promise<void> => {
    await relay.terminate(20_000);
    await quota.terminate(20_000);
    await split.stop();
    folder.remove();
  };
  try {
    await relay.waitForHttp(`${relayUrl}/readyz`, 30_000);
  } catch (error) {
    // Nobody gets a platform to stop: what runs already would outlive the test.
    await stop();
    throw error;
  }
  return {
    ...split,
    relayUrl,
    firstRelayUrl: split.relayUrl,
    relayPid: () => relay.pid,
    output: () => split.output() + quota.output() + relay.output(),
    pids: () => [...split.pids(), quota.pid, relay.pid],
    stop,
  };
}
