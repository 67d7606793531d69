import {
  arrayOr,
  countOf,
  isJsonObject,
  objectOr,
  parseJson,
  textOr,
} from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import { classifyErrorValue } from "#providers/classify-failure.ts";
import { saysError } from "#providers/error-body.ts";
import type { FailureRule } from "#providers/failure-rules.ts";
import { memberValueAt, scanContent } from "#providers/json-scan.ts";
import type { ContentNames, ContentScan } from "#providers/json-scan.ts";
import { createOpenAiUsage } from "#providers/openai/usage.ts";
import type { UsageQuirks } from "#providers/openai/usage.ts";
import type { EventFacts, NativeEventReader } from "#providers/provider.ts";

/** What differs between the two streamed dialects and between vendors. */
export interface EventReaderOptions {
  /** Name under which the pieces of content lie: `delta` in chats, `choices` in completions. */
  readonly contentUnder: "delta" | "choices";
  readonly quirks: UsageQuirks;
  readonly failureRules: readonly FailureRule[];
  /** The content is told as well, not only its size. */
  readonly tellsContent?: boolean | undefined;
}

/** Strings under these names are output of the model; some vendors give the reasoning twice. */
const CONTENT_NAMES: Readonly<Record<EventReaderOptions["contentUnder"], ContentNames>> = {
  delta: {
    counted: ["content", "reasoning_content", "arguments", "text", "reasoning", "refusal", "input"],
    passedOver: "reasoning_details",
  },
  choices: { counted: ["text"] },
};

const NOTHING: EventFacts = Object.freeze({ contentBytes: 0 });
const QUOTE = 34;
const BRACE_OPEN = 123;

/** Chunks that are looked through for the reply's id; a vendor that gives none must not cost a parse for each. */
const ID_CHUNKS_MAX = 8;

/**
 * Reads a stream of chunks. Most chunks carry a few bytes of text and nothing else: those are measured, not parsed.
 * Whatever tells more (the first chunk, usage, an end, an error) is parsed.
 */
export function createOpenAiEventReader(options: EventReaderOptions): NativeEventReader {
  const measure = createChunkMeasure(options.contentUnder, options.tellsContent === true);
  const ends = createChoiceEnds();
  const counts = createOpenAiUsage(options.quirks);
  let usage = counts.current();
  let upstreamId = "";
  let parsedCount = 0;

  const readParsed = (event: string, data: string): EventFacts => {
    parsedCount += 1;
    const chunk = parseJson(data);
    if (!isJsonObject(chunk)) {
      return NOTHING;
    }
    const fault = errorIn(chunk, event, options.failureRules);
    const contentBytes = measure.whole(data);
    const content = measure.content();
    const choices = arrayOr(chunk["choices"]);
    const isReport = counts.update(usageIn(chunk, choices));
    usage = isReport ? counts.current() : usage;
    upstreamId ||= textOr(chunk["id"]);
    return {
      contentBytes,
      ...(content === undefined ? {} : { content }),
      ...(usage === undefined ? {} : { usage }),
      ...(isReport && choices.length === 0 ? { usageOnly: true } : {}),
      ...(ends.note(choices) ? { finished: true } : {}),
      ...(upstreamId === "" ? {} : { upstreamId }),
      ...(fault === undefined ? {} : { fault }),
    };
  };

  return {
    read: (event, data) => {
      if (data === "[DONE]") {
        return { contentBytes: 0, terminal: true, finished: true, ...(usage && { usage }) };
      }
      const mustParse = event === "error" || (upstreamId === "" && parsedCount < ID_CHUNKS_MAX);
      const contentBytes = mustParse ? -1 : measure.plain(data);
      if (contentBytes < 0) {
        return readParsed(event, data);
      }
      if (contentBytes === 0) {
        return NOTHING;
      }
      const content = measure.content();
      return content === undefined ? { contentBytes } : { contentBytes, content };
    },
  };
}

/** Measures the content of chunks. */
interface ChunkMeasure {
  /** Bytes of content of any chunk. */
  readonly whole: (data: string) => number;
  /** The same for a chunk that tells nothing else; -1 for one that must be parsed. */
  readonly plain: (data: string) => number;
  /** The content of the chunk measured last; `undefined` = nobody wants it. */
  readonly content: () => string | undefined;
}

/**
 * The chunks of a stream are alike before and after their content. What was looked through once is only compared from
 * then on, which is several times as fast as looking through it again.
 */
function createChunkMeasure(
  contentUnder: EventReaderOptions["contentUnder"],
  tellsContent: boolean,
): ChunkMeasure {
  const names = CONTENT_NAMES[contentUnder];
  const nameEnd = `${contentUnder}"`;
  const nothing = tellsContent ? "" : undefined;
  const scan: ContentScan = { at: 0, bytes: 0, text: nothing };
  let before = "";
  let after = "";

  const whole = (data: string): number => {
    scan.bytes = 0;
    scan.text = nothing;
    scan.at = memberValueAt(data, nameEnd, 0);
    while (scan.at >= 0) {
      scanContent(data, scan, names);
      scan.at = memberValueAt(data, nameEnd, scan.at);
    }
    return scan.bytes;
  };

  /** Scans the content from where it starts; true if what follows it tells nothing. */
  const isPlainFrom = (data: string, start: number): boolean => {
    scan.at = start;
    scan.bytes = 0;
    scan.text = nothing;
    scanContent(data, scan, names);
    const rest = data.slice(scan.at);
    if (rest === after) {
      return true;
    }
    if (memberValueAt(rest, nameEnd, 0) >= 0 || saysMore(rest)) {
      return false;
    }
    after = rest;
    return true;
  };

  return {
    whole,
    content: () => scan.text,
    plain: (data) => {
      if (before !== "" && data.slice(0, before.length) === before) {
        return isPlainFrom(data, before.length) ? scan.bytes : -1;
      }
      const start = memberValueAt(data, nameEnd, 0);
      if (start < 0 || saysMore(data.slice(0, start)) || !isPlainFrom(data, start)) {
        return -1;
      }
      before = data.slice(0, start);
      return scan.bytes;
    },
  };
}

/** Which of the choices have ended. */
function createChoiceEnds(): { readonly note: (choices: readonly unknown[]) => boolean } {
  const ended = new Set<number>();
  let count = 1;
  return {
    /** True once every choice that was seen has ended. */
    note: (choices) => {
      for (const value of choices) {
        const choice = objectOr(value);
        const index = countOf(choice["index"]) ?? 0;
        count = Math.max(count, index + 1);
        if (textOr(choice["finish_reason"]) !== "") {
          ended.add(index);
        }
      }
      return ended.size >= count;
    },
  };
}

/** True if a part of a chunk reports usage, an end or an error. */
function saysMore(part: string): boolean {
  return (
    hasMember(part, 'usage"', isObjectAt) ||
    hasMember(part, 'finish_reason"', isFilledStringAt) ||
    hasMember(part, 'error"', isErrorAt)
  );
}

function hasMember(
  part: string,
  nameEnd: string,
  isMet: (part: string, at: number) => boolean,
): boolean {
  let at = memberValueAt(part, nameEnd, 0);
  while (at >= 0 && !isMet(part, at)) {
    at = memberValueAt(part, nameEnd, at);
  }
  return at >= 0;
}

function isObjectAt(part: string, at: number): boolean {
  return part.charCodeAt(at) === BRACE_OPEN;
}

/** Some vendors write "" where others write null. */
function isFilledStringAt(part: string, at: number): boolean {
  return part.charCodeAt(at) === QUOTE && part.charCodeAt(at + 1) !== QUOTE;
}

function isErrorAt(part: string, at: number): boolean {
  return isObjectAt(part, at) || isFilledStringAt(part, at);
}

/** Vendors put usage at the top, beside the last piece of a choice (Moonshot), or in a corner of their own (Groq). */
export function usageIn(chunk: JsonObject, choices: readonly unknown[]): unknown {
  return (
    chunk["usage"] ??
    objectOr(chunk["x_groq"])["usage"] ??
    objectOr(choices[0])["usage"] ??
    undefined
  );
}

/** The error that a chunk or a reply carries instead of, or beside, its choices. */
export function errorIn(
  chunk: JsonObject,
  event: string,
  failureRules: readonly FailureRule[],
): UpstreamFault | undefined {
  const inGroq = objectOr(chunk["x_groq"])["error"];
  const inChoice = objectOr(arrayOr(chunk["choices"])[0])["error"];
  const error = chunk["error"] ?? inGroq ?? inChoice;
  if (error !== undefined && error !== null && error !== "") {
    return classifyErrorValue({ error }, failureRules);
  }
  return event === "error" || saysError(chunk) || isBareError(chunk)
    ? classifyErrorValue(chunk, failureRules)
    : undefined;
}

/** An error without a member of its own: a code and a sentence in place of the choices. */
function isBareError(chunk: JsonObject): boolean {
  const { code, choices } = chunk;
  const isCode = (typeof code === "number" && code !== 0) || textOr(code).length > 1;
  return (
    isCode && !Array.isArray(choices) && (textOr(chunk["message"]) || textOr(chunk["msg"])) !== ""
  );
}
