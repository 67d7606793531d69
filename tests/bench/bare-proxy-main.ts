import { createServer, type ServerResponse } from "node:http";
import { type Dispatcher, Pool } from "undici";

/** The yardstick: the least that a Node process can do between a client and an upstream. No key, no money, no log. */
const { origin, pathname } = new URL(process.argv[3] ?? "");
const upstream = new Pool(origin, { connections: 256, pipelining: 1 });

const server = createServer((request, response) => {
  upstream.dispatch(
    {
      path: `${pathname}${request.url ?? "/"}`,
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer upstream-key" },
      body: request,
    },
    handlerFor(response),
  );
});

function handlerFor(response: ServerResponse): Dispatcher.DispatchHandler {
  return {
    onRequestStart() {
      // The client's body is piped in as it comes.
    },
    onResponseStart(_controller, statusCode, headers) {
      response.writeHead(statusCode, { "content-type": String(headers["content-type"]) });
    },
    onResponseData(_controller, chunk) {
      response.write(chunk);
    },
    onResponseEnd() {
      response.end();
    },
    onResponseError(_controller, error) {
      response.destroy(error);
    },
  };
}

server.keepAliveTimeout = 60_000;
server.listen(Number(process.argv[2]), "127.0.0.1", () => {
  process.stdout.write("ready\n");
});
process.once("SIGTERM", () => {
  process.exit(0);
});
