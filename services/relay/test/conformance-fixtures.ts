import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

import type { ChatEvent } from "#conversation/chat-event.ts";
import { arrayOr, isJsonObject, objectOr, parseJson, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";
import { NO_USAGE } from "#conversation/token-usage.ts";
import type { FaultKind } from "#conversation/upstream-fault.ts";
import { channelTypeOf } from "#providers/channel-types.ts";
import type {
  ChatDialect,
  EventFacts,
  FailedReply,
  NativeDialect,
  Provider,
} from "#providers/provider.ts";
import { surfaces } from "#surfaces/registry.ts";
import { createSseParser } from "#upstream/sse.ts";

/** One answer, whole and streamed, and what is to be found in it. */
export interface AnswerFixture {
  readonly name: string;
  readonly provider: Provider;
  readonly chat: ChatDialect;
  /** Absent = the provider shares no dialect of chats with a surface. */
  readonly native?: NativeDialect;
  readonly whole: unknown;
  readonly sse: Buffer;
  /** Absent = the answer reports none. */
  readonly usage?: TokenUsage;
  readonly usageOnlyEvents: number;
  readonly endsWithoutTerminal: boolean;
  readonly textBytes?: number;
}

/** One answer that fails. */
export interface FailureFixture {
  readonly name: string;
  readonly provider: Provider;
  /** Absent = the provider shares no dialect of chats with a surface. */
  readonly native?: NativeDialect;
  readonly reply: FailedReply;
  readonly kind: FaultKind;
  readonly reason: string;
  /** Further members of the fault that are stated. */
  readonly stated: JsonObject;
}

/** One stream that fails. */
export interface FailingStreamFixture {
  readonly name: string;
  readonly chat: ChatDialect;
  /** Absent = the provider shares no dialect of chats with a surface. */
  readonly native?: NativeDialect;
  readonly sse: Buffer;
  readonly kind: FaultKind;
  readonly reason: string;
}

/** An event as a parser tells it, without its bytes. */
export type PlainEvent = readonly [event: string, data: string];

/** Folders beside the providers' that hold no dialect. */
const OTHER_FOLDERS: ReadonlySet<string> = new Set(["channel-types", "demo"]);

const FOLDERS = readdirSync(new URL("../src/providers/", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !OTHER_FOLDERS.has(entry.name))
  .map((entry) => entry.name);

/** Every pair of every provider's folder. */
export function answerFixtures(): readonly AnswerFixture[] {
  return FOLDERS.flatMap((folder) => {
    const expected = objectOr(readJson(folder, "expected.json"));
    const pairs = readdirSync(folderUrl(folder)).filter((file) => file.endsWith(".sse"));
    assert.deepEqual(
      Object.keys(expected).sort(),
      pairs.map((file) => file.slice(0, -4)).sort(),
      "every pair is stated in expected.json",
    );
    return Object.entries(expected).map(([name, value]) => readPair(folder, name, objectOr(value)));
  });
}

function readPair(folder: string, name: string, stated: JsonObject): AnswerFixture {
  return {
    name: `${folder}/${name}`,
    ...dialectsOf(folder, stated),
    whole: readJson(folder, `${name}.json`),
    sse: readFileSync(new URL(`${name}.sse`, folderUrl(folder))),
    ...(isJsonObject(stated["usage"]) ? { usage: { ...NO_USAGE, ...stated["usage"] } } : {}),
    usageOnlyEvents: Number(stated["usageOnlyEvents"] ?? 0),
    endsWithoutTerminal: stated["endsWithoutTerminal"] === true,
    ...(typeof stated["textBytes"] === "number" ? { textBytes: stated["textBytes"] } : {}),
  };
}

/** Every answer that fails. */
export function failureFixtures(): readonly FailureFixture[] {
  return FOLDERS.flatMap((folder) =>
    arrayOr(readJson(folder, "failures.json")).map((value) => readFailing(folder, objectOr(value))),
  );
}

function readFailing(folder: string, failure: JsonObject): FailureFixture {
  const { name, channelType, status, headers, body, kind, reason, ...stated } = failure;
  const sent: Record<string, string> = {};
  for (const [header, text] of Object.entries(objectOr(headers))) {
    sent[header] = textOr(text);
  }
  return {
    name: `${folder}/${textOr(name)}`,
    ...dialectsOf(folder, { channelType }),
    reply: { status: Number(status), headers: sent, body: textOr(body) },
    kind: kindOf(kind),
    reason: textOr(reason),
    stated,
  };
}

/** Every stream that fails. */
export function failingStreamFixtures(): readonly FailingStreamFixture[] {
  return FOLDERS.flatMap((folder) =>
    arrayOr(readJson(folder, "failing-streams.json")).map((value) =>
      readFailingStream(folder, objectOr(value)),
    ),
  );
}

function readFailingStream(folder: string, stated: JsonObject): FailingStreamFixture {
  return {
    name: `${folder}/${textOr(stated["name"])}`,
    ...dialectsOf(folder, stated),
    sse: Buffer.from(textOr(stated["sse"])),
    kind: kindOf(stated["kind"]),
    reason: textOr(stated["reason"]),
  };
}

/** The events in a body that comes in these pieces. */
export function parseEvents(pieces: readonly Uint8Array[]): readonly PlainEvent[] {
  const events: PlainEvent[] = [];
  const parser = createSseParser({ onEvent: ({ event, data }) => events.push([event, data]) });
  for (const piece of pieces) {
    assert.equal(parser.push(piece), undefined);
  }
  parser.end();
  return events;
}

/** What a provider's canonical reader makes of events. */
export function readCanonical(
  chat: ChatDialect,
  events: readonly PlainEvent[],
): readonly ChatEvent[] {
  const reader = chat.openStream();
  return [...events.flatMap(([event, data]) => reader.read(event, data)), ...reader.end()];
}

/** What a provider's native reader makes of events. */
export function readNative(
  native: NativeDialect,
  events: readonly PlainEvent[],
): readonly EventFacts[] {
  const reader = native.openEventReader();
  return events.map(([event, data]) => reader.read(event, data));
}

function dialectsOf(
  folder: string,
  stated: JsonObject,
): {
  readonly provider: Provider;
  readonly chat: ChatDialect;
  readonly native?: NativeDialect;
} {
  const id = Number(stated["channelType"]);
  const provider = channelTypeOf(id)?.provider;
  assert(provider?.chat !== undefined, `channels of type ${id} can chat`);
  assert.equal(provider.name, folder, `channels of type ${id} are spoken for by this folder`);
  const native = surfaces
    .filter((surface) => surface.chat !== undefined)
    .map((surface) => provider.native[surface.dialect])
    .find((dialect) => dialect !== undefined);
  return { provider, chat: provider.chat, ...(native === undefined ? {} : { native }) };
}

const KINDS: readonly FaultKind[] = [
  "caller",
  "credential",
  "funds",
  "rate-limit",
  "transient",
  "protocol",
];

function kindOf(value: unknown): FaultKind {
  const kind = KINDS.find((candidate) => candidate === value);
  assert(kind !== undefined, `${textOr(value)} is a kind of fault`);
  return kind;
}

function readJson(folder: string, file: string): unknown {
  return parseJson(readFileSync(new URL(file, folderUrl(folder)), "utf8"));
}

function folderUrl(folder: string): URL {
  return new URL(`../src/providers/${folder}/fixtures/`, import.meta.url);
}
