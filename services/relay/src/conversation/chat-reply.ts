import type { AssistantPart } from "#conversation/chat-request.ts";
import type { StopReason } from "#conversation/stop-reason.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";

/** A whole answer. */
export interface ChatReply {
  /** The upstream's id of the reply, "" if it gave none. */
  readonly id: string;
  /** The model as the upstream names it. */
  readonly model: string;
  readonly parts: readonly AssistantPart[];
  readonly stopReason: StopReason;
  /** Absent when the upstream reported none; absent is not zero. */
  readonly usage?: TokenUsage;
  /** Set if the body of a 2xx answer is an error in truth; the other members then mean nothing. */
  readonly fault?: UpstreamFault;
}
