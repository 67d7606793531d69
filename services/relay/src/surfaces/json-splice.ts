import {
  afterSpace,
  afterString,
  afterValue,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COLON,
  COMMA,
} from "#surfaces/json-bytes.ts";
import { invalidRequest } from "#surfaces/surface-faults.ts";

/** Where a member of an object, or an item of an array, lies. */
export interface JsonSpan {
  /** "" for the items of an array. */
  readonly name: string;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** Changes single values of a JSON object and leaves every other byte as it is. */
export interface JsonSplice {
  /** Gives a top-level member this value (JSON text), in place or in front. */
  readonly set: (name: string, json: string) => void;
  /** The same within the object that a span holds. */
  readonly setIn: (span: JsonSpan, name: string, json: string) => void;
  /** Puts an item (JSON text) in front of the array that a span holds. */
  readonly unshift: (span: JsonSpan, json: string) => void;
  /** A top-level member. */
  readonly member: (name: string) => JsonSpan | undefined;
  /** The members or items that a span holds, in their order. */
  readonly spansIn: (span: JsonSpan) => readonly JsonSpan[];
  /** The new bytes; the old array itself if nothing was changed. */
  readonly bytes: () => Uint8Array;
}

/**
 * Members that decide what a call does and costs. A body that has one of them twice, or in another spelling, can mean one
 * thing here and another upstream: parsers differ in which they take, and some ignore case.
 */
const DECISIVE_NAMES: ReadonlySet<string> = new Set([
  "model",
  "stream",
  "stream_options",
  "max_tokens",
  "max_completion_tokens",
  "n",
  "best_of",
  "messages",
  "prompt",
  "input",
  "system",
  "include_usage",
]);

/** Opens a body that is known to be a JSON object. Throws the caller's fault on members that are ambiguous. */
export function openSplice(body: Uint8Array): JsonSplice {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const root: JsonSpan = { name: "", valueStart: afterSpace(bytes, 0), valueEnd: bytes.length };
  const members = spansOf(bytes, root);
  refuseAmbiguity(members);
  const changes: Change[] = [];

  const insert = (span: JsonSpan, isEmpty: boolean, json: string): void => {
    const at = span.valueStart + 1;
    changes.push({ start: at, end: at, json: isEmpty ? json : `${json},` });
  };
  const setAmong = (
    span: JsonSpan,
    spans: readonly JsonSpan[],
    change: readonly [string, string],
  ): void => {
    const [name, json] = change;
    const found = spans.find((candidate) => candidate.name === name);
    if (found === undefined) {
      insert(span, spans.length === 0, `${JSON.stringify(name)}:${json}`);
    } else {
      changes.push({ start: found.valueStart, end: found.valueEnd, json });
    }
  };

  return {
    member: (name) => members.find((candidate) => candidate.name === name),
    spansIn: (span) => spansOf(bytes, span),
    set: (name, json) => {
      setAmong(root, members, [name, json]);
    },
    setIn: (span, name, json) => {
      const spans = spansOf(bytes, span);
      refuseAmbiguity(spans);
      setAmong(span, spans, [name, json]);
    },
    unshift: (span, json) => {
      insert(span, spansOf(bytes, span).length === 0, json);
    },
    bytes: () => (changes.length === 0 ? body : applied(bytes, changes)),
  };
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly json: string;
}

function applied(bytes: Buffer, changes: readonly Change[]): Uint8Array {
  const pieces: Buffer[] = [];
  let done = 0;
  for (const change of changes.toSorted((left, right) => left.start - right.start)) {
    pieces.push(bytes.subarray(done, change.start), Buffer.from(change.json));
    done = change.end;
  }
  pieces.push(bytes.subarray(done));
  return Buffer.concat(pieces);
}

/** The members or items one level below a span, found in one pass. */
function spansOf(bytes: Buffer, span: JsonSpan): readonly JsonSpan[] {
  const open = bytes[span.valueStart];
  const spans: JsonSpan[] = [];
  if (open !== BRACE_OPEN && open !== BRACKET_OPEN) {
    return spans;
  }
  let at = afterSpace(bytes, span.valueStart + 1);
  while (at < span.valueEnd && bytes[at] !== BRACE_CLOSE && bytes[at] !== BRACKET_CLOSE) {
    let name = "";
    if (open === BRACE_OPEN) {
      const nameEnd = afterString(bytes, at);
      name = decodeName(bytes.toString("utf8", at, nameEnd));
      at = afterSpace(bytes, nameEnd);
      at = bytes[at] === COLON ? afterSpace(bytes, at + 1) : at;
    }
    const valueEnd = afterValue(bytes, at);
    spans.push({ name, valueStart: at, valueEnd });
    at = afterSpace(bytes, Math.max(valueEnd, at + 1));
    at = bytes[at] === COMMA ? afterSpace(bytes, at + 1) : at;
  }
  return spans;
}

/** A name may be spelled with escapes, which hide it from a plain comparison. */
function decodeName(quoted: string): string {
  if (!quoted.includes("\\")) {
    return quoted.slice(1, -1);
  }
  const name: unknown = JSON.parse(quoted);
  return typeof name === "string" ? name : quoted;
}

function refuseAmbiguity(members: readonly JsonSpan[]): void {
  const seen = new Set<string>();
  for (const { name } of members) {
    const folded = DECISIVE_NAMES.has(name) ? name : foldCase(name);
    if (DECISIVE_NAMES.has(folded)) {
      if (folded !== name) {
        throw invalidRequest(`The body has "${name}"; write "${folded}".`, folded);
      }
      if (seen.has(name)) {
        throw invalidRequest(`The body has "${name}" more than once.`, name);
      }
      seen.add(name);
    }
  }
}

/** Both ways, since some letters fold to a Latin one in one direction only. */
function foldCase(name: string): string {
  return name.toUpperCase().toLowerCase();
}
