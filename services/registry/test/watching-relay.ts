import assert from "node:assert/strict";
import { createClient } from "@connectrpc/connect";
import type { WatchSnapshotResponse } from "@tollgate/proto/registry/v1/snapshot_service";
import { SnapshotService } from "@tollgate/proto/registry/v1/snapshot_service";
import type { RegistryFixture } from "./registry-fixture.ts";

/** A relay that watches: it answers every update as it comes, and a test takes them one by one. */
export interface WatchingRelay {
  readonly next: () => Promise<WatchSnapshotResponse>;
  /** Updates that came and were not taken. */
  readonly waiting: () => number;
  readonly hangUp: () => Promise<void>;
}

/** How it answers: applied, unless it is told what to complain of, or to say nothing. */
export interface WatchingRelayWish {
  readonly rejection?: string;
  readonly isSilent?: boolean;
}

/** Opens a watch. */
export function openRelay(
  { transport }: Pick<RegistryFixture, "transport">,
  { rejection = "", isSilent = false }: WatchingRelayWish = {},
): WatchingRelay {
  type Said = { nodeName: string; version: bigint; nonce: string; rejection: string };
  const said: Said[] = [{ nodeName: "relay-1", version: 0n, nonce: "", rejection: "" }];
  const received: WatchSnapshotResponse[] = [];
  const state = { isDone: false };
  let speak = (): void => undefined;
  let arrive = (): void => undefined;
  async function* say(): AsyncGenerator<Said> {
    while (!state.isDone || said.length > 0) {
      const next = said.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          speak = resolve;
        });
      } else {
        yield next;
      }
    }
  }
  const listen = async (): Promise<void> => {
    for await (const update of createClient(SnapshotService, transport).watchSnapshot(say())) {
      received.push(update);
      if (!isSilent) {
        const { version, nonce } = update;
        said.push({ nodeName: "relay-1", version, nonce, rejection });
        speak();
      }
      arrive();
    }
  };
  const listening = listen();
  // Whoever takes the next update is told; a test may take none.
  listening.catch(() => undefined);
  return {
    waiting: () => received.length,
    next: async () => {
      while (received.length === 0) {
        const arrival = new Promise<"arrived">((resolve) => {
          arrive = () => resolve("arrived");
        });
        assert.equal(await Promise.race([listening, arrival]), "arrived", "the watch has ended");
      }
      const [update] = received.splice(0, 1);
      assert.ok(update);
      return update;
    },
    hangUp: async () => {
      state.isDone = true;
      speak();
      await listening;
    },
  };
}

/** Moves time until the promise settles: reading the database takes real time between two timers. */
export async function moveUntil(
  settled: Promise<unknown>,
  move: () => Promise<void>,
): Promise<void> {
  const state = { isSettled: false };
  const note = (): void => {
    state.isSettled = true;
  };
  settled.then(note, note);
  while (!state.isSettled) {
    await move();
  }
}
