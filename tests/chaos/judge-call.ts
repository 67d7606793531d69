import type { ClientCall } from "./client-call.ts";
import type { UsageRow } from "./evidence.ts";
import { costOf, tokensOfBytes } from "./prices.ts";
import type { UpstreamTry } from "./upstream.ts";

/** One call as its three witnesses tell it. */
export interface JoinedCall {
  readonly call: ClientCall;
  readonly tries: readonly UpstreamTry[];
  readonly row: UsageRow;
}

/** What is wrong with the bill of a call. */
export interface CallFinding {
  readonly invariant: "I1" | "I2" | "I3";
  readonly sentence: string;
}

/** Numbers of `tollgate.type.v1.Basis`. */
export const bases = {
  1: "usage",
  2: "counted",
  3: "aborted",
  4: "drained",
  5: "partial",
  6: "failed",
  7: "crash",
  8: "crash, nothing delivered",
} as const;

/** Tokens between two checkpoints of a stream. */
const checkpointTokens = 64;
/**
 * A checkpoint is written right after the bytes it counts. What a client got in its last moment may therefore be more than
 * one interval ahead of the last record that the killed process had handed to the kernel.
 */
const lastMomentMs = 100;

/** Checks one bill against what its client and its upstream have seen. */
export function judgeCall(joined: JoinedCall): readonly CallFinding[] {
  const { call, row } = joined;
  const findings = [...judgeIdentity(joined), ...judgePrice(row), ...judgeBasis(joined)];
  if (call.sawEnd && row.basis !== 1 && row.basis !== 2) {
    findings.push({
      invariant: "I2",
      sentence: `the client saw the end, the bill says ${nameOf(row.basis)}`,
    });
  }
  return findings;
}

/** Tokens that a client got and did not pay for, because the relay was killed. */
export function underCountOf({ call, row }: JoinedCall): number {
  const isCrash = row.basis === 7 || row.basis === 8;
  const billed = row.basis === 8 ? 0 : row.output;
  return isCrash ? Math.max(0, tokensOfBytes(call.contentBytes) - billed) : 0;
}

function judgeIdentity({ call, row }: JoinedCall): readonly CallFinding[] {
  return call.requestId !== "" && call.requestId !== row.requestId
    ? [{ invariant: "I1", sentence: `the client was told the id ${call.requestId}` }]
    : [];
}

function judgePrice(row: UsageRow): readonly CallFinding[] {
  const isFree = row.basis === 6 || row.basis === 8;
  const cost = isFree ? 0n : costOf(row.model, row);
  return row.costNanos === cost && row.other === 0
    ? []
    : [{ invariant: "I2", sentence: `costs ${row.costNanos}, its tokens cost ${cost}` }];
}

function judgeBasis(joined: JoinedCall): readonly CallFinding[] {
  const { call, row } = joined;
  switch (row.basis) {
    case 1:
    case 4:
      return judgeReported(joined);
    case 2:
      return judgeCounted(joined);
    case 3:
      return call.left ? judgeAborted(joined) : wrong("I2", "aborted, but the client had not left");
    case 5:
      return judgePartial(joined);
    case 6:
      return call.contentBytes === 0 ? [] : wrong("I2", "failed, but the client got content");
    case 7:
      return judgeCrash(joined);
    case 8:
      return judgeInterval(joined, 0);
    default:
      return wrong("I2", `has the unexpected basis ${row.basis}`);
  }
}

/** The upstream's own usage, and the client got no other content than the upstream's. */
function judgeReported({ call, tries, row }: JoinedCall): readonly CallFinding[] {
  const one = tries.find(({ upstreamId }) => upstreamId === row.upstreamId);
  if (one === undefined) {
    return wrong("I2", `names the reply "${row.upstreamId}", which the upstream never gave`);
  }
  const findings: CallFinding[] = [];
  const { input, cacheRead, output } = one.count;
  if (row.input !== input || row.cacheRead !== cacheRead || row.output !== output) {
    findings.push(...wrong("I2", `the upstream reported ${input}, ${cacheRead}, ${output} tokens`));
  }
  if (one.outcome !== "complete") {
    findings.push(...wrong("I2", `the upstream's reply was ${one.outcome}`));
  }
  if (call.sawEnd && call.contentBytes !== one.contentBytes) {
    findings.push(
      ...wrong("I2", `the client got ${call.contentBytes} of ${one.contentBytes} bytes`),
    );
  }
  return findings;
}

/** No usage was told: bytes of the request and of the content, four to a token. */
function judgeCounted({ call, tries, row }: JoinedCall): readonly CallFinding[] {
  const one = tries.find(({ upstreamId }) => upstreamId === row.upstreamId);
  const bytes = one?.contentBytes ?? -1;
  const isRight =
    one?.tellsUsage === false &&
    row.input === tokensOfBytes(call.bodyBytes) &&
    row.cacheRead === 0 &&
    row.output === tokensOfBytes(bytes) &&
    (!call.sawEnd || call.contentBytes === bytes);
  return isRight
    ? []
    : wrong("I2", `counted, but client got ${call.contentBytes} and upstream gave ${bytes} bytes`);
}

/** The client has left: at least what it got, at most what the upstream had given. */
function judgeAborted(joined: JoinedCall): readonly CallFinding[] {
  const { call, row } = joined;
  const isNothing = row.output === 0 && row.input === 0 && call.contentBytes === 0;
  const isBetween =
    isInputRight(joined) &&
    row.output >= tokensOfBytes(call.contentBytes) &&
    row.output <= mostOf(joined);
  return isNothing || isBetween
    ? []
    : wrong("I2", `aborted: not between ${tokensOfBytes(call.contentBytes)} and ${mostOf(joined)}`);
}

function judgePartial(joined: JoinedCall): readonly CallFinding[] {
  const { call, tries, row } = joined;
  const got = tokensOfBytes(call.contentBytes);
  const isRight = call.sawError ? row.output === got : row.output >= got;
  return isRight &&
    isInputRight(joined) &&
    row.output <= mostOf(joined) &&
    tries.some(({ outcome }) => outcome === "died")
    ? []
    : wrong("I2", `partial: the client got ${got} tokens, the upstream gave ${mostOf(joined)}`);
}

function judgeCrash(joined: JoinedCall): readonly CallFinding[] {
  const { call, row } = joined;
  const got = tokensOfBytes(call.contentBytes);
  const isReported = joined.tries.some(({ count }) => count.output === row.output);
  // A client that has left does not know what was on its way to it.
  const most = call.left || isReported ? mostOf(joined) : got;
  const findings = [...judgeInterval(joined, row.output)];
  if (row.output > most || !isInputRight(joined)) {
    findings.push(...wrong("I3", `crash: billed ${row.output} output tokens, delivered ${most}`));
  }
  return findings;
}

function judgeInterval({ call }: JoinedCall, billed: number): readonly CallFinding[] {
  const lastMs = (call.pieces.at(-1)?.[0] ?? 0) - lastMomentMs;
  const before = call.pieces.findLast(([atMs]) => atMs <= lastMs)?.[1] ?? 0;
  return billed >= tokensOfBytes(before) - checkpointTokens
    ? []
    : wrong("I3", `crash: billed ${billed} of ${tokensOfBytes(call.contentBytes)} output tokens`);
}

/** As the upstream reported, or by the bytes of the request. */
function isInputRight({ call, tries, row }: JoinedCall): boolean {
  const isCounted = row.cacheRead === 0 && row.input === tokensOfBytes(call.bodyBytes);
  return (
    isCounted ||
    tries.some(({ count }) => count.input === row.input && count.cacheRead === row.cacheRead)
  );
}

/** The most that can have been delivered, by what the upstream gave or reported. */
function mostOf({ tries }: JoinedCall): number {
  return Math.max(
    0,
    ...tries.map(({ contentBytes, outcome, count }) =>
      outcome === "complete"
        ? Math.max(tokensOfBytes(contentBytes), count.output)
        : tokensOfBytes(contentBytes),
    ),
  );
}

function nameOf(basis: number): string {
  return Object.entries(bases).find(([number]) => Number(number) === basis)?.[1] ?? `${basis}`;
}

function wrong(invariant: CallFinding["invariant"], sentence: string): readonly CallFinding[] {
  return [{ invariant, sentence }];
}
