import {
  arrayOr,
  countOf,
  isJsonObject,
  objectOr,
  parseJson,
  textOr,
} from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import { classifyErrorValue } from "#providers/classify-failure.ts";
import { saysError } from "#providers/error-body.ts";
import type { FailureRule } from "#providers/failure-rules.ts";
import { contentBytesIn, memberValueAt } from "#providers/json-scan.ts";
import type { ContentNames } from "#providers/json-scan.ts";
import { readOpenAiUsage } from "#providers/openai/usage.ts";
import type { UsageQuirks } from "#providers/openai/usage.ts";
import type { EventFacts, NativeEventReader } from "#providers/provider.ts";

/** What differs between the two streamed dialects and between vendors. */
export interface EventReaderOptions {
  /** Name under which the pieces of content lie: `delta` in chats, `choices` in completions. */
  readonly contentUnder: "delta" | "choices";
  readonly quirks: UsageQuirks;
  readonly failureRules: readonly FailureRule[];
}

/** Strings under these names are output of the model; some vendors give the reasoning twice. */
const CONTENT_NAMES: Readonly<Record<EventReaderOptions["contentUnder"], ContentNames>> = {
  delta: {
    counted: new Set([
      "content",
      "text",
      "reasoning_content",
      "reasoning",
      "refusal",
      "arguments",
      "input",
    ]),
    passedOver: "reasoning_details",
  },
  choices: { counted: new Set(["text"]) },
};

const NOTHING: EventFacts = Object.freeze({ contentBytes: 0 });
const QUOTE = 34;
const BRACE_OPEN = 123;

/**
 * Reads a stream of chunks. Most chunks carry a few bytes of text and nothing else: those are measured, not parsed.
 * Whatever tells more (the first chunk, usage, an end, an error) is parsed.
 */
export function createOpenAiEventReader(options: EventReaderOptions): NativeEventReader {
  const names = CONTENT_NAMES[options.contentUnder];
  const nameEnd = `${options.contentUnder}"`;
  const ends = createChoiceEnds();
  let usage: TokenUsage | undefined;
  let upstreamId = "";

  const measure = (data: string, first: number): number => {
    let bytes = 0;
    let at = first;
    while (at >= 0) {
      bytes += contentBytesIn(data, at, names);
      at = memberValueAt(data, nameEnd, at);
    }
    return bytes;
  };

  const readWhole = (event: string, data: string): EventFacts => {
    const chunk = parseJson(data);
    if (!isJsonObject(chunk)) {
      return NOTHING;
    }
    const fault = errorIn(chunk, event, options.failureRules);
    const choices = arrayOr(chunk["choices"]);
    const reported = readOpenAiUsage(usageIn(chunk, choices), options.quirks);
    usage = reported ?? usage;
    upstreamId ||= textOr(chunk["id"]);
    return {
      contentBytes: measure(data, memberValueAt(data, nameEnd, 0)),
      ...(usage === undefined ? {} : { usage }),
      ...(reported !== undefined && choices.length === 0 ? { usageOnly: true } : {}),
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
      const content = memberValueAt(data, nameEnd, 0);
      if (content < 0 || upstreamId === "" || event === "error" || saysMore(data)) {
        return readWhole(event, data);
      }
      const contentBytes = measure(data, content);
      return contentBytes === 0 ? NOTHING : { contentBytes };
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

/** True if a chunk must be parsed: it reports usage, an end or an error. */
function saysMore(data: string): boolean {
  const finish = memberValueAt(data, 'finish_reason"', 0);
  if (finish >= 0 && data.charCodeAt(finish) === QUOTE && data.charCodeAt(finish + 1) !== QUOTE) {
    return true;
  }
  const usage = memberValueAt(data, 'usage"', 0);
  if (usage >= 0 && data.charCodeAt(usage) === BRACE_OPEN) {
    return true;
  }
  const error = memberValueAt(data, 'error"', 0);
  return error >= 0 && (data.charCodeAt(error) === BRACE_OPEN || data.charCodeAt(error) === QUOTE);
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
