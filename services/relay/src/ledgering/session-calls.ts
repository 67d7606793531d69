import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Clock, Timer } from "@tollgate/kit/clock/clock";
import { platformFaults } from "@tollgate/kit/fault/fault";
import type {
  SessionRequestSchema,
  SessionResponse,
} from "@tollgate/proto/quota/v1/session_service";
import { createMessageQueue } from "#ledgering/message-queue.ts";

export type SessionRequestInit = MessageInitShape<typeof SessionRequestSchema>;
export type SessionRequestBody = NonNullable<SessionRequestInit["body"]>;
export type SessionResponseBody = SessionResponse["body"];

/** Calls with answers over one stream of messages. */
export interface SessionCalls {
  readonly requests: AsyncIterable<SessionRequestInit>;
  /** Rejects with a Fault when the deadline passes, the stream ends, or quota reports a failure. */
  readonly call: (body: SessionRequestBody, deadlineMs: number) => Promise<SessionResponseBody>;
  readonly answer: (response: SessionResponse) => void;
  /** Ends the sending side and fails every call under way. */
  readonly close: () => void;
}

interface PendingCall {
  readonly resolve: (body: SessionResponseBody) => void;
  readonly reject: (error: Error) => void;
  readonly timer: Timer;
}

/** `onFault` hears the reason of every failure that quota reports. */
export function createSessionCalls(clock: Clock, onFault: (reason: string) => void): SessionCalls {
  const queue = createMessageQueue<SessionRequestInit>();
  const pending = new Map<bigint, PendingCall>();
  let lastCallNo = 0n;
  const take = (callNo: bigint): PendingCall | undefined => {
    const found = pending.get(callNo);
    pending.delete(callNo);
    found?.timer.cancel();
    return found;
  };
  return {
    requests: queue,
    call: async (body, deadlineMs) =>
      new Promise((resolve, reject) => {
        lastCallNo += 1n;
        const callNo = lastCallNo;
        const timer = clock.setTimeout(() => {
          take(callNo)?.reject(platformFaults.fault("DEADLINE_EXCEEDED"));
        }, deadlineMs);
        pending.set(callNo, { resolve, reject, timer });
        queue.push({ callNo, body });
      }),
    answer: ({ callNo, body }) => {
      const found = take(callNo);
      if (found === undefined) {
        return;
      }
      if (body.case === "fault") {
        const { reason, message, retryAfterMs } = body.value;
        const sentence = `Quota refused a message (${reason}): ${message}`;
        found.reject(platformFaults.fault("UNAVAILABLE", { sentence, retryAfterMs }));
        onFault(reason);
      } else {
        found.resolve(body);
      }
    },
    close: () => {
      queue.close();
      for (const callNo of pending.keys()) {
        take(callNo)?.reject(platformFaults.fault("UNAVAILABLE"));
      }
    },
  };
}
