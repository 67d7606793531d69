import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectRouter } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { Health } from "@tollgate/proto/grpc/health/v1/health";
import { createInMemoryTransport } from "../grpc/in-memory-transport.ts";
import { isFault } from "./fault.ts";

function routes(router: ConnectRouter): void {
  router.service(Health, {
    async *watch(_request, { signal }) {
      yield {};
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    },
    check() {
      throw new Error("a bug");
    },
  });
}

function recordingLogger() {
  const events: unknown[] = [];
  const error = (_fields: unknown, event?: unknown): void => {
    events.push(event);
  };
  return { events, error };
}

test("a reader that leaves a stream ends it as CANCELED and is no error in the log", async () => {
  const logger = recordingLogger();
  const client = createClient(Health, createInMemoryTransport(routes, logger));
  const reader = new AbortController();
  await assert.rejects(
    async () => {
      for await (const message of client.watch({}, { signal: reader.signal })) {
        assert.equal(message.status, 0);
        reader.abort();
      }
    },
    (error) => isFault(error, "CANCELED"),
  );
  assert.deepEqual(logger.events, []);
});

test("a bug of a handler is logged and its words stay here", async () => {
  const logger = recordingLogger();
  const client = createClient(Health, createInMemoryTransport(routes, logger));
  await assert.rejects(client.check({}), (error) => isFault(error, "INTERNAL"));
  assert.deepEqual(logger.events, ["rpc handler failed"]);
});
