import type { ClientCall } from "./client-call.ts";
import type { Evidence, UsageRow } from "./evidence.ts";
import { bases, judgeCall, type JoinedCall, underCountOf } from "./judge-call.ts";
import { unitNanos } from "./payers.ts";

/** Something that must not be, with the rows that show it. */
export interface Violation {
  readonly invariant: string;
  readonly sentence: string;
  readonly joined?: Readonly<Record<string, unknown>>;
}

/** What a run has come to. Zero violations is the only good verdict. */
export interface Verdict {
  readonly violations: readonly Violation[];
  readonly figures: Figures;
}

export interface Figures {
  readonly calls: number;
  readonly streams: number;
  readonly contentBytes: number;
  /** Answered with a status other than 200. */
  readonly refused: number;
  /** No status at all: the relay was down or died. */
  readonly unanswered: number;
  readonly rows: number;
  readonly lost: number;
  readonly double: number;
  /** Sum of all absolute differences, in nano-USD. */
  readonly driftNanos: bigint;
  readonly leakedNanos: bigint;
  readonly negativeBalances: number;
  readonly lowestBalanceNanos: bigint;
  readonly crashedStreams: number;
  readonly underCountTokens: number;
  readonly underCountTokensMax: number;
  readonly deposits: number;
  readonly depositsSent: number;
  readonly byBasis: Readonly<Record<string, number>>;
}

interface Join {
  readonly joined: readonly JoinedCall[];
  readonly lost: readonly ClientCall[];
  readonly doubles: readonly (readonly UsageRow[])[];
  /** Rows of calls that nobody made. */
  readonly invented: readonly UsageRow[];
}

/** Joins the books and checks every invariant. */
export function findVerdict(evidence: Evidence): Verdict {
  const join = joinBooks(evidence);
  const money = judgeMoney(evidence);
  const violations = [
    ...join.lost.map((call) => show("I1", "lost: content without a usage row", { call })),
    ...join.doubles.map((rows) =>
      show("I1", "double: several usage rows of one call", { rows, call: rows[0]?.nonce }),
    ),
    ...join.invented.map((row) => show("I1", "a usage row of a call that nobody made", { row })),
    ...join.joined.flatMap((one) =>
      judgeCall(one).map(({ invariant, sentence }) => show(invariant, sentence, { ...one })),
    ),
    ...money.violations,
    ...judgeDeposits(evidence),
    ...judgeHeld(evidence),
    ...judgeRollUps(evidence),
    ...judgeWorld(evidence),
  ];
  const underCounts = join.joined.map(underCountOf);
  const balances = evidence.wallets.map(({ posted }) => posted);
  const lowest = balances.reduce((least, one) => (one < least ? one : least), balances[0] ?? 0n);
  return {
    violations,
    figures: {
      calls: evidence.calls.length,
      streams: evidence.calls.filter(({ stream, status }) => stream && status === 200).length,
      contentBytes: evidence.calls.reduce((sum, { contentBytes }) => sum + contentBytes, 0),
      refused: evidence.calls.filter(({ status }) => status !== 200 && status !== 0).length,
      unanswered: evidence.calls.filter(({ status }) => status === 0).length,
      rows: evidence.rows.length,
      lost: join.lost.length,
      double: join.doubles.length,
      driftNanos: money.driftNanos,
      leakedNanos: evidence.wallets.reduce((sum, { held }) => sum + held, 0n),
      negativeBalances: balances.filter((one) => one < 0n).length,
      lowestBalanceNanos: lowest,
      crashedStreams: join.joined.filter(({ row, call }) => row.basis >= 7 && call.stream).length,
      underCountTokens: underCounts.reduce((sum, one) => sum + one, 0),
      underCountTokensMax: Math.max(0, ...underCounts),
      deposits: evidence.deposits.length,
      depositsSent: evidence.deposits.reduce((sum, { sends }) => sum + sends, 0),
      byBasis: countBases(evidence.rows),
    },
  };
}

function joinBooks({ calls, tries, rows }: Evidence): Join {
  const byNonce = Map.groupBy(rows, ({ nonce }) => nonce);
  const known = new Set(calls.map(({ nonce }) => nonce));
  const joined = calls.flatMap((call) => {
    const [row] = byNonce.get(call.nonce) ?? [];
    return row === undefined ? [] : [{ call, row, tries: tries.get(call.nonce) ?? [] }];
  });
  return {
    joined,
    lost: calls.filter(({ nonce, contentBytes }) => contentBytes > 0 && !byNonce.has(nonce)),
    doubles: [...byNonce.entries()].flatMap(([nonce, group]) =>
      nonce !== "" && group.length > 1 ? [group] : [],
    ),
    invented: rows.filter(({ nonce }) => !known.has(nonce)),
  };
}

/** Deposits minus charges is the balance, of every user to the nano; no balance is below zero, no cap is exceeded. */
function judgeMoney({ payers, rows, deposits, wallets, caps }: Evidence) {
  const violations: Violation[] = [];
  let driftNanos = 0n;
  for (const { userId, keyId, name } of payers) {
    const deposited = sumOf(
      deposits.filter((one) => one.userId === userId),
      ({ units }) => BigInt(units) * unitNanos,
    );
    const charged = sumOf(
      rows.filter((row) => row.userId === userId),
      ({ costNanos }) => costNanos,
    );
    const posted = wallets.find((wallet) => wallet.userId === userId)?.posted ?? 0n;
    const drift = posted - (deposited - charged);
    if (drift !== 0n) {
      violations.push(
        show("I4", `drift: the balance of ${name} is off by ${drift} nano-USD`, {
          deposited,
          charged,
          posted,
        }),
      );
      driftNanos += drift < 0n ? -drift : drift;
    }
    if (posted < 0n) {
      violations.push(show("I8", `the balance of ${name} is ${posted} nano-USD`, {}));
    }
    const cap = caps.find((one) => one.keyId === keyId);
    const ofKey = sumOf(
      rows.filter((row) => row.keyId === keyId),
      ({ costNanos }) => costNanos,
    );
    if (cap?.used !== ofKey || (cap.isCapped && cap.used > cap.cap)) {
      violations.push(show("I11", `the key of ${name} does not add up`, { ...cap, ofKey }));
    }
  }
  return { violations, driftNanos };
}

/** Every deposit is acknowledged and on the ledger once, however often it was sent. */
function judgeDeposits({ deposits, deposited }: Evidence): readonly Violation[] {
  return deposits.flatMap((deposit) => {
    const found = deposited.get(deposit.id);
    const isOnce = found?.count === 1 && found.nanos === BigInt(deposit.units) * unitNanos;
    return isOnce && deposit.isAcknowledged
      ? []
      : [show("I12", "a deposit is not on the ledger exactly once", { ...deposit, ...found })];
  });
}

/** Nothing is set aside any more, and no lease was overspent. */
function judgeHeld({ wallets, caps, oddLeases }: Evidence): readonly Violation[] {
  return [
    ...wallets
      .filter(({ held }) => held !== 0n)
      .map((wallet) => show("I5", `leaked hold of user ${wallet.userId}`, { ...wallet })),
    ...caps
      .filter(({ held }) => held !== 0n)
      .map((cap) => show("I5", `leaked hold of key ${cap.keyId}`, { ...cap })),
    ...oddLeases.map((lease) => show("I7", "a lease that is still open or overspent", { lease })),
  ];
}

function judgeRollUps({ rollUps, rows }: Evidence): readonly Violation[] {
  const users = new Set(rows.map(({ userId }) => userId));
  return ["usage_hour", "usage_day"].flatMap((table) =>
    [...users].flatMap((userId) => {
      const own = rows.filter((row) => row.userId === userId);
      const found = rollUps.find((sums) => sums.table === table && sums.userId === userId);
      const tokens = own.reduce((sum, { input, cacheRead, output, other }) => {
        return sum + input + cacheRead + output + other;
      }, 0);
      return found?.requests === own.length &&
        found.tokens === tokens &&
        found.costNanos === sumOf(own, ({ costNanos }) => costNanos)
        ? []
        : [show("I13", `${table} of user ${userId} differs from its rows`, { ...found, tokens })];
    }),
  );
}

function judgeWorld(evidence: Evidence): readonly Violation[] {
  return [
    ...evidence.unbalanced.map((tx) => show("I9", "a ledger transaction off zero", { tx })),
    ...evidence.toldViolations.map((text) => show("I9", text, {})),
    ...evidence.refusedProbes.map((call) =>
      show("I14", "a solvent user was refused after the faults", { call }),
    ),
    ...evidence.leaks.map((place) => show("I15", `found where it must not be: ${place}`, {})),
  ];
}

function countBases(rows: readonly UsageRow[]): Readonly<Record<string, number>> {
  const counts = Object.entries(bases).map(([number, name]): [string, number] => [
    name,
    rows.filter(({ basis }) => basis === Number(number)).length,
  ]);
  return Object.fromEntries(counts);
}

function sumOf<Item>(items: readonly Item[], amount: (item: Item) => bigint): bigint {
  return items.reduce((sum, item) => sum + amount(item), 0n);
}

function show(
  invariant: string,
  sentence: string,
  joined: Readonly<Record<string, unknown>>,
): Violation {
  return { invariant, sentence, joined };
}
