import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Code, createClient } from "@connectrpc/connect";
import type { ConnectRouter, Transport } from "@connectrpc/connect";
import { createFileRegistry, fromJsonString, toJsonString } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import {
  Health as StandardHealth,
  HealthCheckResponse_ServingStatus as Status,
} from "@tollgate/proto/grpc/health/v1/health";
import { Fault, defineFaults, isFault } from "../fault/fault.ts";
import { createLogger } from "../logging/logger.ts";
import type { GrpcTransport } from "./grpc-transport.ts";
import { createGrpcTransport } from "./grpc-transport.ts";
import { createInMemoryTransport } from "./in-memory-transport.ts";
import type { RpcServer } from "./rpc-server.ts";
import { startRpcServer } from "./rpc-server.ts";

const faults = defineFaults("test.tollgate", {
  BALANCE_EXHAUSTED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "Your balance is used up.",
  },
});
const logger = createLogger({ service: "test", level: "silent" });

const Health = renamedHealth("test.health.v1");

/** A health service whose answers depend on the name asked for, standing in for a service of ours. */
function routes(router: ConnectRouter): void {
  router.service(Health, {
    check: async ({ service }, { requestHeader, signal }) => {
      switch (service) {
        case "fault":
          throw faults.fault("BALANCE_EXHAUSTED", { metadata: { user: "7" }, retryAfterMs: 1500 });
        case "bug":
          throw new Error("the password is hunter2");
        case "slow":
          await new Promise((resolve) => {
            signal.addEventListener("abort", resolve);
          });
          return { status: Status.UNKNOWN };
        case "header":
          assert.equal(requestHeader.get("x-request-id"), "r-1");
          return { status: Status.SERVING };
        default:
          return { status: Status.SERVING };
      }
    },
    async *watch({ service }, { signal }) {
      yield { status: Status.SERVING };
      if (service === "fault") {
        throw faults.fault("BALANCE_EXHAUSTED");
      }
      if (service === "endless") {
        try {
          while (!signal.aborted) {
            yield { status: Status.NOT_SERVING };
            await new Promise((resolve) => {
              setImmediate(resolve);
            });
          }
        } finally {
          cancelled();
        }
      }
    },
  });
}

let cancelled = (): void => undefined;

function promises(name: string, open: () => Transport): void {
  describe(`the ${name} transport`, () => {
    it("carries a fault with reason, owner, sentence, metadata and retry delay", async () => {
      const failure = await failureOf(createClient(Health, open()).check({ service: "fault" }));
      assert.ok(faults.is("BALANCE_EXHAUSTED", failure));
      assert.equal(failure.owner, "caller");
      assert.equal(failure.code, Code.FailedPrecondition);
      assert.equal(failure.publicMessage, "Your balance is used up.");
      assert.deepEqual({ ...failure.metadata }, { user: "7" });
      assert.equal(failure.retryAfterMs, 1500);
    });

    it("never shows the words of a bug to the client", async () => {
      const failure = await failureOf(createClient(Health, open()).check({ service: "bug" }));
      assert.ok(isFault(failure, "INTERNAL"));
      assert.doesNotMatch(failure.message, /hunter2/u);
    });

    it("carries a fault that ends a stream, after the messages before it", async () => {
      const seen: Status[] = [];
      const failure = await failureOf(
        (async () => {
          for await (const { status } of createClient(Health, open()).watch({ service: "fault" })) {
            seen.push(status);
          }
        })(),
      );
      assert.deepEqual(seen, [Status.SERVING]);
      assert.ok(faults.is("BALANCE_EXHAUSTED", failure));
    });

    it("cancels the handler of a stream whose signal is aborted", async () => {
      const handlerEnded = new Promise<void>((resolve) => {
        cancelled = resolve;
      });
      const reader = new AbortController();
      const client = createClient(Health, open());
      const failure = await failureOf(
        (async () => {
          const stream = client.watch({ service: "endless" }, { signal: reader.signal });
          for await (const { status } of stream) {
            if (status === Status.NOT_SERVING) {
              reader.abort();
            }
          }
        })(),
      );
      assert.ok(isFault(failure, "CANCELED"), String(failure));
      await handlerEnded;
    });

    it("ends a call at its deadline", async () => {
      const client = createClient(Health, open());
      const failure = await failureOf(client.check({ service: "slow" }, { timeoutMs: 30 }));
      assert.ok(isFault(failure, "DEADLINE_EXCEEDED"));
    });

    it("ends a call when its signal is aborted", async () => {
      const client = createClient(Health, open());
      const failure = await failureOf(
        client.check({ service: "slow" }, { signal: AbortSignal.timeout(30) }),
      );
      assert.ok(failure instanceof Fault);
    });
  });
}

describe("over the network", () => {
  let server: RpcServer;
  let transport: GrpcTransport;

  before(async () => {
    server = await startOn(0);
    transport = createGrpcTransport({
      target: `localhost:${server.port}`,
      deadlineMs: 5000,
      headers: () => ({ "x-request-id": "r-1" }),
    });
  });

  after(async () => {
    transport.close();
    await server.close({ drainMs: 100 });
  });

  promises("grpc-js", () => transport);

  it("sends the common headers with every call", async () => {
    const reply = await createClient(Health, transport).check({ service: "header" });
    assert.equal(reply.status, Status.SERVING);
  });

  it("uses every host of a list, also while one is away", async () => {
    const both = createGrpcTransport({
      target: `127.0.0.1:1,127.0.0.1:${server.port}`,
      deadlineMs: 5000,
    });
    for (let call = 0; call < 5; call += 1) {
      const reply = await createClient(Health, both).check({});
      assert.equal(reply.status, Status.SERVING);
    }
    both.close();
  });

  it("reports a server that is away as UNAVAILABLE", async () => {
    const away = createGrpcTransport({ target: "127.0.0.1:1", deadlineMs: 5000 });
    const failure = await failureOf(createClient(Health, away).check({}));
    assert.ok(isFault(failure, "UNAVAILABLE"));
    away.close();
  });

  it("a stopping server ends open streams with UNAVAILABLE", async () => {
    const stopping = await startOn(0);
    const client = createGrpcTransport({ target: `127.0.0.1:${stopping.port}`, deadlineMs: 5000 });
    const failure = await failureOf(
      (async () => {
        for await (const _ of createClient(Health, client).watch({ service: "endless" })) {
          void stopping.close({ drainMs: 50 });
        }
      })(),
    );
    assert.ok(isFault(failure, "UNAVAILABLE"), String(failure));
    client.close();
  });
});

promises("in-memory", () => createInMemoryTransport(routes, logger));

async function startOn(port: number): Promise<RpcServer> {
  return startRpcServer({ host: "127.0.0.1", port, routes, logger, isReady: () => true });
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  return assert.fail("the call should have failed");
}

/** The same service under another name, because every server of ours answers for the standard one itself. */
function renamedHealth(name: string): typeof StandardHealth {
  const original = toJsonString(FileDescriptorProtoSchema, StandardHealth.file.proto);
  const renamed = original.replaceAll("grpc.health.v1", name);
  const registry = createFileRegistry(
    fromJsonString(FileDescriptorProtoSchema, renamed),
    () => undefined,
  );
  const service: unknown = registry.getService(`${name}.Health`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is the same description under another name
  return service as typeof StandardHealth;
}
