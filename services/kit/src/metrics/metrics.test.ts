import assert from "node:assert/strict";
import { test } from "node:test";
import { createMetrics } from "./metrics.ts";
import { serveMetrics } from "./serve-metrics.ts";

test("measurements are served as Prometheus reads them, with those of the process", async () => {
  const metrics = createMetrics();
  const calls = metrics.counter({
    name: "tollgate_test_calls_total",
    help: "Calls.",
    labels: ["basis"],
  });
  let waiting = 1;
  metrics.observe({ name: "tollgate_test_waiting", help: "Who waits." }, () => waiting);
  calls.add({ basis: "usage" });
  calls.add({ basis: "usage" }, 2);
  waiting = 7;
  const server = await serveMetrics(metrics, { host: "127.0.0.1", port: 0 });
  const response = await fetch(`http://127.0.0.1:${server.port}/metrics`);
  const text = await response.text();
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain/u);
  assert.match(text, /^tollgate_test_calls_total\{basis="usage"\} 3$/mu);
  assert.match(text, /^tollgate_test_waiting 7$/mu);
  assert.match(text, /^process_cpu_user_seconds_total /mu);
  const other = await fetch(`http://127.0.0.1:${server.port}/`);
  await other.arrayBuffer();
  assert.equal(other.status, 404);
  await server.close();
});
