import { after, before, describe } from "node:test";
import { type MockUpstream, startMockUpstream } from "#mock-upstream/server.ts";
import type { Platform, Scene } from "./platform.ts";

/** Bounds all suites of a form together: something that hangs is a failure, not a wait. */
const TIMEOUT_MS = 600_000;

/** Runs suites, one after the other, against one running Tollgate and one mock upstream. */
export function play(
  name: string,
  start: () => Promise<Platform>,
  suites: readonly ((scene: Scene) => void)[],
): void {
  describe(name, { timeout: TIMEOUT_MS }, () => {
    let platform: Platform | undefined;
    let upstream: MockUpstream | undefined;
    const scene: Scene = {
      platform: () => present(platform, "platform"),
      upstream: () => present(upstream, "upstream"),
    };
    before(async () => {
      upstream = await startMockUpstream();
      platform = await start();
    });
    after(async () => {
      await platform?.stop();
      await upstream?.close();
    });
    for (const suite of suites) {
      suite(scene);
    }
  });
}

function present<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) {
    throw new Error(`the ${what} is not started`);
  }
  return value;
}
