import { Client } from "undici";

/**
 * The load generator, a process of its own. Reads one JSON order from argv and prints one JSON result. With `rate` it
 * sends at a fixed rate whatever the answers do (latency is counted from the planned time, so that waiting in line is
 * not hidden); without, `connections` clients each send the next call when the last is answered.
 */
interface Order {
  /** Each gets an equal part of the connections. */
  readonly origins: readonly string[];
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
  readonly rate?: number;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the only writer is the benchmark itself
const order = JSON.parse(process.argv[2] ?? "{}") as Order;
const latencies: number[] = [];
let completed = 0;
let failed = 0;
/** What the first failed call was told. */
let firstFailure = "";

const clients = Array.from(
  { length: order.connections },
  (_, index) => new Client(order.origins[index % order.origins.length] ?? "", { pipelining: 1 }),
);
const startedAt = performance.now();
const endsAt = startedAt + order.seconds * 1000;
await (order.rate === undefined ? runClosed() : runOpen(order.rate));
const elapsedSeconds = (performance.now() - startedAt) / 1000;
latencies.sort((a, b) => a - b);
process.stdout.write(
  `${JSON.stringify({
    completed,
    failed,
    firstFailure,
    seconds: elapsedSeconds,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  })}\n`,
);
process.exit(0);

async function runClosed(): Promise<void> {
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < endsAt) {
        await call(client, performance.now());
      }
    }),
  );
}

async function runOpen(rate: number): Promise<void> {
  const idle = [...clients];
  const waiting: number[] = [];
  let sent = 0;
  let pending = 0;
  await new Promise<void>((resolve) => {
    const start = (client: Client, plannedAt: number): void => {
      pending += 1;
      void finish(client, plannedAt);
    };
    const finish = async (client: Client, plannedAt: number): Promise<void> => {
      await call(client, plannedAt);
      pending -= 1;
      const next = waiting.shift();
      if (next !== undefined) {
        start(client, next);
      } else {
        idle.push(client);
      }
    };
    const timer = setInterval(() => {
      const now = performance.now();
      while (sent < ((Math.min(now, endsAt) - startedAt) / 1000) * rate) {
        const plannedAt = startedAt + (sent / rate) * 1000;
        sent += 1;
        const client = idle.pop();
        if (client === undefined) {
          waiting.push(plannedAt);
        } else {
          start(client, plannedAt);
        }
      }
      if (now >= endsAt && pending === 0 && waiting.length === 0) {
        clearInterval(timer);
        resolve();
      }
    }, 1);
  });
}

async function call(client: Client, plannedAt: number): Promise<void> {
  await new Promise<void>((resolve) => {
    let status = 0;
    client.dispatch(
      { path: order.path, method: "POST", headers: order.headers, body: order.body },
      {
        onRequestStart() {
          // Nothing is counted before the answer.
        },
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(_controller, chunk) {
          // The bytes of a reply are not looked at: the ledger is compared with the upstream's own count instead.
          if (status !== 200 && firstFailure === "") {
            firstFailure = `${status} ${chunk.toString("utf8").slice(0, 300)}`;
          }
        },
        onResponseEnd() {
          completed += status === 200 ? 1 : 0;
          failed += status === 200 ? 0 : 1;
          latencies.push(performance.now() - plannedAt);
          resolve();
        },
        onResponseError(_controller, error) {
          firstFailure ||= error.message;
          failed += 1;
          resolve();
        },
      },
    );
  });
}

function quantile(share: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
}
