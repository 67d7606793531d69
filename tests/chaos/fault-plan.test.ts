import assert from "node:assert/strict";
import { test } from "node:test";
import { planFaults } from "./fault-plan.ts";
import { createRandom } from "./random.ts";

test("the same seed gives the same draws, another seed others", () => {
  const draw = (seed: string) => createRandom(seed).hex(64);
  assert.equal(draw("a"), draw("a"));
  assert.notEqual(draw("a"), draw("b"));
});

test("draws stay inside of their bounds and reach both ends", () => {
  const random = createRandom("bounds");
  const draws = Array.from({ length: 1000 }, () => random.integer(3, 6));
  assert.deepEqual(new Set(draws), new Set([3, 4, 5, 6]));
});

test("the same seed and length give the same faults, however long the run before took", () => {
  assert.deepEqual(planFaults("a", 60_000, 700), planFaults("a", 60_000, 700));
  assert.notDeepEqual(planFaults("a", 60_000, 700), planFaults("b", 60_000, 700));
});

test("even a short run kills relays, quota, the registry, MariaDB and Redis and drops replies", () => {
  const kinds = new Set(planFaults("short", 10_000, 100_000).map(({ kind }) => kind));
  for (const kind of ["relay", "quota", "registry", "mariadb", "redis"] as const) {
    assert.ok(kinds.has(`kill ${kind}`), kind);
  }
  assert.ok(kinds.has("drop replies relay>quota"));
  assert.ok(kinds.has("drop replies quota>mariadb"));
});

test("faults come in order and begin within the run", () => {
  const plan = planFaults("order", 60_000, 500);
  const times = plan.map(({ atMs }) => atMs);
  assert.deepEqual(
    times,
    times.toSorted((left, right) => left - right),
  );
  assert.ok(times.every((atMs) => atMs >= 0 && atMs < 60_000));
});
