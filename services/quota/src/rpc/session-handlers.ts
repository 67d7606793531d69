import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { SessionRequest, SessionService } from "@tollgate/proto/quota/v1/session_service";
import type { AcquireLease } from "#usecases/acquire-lease.ts";
import type { Beat } from "#usecases/beat.ts";
import type { Changes } from "#usecases/changes.ts";
import type { Hello } from "#usecases/hello.ts";
import type { PriceBooks } from "#usecases/price-books.ts";
import type { ShipRecords } from "#usecases/ship-records.ts";
import { runSession } from "./session-stream.ts";
import {
  acquireLeaseFromWire,
  acquireLeaseToWire,
  beatFromWire,
  beatToWire,
  helloFromWire,
  helloToWire,
  shipFromWire,
  shipToWire,
} from "./wire-session.ts";

/** The use cases behind `SessionService`, and what is pushed to relays. */
export interface SessionUseCases {
  readonly hello: Hello;
  readonly acquireLease: AcquireLease;
  readonly shipRecords: ShipRecords;
  readonly beat: Beat;
  readonly books: Pick<PriceBooks, "current" | "onPublished">;
  readonly changes: Pick<Changes, "subscribe">;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  /** Aborted when the service stops: sessions end, and relays go to another replica. */
  readonly stopping: AbortSignal;
}

/** `SessionService`: the stream and the unary calls run the same use cases. */
export function createSessionHandlers(
  useCases: SessionUseCases,
): ServiceImpl<typeof SessionService> {
  const { hello, acquireLease, shipRecords, beat } = useCases;
  return {
    session: (requests: AsyncIterable<SessionRequest>, context: HandlerContext) =>
      runSession(useCases, requests, context.signal),
    hello: async (request) => helloToWire(await hello(helloFromWire(request))),
    acquireLease: async (request) =>
      acquireLeaseToWire(await acquireLease(acquireLeaseFromWire(request))),
    ship: async (request) => shipToWire(await shipRecords(shipFromWire(request))),
    beat: async (request) => beatToWire(await beat(beatFromWire(request))),
  };
}
