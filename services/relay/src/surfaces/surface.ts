import type { ChatEvent } from "#conversation/chat-event.ts";
import type { ChatReply } from "#conversation/chat-reply.ts";
import type { ChatRequest } from "#conversation/chat-request.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";
import type { DialectName } from "#providers/provider.ts";

/**
 * A dialect spoken by clients. Pure: it reads bodies and renders answers. The same file names stand in each surface's
 * folder: route.ts, parse.ts, edit.ts, render.ts, render-stream.ts, problem.ts.
 */
export interface Surface {
  readonly name: string;
  /** Same name as at a provider = bytes pass through. */
  readonly dialect: DialectName;
  /**
   * Paths (without query) that it answers with POST, each with and without `/v1` where One API has both. A segment
   * `:model` stands for the model, handed to `readBrief` percent-decoded as `pathModel`.
   */
  readonly paths: readonly string[];
  /** Reads what the pipeline must know. Throws a Fault (owner caller) on a body that cannot be relayed. */
  readonly readBrief: (body: unknown, pathModel?: string) => CallBrief;
  /**
   * The client's body with the model swapped, usage asked for and the output bounded; every other byte stays, and the same array comes back
   * if nothing changes. To be called for every call that passes through: it is what refuses (Fault, owner caller) a body
   * that has a decisive member twice or in two spellings.
   */
  readonly editBody: (edit: BodyEdit) => Uint8Array;
  /** Canonical form; absent = only pass-through is possible. */
  readonly chat?: ChatSurface;
  readonly problem: ProblemDialect;
  /** SSE frames that say that a stream ends before its time, as if the bound of its length was reached; absent = it has no streams. */
  readonly cutShort?: (context: CutShortContext) => string;
}

/** What the end of a stream that is cut short tells. */
export interface CutShortContext {
  /** The upstream's id of the reply, "" if it gave none. */
  readonly upstreamId: string;
  readonly requestId: string;
  /** The model that the client asked for. */
  readonly model: string;
  readonly choices: number;
  readonly nowSeconds: number;
}

/** The parts of a request that admission and routing need. */
export interface CallBrief {
  readonly model: string;
  readonly stream: boolean;
  /** The client asked to see usage in the stream. */
  readonly wantsStreamUsage: boolean;
  /** Most output tokens that the client allows, per choice; absent = it set no bound. */
  readonly outputTokensMax?: number;
  /** Choices asked for, at least 1. */
  readonly choices: number;
  /** The call makes no output tokens (embeddings). */
  readonly isInputOnly: boolean;
}

export interface BodyEdit {
  /** The client's bytes: valid JSON, an object. */
  readonly body: Uint8Array;
  /** The same, parsed. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly upstreamModel: string;
  /** Put the request for usage into a streamed call. */
  readonly askForUsage: boolean;
  /** Replaces the first system message, or is put in front; absent = none. */
  readonly systemPrompt?: string;
  /** The most output tokens of each choice, to be written unless the body's own bound is lower; absent = as the client said. */
  readonly outputTokensCap?: number | undefined;
}

export interface ChatSurface {
  readonly parse: (body: unknown) => ChatRequest;
  readonly renderReply: (reply: ChatReply, context: RenderContext) => string;
  readonly openStream: (context: RenderContext) => ChatStreamRenderer;
}

export interface RenderContext {
  /** For ids made here. */
  readonly requestId: string;
  /** The model that the client asked for. */
  readonly model: string;
  readonly nowSeconds: number;
  readonly wantsStreamUsage: boolean;
}

export interface ChatStreamRenderer {
  /** SSE text for one event, "" if the dialect says nothing then. `reply-end` renders the terminal frames. */
  readonly render: (event: ChatEvent, usage?: TokenUsage) => string;
}

/** How the dialect says that a call failed. */
export interface ProblemDialect {
  /** JSON body of an error answer. */
  readonly body: (problem: Problem) => string;
  /** SSE frames that end a stream with an error. */
  readonly streamEvent: (problem: Problem) => string;
}

/** An error as it is shown to a client; nothing in it is internal. */
export interface Problem {
  /** HTTP status, 400-599. */
  readonly status: number;
  /** One sentence; the surface adds the request id where its dialect wants it there. */
  readonly message: string;
  /** One API's `type`, such as `one_api_error`, `upstream_error`, `invalid_request_error`. */
  readonly type: string;
  /** Machine-readable, such as `insufficient_user_quota`; null = none. */
  readonly code: string | null;
  readonly param: string | null;
  readonly requestId: string;
}
