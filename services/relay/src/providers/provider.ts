import type { ChatEvent } from "#conversation/chat-event.ts";
import type { ChatReply } from "#conversation/chat-reply.ts";
import type { ChatRequest } from "#conversation/chat-request.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";

/** A wire dialect. Where client and upstream share one, bytes pass through. */
export type DialectName =
  | "openai-chat"
  | "openai-completions"
  | "openai-embeddings"
  | "anthropic-messages";

/**
 * A dialect spoken by upstreams. Pure: it describes requests and reads replies, and never sends anything, never retries,
 * never counts money.
 */
export interface Provider {
  readonly name: string;
  /** Dialects that this provider takes as they are, each with how to reach it. */
  readonly native: Readonly<Partial<Record<DialectName, NativeDialect>>>;
  /** The canonical conversation; absent = chat is only possible in a native dialect. */
  readonly chat?: ChatDialect;
  /** Reads a reply that is not a success (status >= 300, or an error in a 200 body). */
  readonly readFailure: (reply: FailedReply) => UpstreamFault;
  /** How to ask for the model list; absent = it cannot be asked for. */
  readonly models?: ModelsQuery;
  /** How to ask for the account's balance; absent = it cannot be asked for. */
  readonly balance?: BalanceQuery;
}

/** The channel as a provider needs it. */
export interface ChannelTarget {
  readonly type: number;
  /** Without a trailing slash; the type's own where the channel has none. */
  readonly baseUrl: string;
  readonly credential: string;
  readonly config: Readonly<Record<string, string>>;
}

/** What goes over the wire, without its body. */
export interface UpstreamHead {
  readonly method: "GET" | "POST";
  /** Absolute; `http:`, `https:`, or `demo:` for the built-in upstream. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface UpstreamRequest extends UpstreamHead {
  readonly body: string | Uint8Array;
}

/** What a provider may know of the client's request beyond its body. */
export interface NativeCall {
  readonly upstreamModel: string;
  readonly stream: boolean;
  /** Client headers that the provider may pass on (lower-case names), such as `anthropic-beta`. */
  readonly clientHeaders: Readonly<Record<string, string | undefined>>;
}

/** A dialect that passes through: the body is the client's, with model and options swapped by the surface. */
export interface NativeDialect {
  /** The upstream refuses `stream_options`: it is not asked for usage, and reports it unasked or not at all. */
  readonly refusesStreamOptions?: boolean;
  /** Frame that ends a complete stream, for upstreams that leave it out. */
  readonly terminalFrame?: string;
  readonly head: (channel: ChannelTarget, call: NativeCall) => UpstreamHead;
  /** Reads a whole reply that has status 2xx. */
  readonly readReply: (body: unknown) => ReplyFacts;
  /** Makes a reader for one streamed reply. Called once per stream; the reader is called once per SSE event, in order. */
  readonly openEventReader: (wish?: EventReaderWish) => NativeEventReader;
}

/** What a whole reply tells the pipeline. */
export interface ReplyFacts {
  readonly upstreamId: string;
  /** Absent when the upstream reported none. */
  readonly usage?: TokenUsage;
  /** Output text, for counting when there is no usage. */
  readonly outputText: () => string;
  /** Set if the 2xx body is an error in truth. */
  readonly fault?: UpstreamFault;
}

/** What a reader of events is wanted to tell beyond its duty. */
export interface EventReaderWish {
  /** {@link EventFacts.content}, where the dialect can tell it. */
  readonly content: boolean;
}

export interface NativeEventReader {
  /** `data` is the event's data field (lines joined with "\n"), `event` its name or "". Must be cheap: no parsing of plain deltas beyond what is needed. */
  readonly read: (event: string, data: string) => EventFacts;
}

/** What one streamed event tells the pipeline. The event itself is passed on untouched. */
export interface EventFacts {
  /** Bytes of content (text, thinking, tool arguments) that the event delivers; 0 = none. */
  readonly contentBytes: number;
  /** The content itself, escaped as in a JSON string; absent = it was not wanted, or there is none. */
  readonly content?: string;
  /** The whole usage as known so far, merged over the events read. */
  readonly usage?: TokenUsage;
  /** The event only carries usage: it is kept from a client that did not ask for it. */
  readonly usageOnly?: boolean;
  /** The reply is complete with this event (`[DONE]`, `message_stop`). */
  readonly terminal?: boolean;
  /**
   * Every choice has ended: only usage and the terminal event can follow. A body that ends after it without a terminal
   * event was not cut; some upstreams never send one.
   */
  readonly finished?: boolean;
  readonly upstreamId?: string;
  /** The upstream reports that it failed. */
  readonly fault?: UpstreamFault;
}

/** The canonical conversation in the provider's words. */
export interface ChatDialect {
  /** Throws a Fault (owner caller) for what the provider cannot say. */
  readonly request: (request: ChatRequest, channel: ChannelTarget) => UpstreamRequest;
  readonly readReply: (body: unknown) => ChatReply;
  /** Makes a reader for one streamed reply; `read` per event, `end` once at the end of the body. */
  readonly openStream: () => ChatStreamReader;
}

export interface ChatStreamReader {
  readonly read: (event: string, data: string) => readonly ChatEvent[];
  /** What is still to be said when the body ends; a stream that ended too early yields `reply-failed`. */
  readonly end: () => readonly ChatEvent[];
}

export interface FailedReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** At most 64 KiB of the body. */
  readonly body: string;
}

/** A list of models, possibly in pages. */
export interface ModelsQuery {
  readonly request: (channel: ChannelTarget) => UpstreamHead;
  readonly read: (body: unknown) => readonly string[];
}

/** A balance that takes one or more requests, each answered with JSON. */
export interface BalanceQuery {
  readonly requests: (channel: ChannelTarget, nowMs: number) => readonly UpstreamHead[];
  /** USD (or the account's currency as it comes), as a decimal text, exact. */
  readonly read: (bodies: readonly unknown[]) => string;
}
