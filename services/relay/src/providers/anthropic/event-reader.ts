import { isJsonObject, objectOr, parseJson, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import { createAnthropicUsage } from "#providers/anthropic/usage.ts";
import { classifyErrorValue } from "#providers/classify-failure.ts";
import { memberValueAt, scanContent } from "#providers/json-scan.ts";
import type { ContentScan } from "#providers/json-scan.ts";
import type { EventFacts, NativeEventReader } from "#providers/provider.ts";

const CONTENT_NAMES = { counted: ["text", "thinking", "partial_json"] };
const NOTHING: EventFacts = Object.freeze({ contentBytes: 0 });

/** Reads a stream of named events; deltas are measured, not parsed. */
export function createAnthropicEventReader(): NativeEventReader {
  const usage = createAnthropicUsage();
  const measure = createDeltaMeasure();
  let upstreamId = "";

  const facts = (more: Partial<EventFacts>): EventFacts => {
    const counted = usage.current();
    return {
      contentBytes: 0,
      ...(counted === undefined ? {} : { usage: counted }),
      ...(upstreamId === "" ? {} : { upstreamId }),
      ...more,
    };
  };

  const readParsed = (name: string, body: JsonObject): EventFacts => {
    if (name === "message_start") {
      const message = objectOr(body["message"]);
      upstreamId = textOr(message["id"]);
      usage.update(message["usage"]);
      return facts({});
    }
    if (name === "message_delta") {
      usage.update(body["usage"]);
      const isEnd = textOr(objectOr(body["delta"])["stop_reason"]) !== "";
      return facts(isEnd ? { finished: true } : {});
    }
    if (name === "message_stop") {
      return facts({ terminal: true, finished: true });
    }
    return name === "error" ? facts({ fault: faultOfEvent(body) }) : NOTHING;
  };

  return {
    read: (event, data) => {
      if (event === "content_block_delta") {
        const contentBytes = measure(data);
        return contentBytes === 0 ? NOTHING : { contentBytes };
      }
      if (SILENT_EVENTS.has(event)) {
        return NOTHING;
      }
      const body = parseJson(data);
      if (!isJsonObject(body)) {
        return NOTHING;
      }
      // Some gateways leave the event names out; the type inside says the same.
      const name = textOr(body["type"]) || event;
      return name === "content_block_delta"
        ? { contentBytes: measure(data) }
        : readParsed(name, body);
    },
  };
}

/** The error of an `error` event. */
export function faultOfEvent(body: JsonObject): UpstreamFault {
  return classifyErrorValue(body);
}

const SILENT_EVENTS: ReadonlySet<string> = new Set([
  "ping",
  "content_block_start",
  "content_block_stop",
]);

/** Measures deltas; what stands before them is the same for all of a block and only compared. */
function createDeltaMeasure(): (data: string) => number {
  const scan: ContentScan = { at: 0, bytes: 0, text: undefined };
  let before = "";
  return (data) => {
    if (before === "" || data.slice(0, before.length) !== before) {
      const start = memberValueAt(data, 'delta"', 0);
      if (start < 0) {
        return 0;
      }
      before = data.slice(0, start);
    }
    scan.at = before.length;
    scan.bytes = 0;
    scanContent(data, scan, CONTENT_NAMES);
    return scan.bytes;
  };
}
