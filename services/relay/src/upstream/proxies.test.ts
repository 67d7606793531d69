import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { afterEach, describe, it } from "node:test";
import { listen } from "@tollgate/kit/lifecycle/listen";
import { createHttpUpstream } from "#upstream/http-upstream.ts";
import type { ProxyOptions } from "#upstream/proxies.ts";
import type { Upstream } from "#upstream/upstream.ts";

const opened: { readonly close: () => unknown }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map(async ({ close }) => close()));
});

/** A proxy that leads every name to one port of this machine, and an upstream there that says how it was reached. */
async function startProxy(): Promise<{
  readonly url: string;
  readonly port: number;
  readonly seen: string[];
}> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const upstream = createServer((request, response) => response.end(`upstream ${request.url}`));
  const port = await listen(upstream, { host: "127.0.0.1", port: 0, what: "upstream" });
  const proxy = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.end("proxy");
  });
  proxy.on("connect", (request, socket: Socket) => {
    seen.push(`CONNECT ${request.url}`);
    const onward = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    for (const end of [socket, onward]) {
      sockets.add(end);
      // The upstream does not understand TLS and hangs up.
      end.on("error", () => end.destroy());
    }
  });
  const proxyPort = await listen(proxy, { host: "127.0.0.1", port: 0, what: "proxy" });
  opened.push({
    close: () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      for (const server of [upstream, proxy]) {
        server.closeAllConnections();
        server.close();
      }
    },
  });
  return { url: `http://127.0.0.1:${proxyPort}`, port, seen };
}

function open(options: ProxyOptions): Upstream {
  const upstream = createHttpUpstream({ callMs: 5000, connectMs: 1000, ...options });
  opened.push(upstream);
  return upstream;
}

async function get(upstream: Upstream, url: string): Promise<string> {
  const reply = await upstream.send({ url, method: "GET", headers: {} }, undefined).reply;
  if (reply.kind === "failure") {
    return "failure";
  }
  return new Promise((resolve) => {
    let text = "";
    reply.read({
      onChunk: (chunk) => {
        text += Buffer.from(chunk).toString();
      },
      onEnd: () => resolve(text),
      onFault: () => resolve("fault"),
    });
  });
}

describe("the proxies of the environment", () => {
  it("send calls of https:// through a tunnel and of http:// as they are", async () => {
    const { url, seen } = await startProxy();
    const upstream = open({ httpProxyUrl: url, httpsProxyUrl: url });
    assert.equal(await get(upstream, "http://models.example/v1"), "proxy");
    // What comes out of the tunnel is no TLS server.
    assert.equal(await get(upstream, "https://models.example/v1"), "failure");
    assert.deepEqual(seen, ["GET http://models.example/v1", "CONNECT models.example:443"]);
  });

  it("concern the scheme they are named for, and neither NO_PROXY's hosts nor this machine", async () => {
    const { url, port, seen } = await startProxy();
    const onlyHttps = open({ httpsProxyUrl: url });
    assert.equal(await get(onlyHttps, "http://models.invalid/"), "failure");
    const both = open({ httpProxyUrl: url, httpsProxyUrl: url, noProxy: "models.invalid" });
    assert.equal(await get(both, "https://eu.models.invalid/"), "failure");
    assert.equal(await get(both, `http://127.0.0.1:${port}/v1`), "upstream /v1");
    assert.deepEqual(seen, []);
  });

  it("give way to RELAY_PROXY", async () => {
    const [wanted, other] = [await startProxy(), await startProxy()];
    const upstream = open({ proxyUrl: wanted.url, httpProxyUrl: other.url });
    assert.equal(await get(upstream, "http://models.example/"), "proxy");
    assert.deepEqual([wanted.seen.length, other.seen.length], [1, 0]);
  });
});
