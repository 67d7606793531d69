import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { startProcess, type LocalProcess } from "@tollgate/local/child-process";
import { freePort } from "@tollgate/local/free-port";
import { createAdminClient } from "./admin-client.ts";
import {
  type Platform,
  PAYMENT_SECRET,
  ROOT_ACCESS_TOKEN,
  ROOT_KEY,
  ROOT_PASSWORD,
} from "./platform.ts";

/** One process on SQLite, as `npm start` runs it. */
export async function startStandalone(
  env: Readonly<Record<string, string>> = {},
): Promise<Platform> {
  const folder = createTemporaryDirectory();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let earlierOutput = "";
  const start = async (): Promise<LocalProcess> => {
    const started = startProcess({
      program: "services/standalone/src/main.ts",
      env: {
        PORT: String(port),
        HOST: "127.0.0.1",
        DATA_DIR: folder.path,
        INITIAL_ROOT_TOKEN: ROOT_KEY,
        INITIAL_ROOT_ACCESS_TOKEN: ROOT_ACCESS_TOKEN,
        INITIAL_ROOT_PASSWORD: ROOT_PASSWORD,
        PAYMENT_WEBHOOK_SECRETS: `acme=${PAYMENT_SECRET}`,
        GLOBAL_API_RATE_LIMIT: "0",
        DRAIN_SECONDS: "5",
        ...env,
      },
    });
    await started.waitForHttp(`${url}/readyz`, 20_000);
    return started;
  };
  let running = await start();
  return {
    form: "standalone",
    relayUrl: url,
    adminUrl: url,
    rootKey: ROOT_KEY,
    rootPassword: ROOT_PASSWORD,
    admin: createAdminClient(url, ROOT_ACCESS_TOKEN),
    async crash() {
      await running.kill();
      earlierOutput += running.output();
      running = await start();
    },
    output: () => earlierOutput + running.output(),
    pids: () => [running.pid],
    relayPid: () => running.pid,
    async stop() {
      await running.terminate(20_000);
      folder.remove();
    },
  };
}
