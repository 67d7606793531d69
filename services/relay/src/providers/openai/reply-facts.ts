import { arrayOr, isJsonObject, objectOr, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import { classifyErrorValue, protocolFault } from "#providers/classify-failure.ts";
import { saysError } from "#providers/error-body.ts";
import type { FailureRule } from "#providers/failure-rules.ts";
import { errorIn, usageIn } from "#providers/openai/event-reader.ts";
import { argumentsIn, reasoningIn, textIn } from "#providers/openai/message-text.ts";
import { readOpenAiUsage } from "#providers/openai/usage.ts";
import type { UsageQuirks } from "#providers/openai/usage.ts";
import type { ReplyFacts } from "#providers/provider.ts";

/** What a vendor's whole replies are read with. */
export interface ReplyReaderOptions {
  readonly quirks: UsageQuirks;
  readonly failureRules: readonly FailureRule[];
}

/** Reads a whole chat, completion or list of embeddings; `listName` is the member that a true reply has. */
export function readOpenAiReply(
  body: unknown,
  listName: "choices" | "data",
  options: ReplyReaderOptions,
): ReplyFacts {
  if (!isJsonObject(body)) {
    return failed(protocolFault("NOT_JSON_OBJECT", "The upstream's reply is not a JSON object."));
  }
  const fault = faultOfReply(body, listName, options.failureRules);
  const choices = arrayOr(body["choices"]);
  const quirks = { ...options.quirks, totalIsInput: listName === "data" };
  const usage = readOpenAiUsage(usageIn(body, choices), quirks);
  return {
    upstreamId: textOr(body["id"]),
    outputText: () => choices.map(textOfChoice).join(""),
    ...(usage === undefined ? {} : { usage }),
    ...(fault === undefined ? {} : { fault }),
  };
}

/** The error that a reply of status 2xx is in truth. */
export function faultOfReply(
  body: JsonObject,
  listName: "choices" | "data",
  failureRules: readonly FailureRule[],
): UpstreamFault | undefined {
  if (saysError(body)) {
    return classifyErrorValue(body, failureRules);
  }
  const inside = errorIn(body, "", failureRules);
  if (inside !== undefined || Array.isArray(body[listName])) {
    return inside;
  }
  const said = classifyErrorValue(body, failureRules);
  return said.upstreamCode === undefined
    ? protocolFault("NO_CHOICES", `The upstream's reply has no "${listName}".`)
    : said;
}

function failed(fault: UpstreamFault): ReplyFacts {
  return { upstreamId: "", outputText: () => "", fault };
}

function textOfChoice(value: unknown): string {
  const choice = objectOr(value);
  const message = objectOr(choice["message"]);
  const calls = arrayOr(message["tool_calls"])
    .map((call) => objectOr(objectOr(call)["function"]))
    .map((called) => textOr(called["name"]) + argumentsIn(called));
  return [
    textOr(choice["text"]),
    reasoningIn(message),
    textIn(message["content"]),
    textOr(message["refusal"]),
    ...calls,
  ].join("");
}
