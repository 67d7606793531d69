import type { ConnectRouter } from "@connectrpc/connect";
import { LeaseService } from "@tollgate/proto/quota/v1/lease_service";
import { SessionService } from "@tollgate/proto/quota/v1/session_service";
import { WalletService } from "@tollgate/proto/quota/v1/wallet_service";
import type { PriceBooks } from "#usecases/prices/price-books.ts";
import { createLeaseHandlers } from "./lease-handlers.ts";
import type { LeaseUseCases } from "./lease-handlers.ts";
import { createSessionHandlers } from "./session-handlers.ts";
import type { SessionUseCases } from "./session-stream.ts";
import { createWalletHandlers } from "./wallet-handlers.ts";
import type { WalletUseCases } from "./wallet-handlers.ts";

/** Every use case of money. */
export interface MoneyUseCases extends SessionUseCases, WalletUseCases, LeaseUseCases {
  readonly books: Pick<PriceBooks, "current" | "onPublished" | "get">;
}

/** Adds the services of the money half to a router. */
export function moneyRoutes(router: ConnectRouter, useCases: MoneyUseCases): void {
  router.service(SessionService, createSessionHandlers(useCases));
  router.service(WalletService, createWalletHandlers(useCases));
  router.service(LeaseService, createLeaseHandlers(useCases));
}
