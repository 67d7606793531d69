import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { startProcess } from "./child-process.ts";
import { freePort } from "./free-port.ts";

/** A private Redis on a free port. `await using` stops it. */
export interface PrivateRedis extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** Ends it as a crash does, with SIGKILL; what it held is lost. */
  kill(): Promise<void>;
}

/** Starts Redis without persistence; detached, it ignores Ctrl-C and waits for whoever started it. */
export async function startRedis({ isDetached = false } = {}): Promise<PrivateRedis> {
  const folder = createTemporaryDirectory();
  const port = await freePort();
  const server = startProcess({
    isDetached,
    program: "redis-server",
    args: [
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--appendonly",
      "no",
      "--dir",
      folder.path,
    ],
  });
  try {
    await server.waitForOutput(/Ready to accept connections/u);
  } catch (error) {
    // Nobody gets a handle to stop it by.
    await server.kill();
    folder.remove();
    throw error;
  }
  const stop = async (): Promise<void> => {
    await server.terminate();
    folder.remove();
  };
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    pid: server.pid,
    stop,
    async kill() {
      await server.kill();
      folder.remove();
    },
    [Symbol.asyncDispose]: stop,
  };
}
