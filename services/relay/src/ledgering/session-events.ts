import type {
  LeaseRecall,
  Revocation,
  SessionResponse,
  WalletsFilled,
} from "@tollgate/proto/quota/v1/session_service";
import type { PriceBook } from "@tollgate/proto/type/v1/price";
import type { LeaseState } from "#ledgering/lease-account.ts";
import type { SessionCalls, SessionResponseBody } from "#ledgering/session-calls.ts";

/** The leases of this relay, for quota. */
export interface LeaseInventory {
  readonly resolvedUpTo: number;
  readonly leases: readonly LeaseState[];
}

/** What a session brings to the rest of the relay. */
export interface SessionEvents {
  readonly onPriceBook: (book: PriceBook) => void;
  /** The version that quota has now; the book itself comes as a push or must be asked for. */
  readonly onPriceVersion: (version: number) => void;
  readonly onRevocation: (revocation: Revocation) => void;
  readonly onWalletsFilled: (filled: WalletsFilled) => void;
  readonly onRecall: (recall: LeaseRecall) => void;
  /** A session was opened: what was cached from the one before may be out of date. */
  readonly onOpened: () => void;
  readonly onAcknowledged: (hwm: number) => void;
  /** Another process owns the journal, or the journal is older than what quota has seen: the process must end. */
  readonly onFenced: (sentence: string) => void;
  readonly inventory: () => LeaseInventory;
}

/** Reads a stream to its end: answers go to their calls, pushes to the events. */
export async function readResponses(
  responses: AsyncIterable<SessionResponse>,
  session: SessionCalls,
  events: SessionEvents,
): Promise<void> {
  for await (const response of responses) {
    if (response.callNo === 0n) {
      takePush(response.body, events);
    } else {
      session.answer(response);
    }
  }
}

function takePush(body: SessionResponseBody, events: SessionEvents): void {
  switch (body.case) {
    case "priceBook":
      events.onPriceBook(body.value);
      break;
    case "revocation":
      events.onRevocation(body.value);
      break;
    case "walletsFilled":
      events.onWalletsFilled(body.value);
      break;
    case "recall":
      events.onRecall(body.value);
      break;
    default:
      // A newer quota may push what this relay does not know.
      break;
  }
}
