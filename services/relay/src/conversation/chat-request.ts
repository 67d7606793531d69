/** A chat as every surface can say it and every provider can hear it. Pure data, no dialect. */
export interface ChatRequest {
  /** The upstream's name of the model. */
  readonly model: string;
  /** Instructions, in order; providers that know one system text join them with a blank line. */
  readonly system: readonly TextPart[];
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  /** Upper bound of output tokens, reasoning included. */
  readonly outputTokensMax?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly seed?: number;
  readonly stopSequences: readonly string[];
  readonly responseFormat?: ResponseFormat;
  readonly reasoning?: ReasoningRequest;
  /** The caller's id of the end user. */
  readonly endUserId?: string;
  readonly stream: boolean;
}

export type ChatMessage =
  | { readonly role: "user"; readonly parts: readonly UserPart[] }
  | { readonly role: "assistant"; readonly parts: readonly AssistantPart[] }
  | { readonly role: "tool"; readonly results: readonly ToolResult[] };

/** Asks the upstream to keep everything up to and including this part in its prompt cache. */
export interface CacheMark {
  readonly ttl: "5m" | "1h";
}

export interface TextPart {
  readonly kind: "text";
  readonly text: string;
  readonly cache?: CacheMark;
}

export type UserPart =
  | TextPart
  | {
      readonly kind: "image";
      readonly source: MediaSource;
      readonly detail?: string;
      readonly cache?: CacheMark;
    }
  | { readonly kind: "audio"; readonly data: string; readonly format: string }
  | {
      readonly kind: "document";
      readonly source: MediaSource;
      readonly name?: string;
      readonly cache?: CacheMark;
    };

export type MediaSource =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "base64"; readonly mediaType: string; readonly data: string };

export type AssistantPart =
  | TextPart
  | { readonly kind: "thinking"; readonly text: string; readonly signature?: string }
  | { readonly kind: "redacted-thinking"; readonly data: string }
  | { readonly kind: "refusal"; readonly text: string }
  | ToolCall;

export interface ToolCall {
  readonly kind: "tool-call";
  readonly id: string;
  readonly name: string;
  /** JSON text, as the model wrote it. */
  readonly arguments: string;
}

export interface ToolResult {
  readonly toolCallId: string;
  readonly parts: readonly UserPart[];
  readonly isError?: boolean;
  readonly cache?: CacheMark;
}

export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments, untouched. */
  readonly parameters?: unknown;
  readonly strict?: boolean;
  readonly cache?: CacheMark;
}

export type ToolChoice =
  | { readonly kind: "auto" }
  | { readonly kind: "none" }
  | { readonly kind: "required" }
  | { readonly kind: "tool"; readonly name: string };

export type ResponseFormat =
  | { readonly kind: "text" }
  | { readonly kind: "json" }
  | {
      readonly kind: "json-schema";
      readonly name: string;
      readonly schema: unknown;
      readonly strict?: boolean;
    };

export interface ReasoningRequest {
  readonly effort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";
  readonly budgetTokens?: number;
}
