import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type { SessionRequest, SessionService } from "@tollgate/proto/quota/v1/session_service";
import { runSession } from "./session-stream.ts";
import type { SessionUseCases } from "./session-stream.ts";
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
