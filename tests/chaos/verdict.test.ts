import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import type { ClientCall } from "./client-call.ts";
import type { Evidence, UsageRow } from "./evidence.ts";
import { findLeaks } from "./find-leaks.ts";
import type { UpstreamTry } from "./upstream.ts";
import { findVerdict } from "./verdict.ts";

const nonce = "00112233445566aa";

const call: ClientCall = {
  nonce,
  order: { nonce, manner: "plain", tokens: 10, gapMs: 0 },
  payer: "one",
  model: "chaos-small",
  stream: true,
  isSdk: false,
  relay: "",
  startedAtMs: 0,
  bodyBytes: 100,
  status: 200,
  requestId: "id",
  contentBytes: 50,
  pieces: [[5, 50]],
  sawEnd: true,
  sawError: false,
  left: false,
  endedAtMs: 9,
  problem: "",
};
const reply: UpstreamTry = {
  nonce,
  manner: "plain",
  upstreamId: "up",
  model: "chaos-small",
  stream: true,
  count: { input: 7, cacheRead: 0, output: 10 },
  contentBytes: 50,
  tokens: 10,
  tellsUsage: true,
  outcome: "complete",
};
const row: UsageRow = {
  requestId: "id",
  nonce,
  userId: 2,
  keyId: 3,
  model: "chaos-small",
  upstreamId: "up",
  basis: 1,
  status: 200,
  input: 7,
  cacheRead: 0,
  output: 10,
  other: 0,
  costNanos: 7050n,
};

/** A run of one call that is right in every respect, but for what is changed. */
function evidence(change: Partial<Evidence> = {}): Evidence {
  const rows = change.rows ?? [row];
  const cost = rows.reduce((sum, { costNanos }) => sum + costNanos, 0n);
  const tokens = rows.reduce((sum, { input, output }) => sum + input + output, 0);
  const sums = { userId: 2, requests: rows.length, costNanos: cost, tokens };
  return {
    payers: [{ name: "one", kind: "rich", userId: 2, keyId: 3 }],
    calls: [call],
    tries: new Map([[nonce, [reply]]]),
    deposits: [{ id: "d", userId: 2, units: 100, isAcknowledged: true, sends: 2 }],
    refusedProbes: [],
    toldViolations: [],
    leaks: [],
    rows,
    wallets: [{ userId: 2, posted: 200_000n - cost, held: 0n }],
    caps: [{ keyId: 3, isCapped: false, cap: 0n, used: cost, held: 0n }],
    oddLeases: [],
    unbalanced: [],
    deposited: new Map([["d", { count: 1, nanos: 200_000n }]]),
    rollUps:
      rows.length === 0
        ? []
        : [
            { table: "usage_hour", ...sums },
            { table: "usage_day", ...sums },
          ],
    ...change,
  };
}

const violated = (change: Partial<Evidence>): readonly string[] => [
  ...new Set(findVerdict(evidence(change)).violations.map(({ invariant }) => invariant)),
];

test("a run in which everything is right has no violation", () => {
  assert.deepEqual(findVerdict(evidence()).violations, []);
});

describe("the verdict finds", () => {
  const crash = { basis: 7, upstreamId: "", input: 25, output: 5, costNanos: 25n * 150n + 3000n };
  const cut = { sawEnd: false, contentBytes: 20, pieces: [[5, 20]] } as const;
  const cases: readonly (readonly [string, string, Partial<Evidence>])[] = [
    ["a lost call", "I1", { rows: [] }],
    ["a call billed twice", "I1", { rows: [row, { ...row, requestId: "other" }] }],
    ["a call that nobody made", "I1", { rows: [row, { ...row, nonce: "", requestId: "other" }] }],
    ["another id than the client was told", "I1", { rows: [{ ...row, requestId: "other" }] }],
    ["one token too many", "I2", { rows: [{ ...row, output: 11, costNanos: 7650n }] }],
    ["a cost off by one nano", "I2", { rows: [{ ...row, costNanos: 7051n }] }],
    ["an end that is billed as a crash", "I2", { rows: [{ ...row, ...crash }] }],
    [
      "more billed of a crashed stream than was delivered",
      "I3",
      {
        calls: [{ ...call, ...cut, pieces: [[5, 20]] }],
        rows: [{ ...row, ...crash, output: 6, costNanos: 25n * 150n + 3600n }],
      },
    ],
    [
      "less billed of a crashed stream than one checkpoint allows",
      "I3",
      {
        calls: [
          {
            ...call,
            sawEnd: false,
            contentBytes: 400,
            pieces: [
              [5, 350],
              [500, 400],
            ],
          },
        ],
        tries: new Map([[nonce, [{ ...reply, contentBytes: 400 }]]]),
        rows: [{ ...row, ...crash }],
      },
    ],
    ["a balance off by one nano", "I4", { wallets: [{ userId: 2, posted: 192_951n, held: 0n }] }],
    ["a leaked hold", "I5", { wallets: [{ userId: 2, posted: 192_950n, held: 1n }] }],
    ["a lease left open", "I7", { oddLeases: ["lease"] }],
    ["a ledger off zero", "I9", { unbalanced: ["tx"] }],
    ["what the system tells", "I9", { toldViolations: ["told"] }],
    [
      "a deposit on the ledger twice",
      "I12",
      { deposited: new Map([["d", { count: 2, nanos: 400_000n }]]) },
    ],
    ["a roll-up that lacks a call", "I13", { rollUps: [] }],
    ["a refusal after the faults", "I14", { refusedProbes: [call] }],
    ["a secret in a log", "I15", { leaks: ["a prompt: relay.log"] }],
  ];
  for (const [what, invariant, change] of cases) {
    it(what, () => {
      assert.ok(violated(change).includes(invariant), violated(change).join());
    });
  }

  it("a balance below zero", () => {
    const expensive = { ...row, output: 400, costNanos: 241_050n };
    assert.ok(violated({ rows: [expensive] }).includes("I8"));
  });

  it("a cap that was exceeded", () => {
    const caps = [{ keyId: 3, isCapped: true, cap: 7000n, used: 7050n, held: 0n }];
    assert.deepEqual(violated({ caps }), ["I11"]);
  });

  it("nothing wrong with a crashed stream that is billed up to its last checkpoint", () => {
    const calls = [{ ...call, ...cut, pieces: [[5, 20]] satisfies [number, number][] }];
    assert.deepEqual(violated({ calls, rows: [{ ...row, ...crash }] }), []);
  });
});

test("a canary is found in any file of any folder", () => {
  using folder = createTemporaryDirectory();
  mkdirSync(join(folder.path, "deep"));
  writeFileSync(join(folder.path, "deep", "journal"), Buffer.from("\0\0secret-word\0"));
  writeFileSync(join(folder.path, "clean"), "nothing");
  const leaks = findLeaks(folder.path, [
    { what: "a word", text: "secret-word" },
    { what: "another", text: "not there" },
  ]);
  assert.deepEqual(leaks, [`a word: ${join("deep", "journal")}`]);
});
