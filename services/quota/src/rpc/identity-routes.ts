import type { ConnectRouter } from "@connectrpc/connect";
import { KeyService } from "@tollgate/proto/quota/v1/key_service";
import { OptionService } from "@tollgate/proto/quota/v1/option_service";
import { UsageService } from "@tollgate/proto/quota/v1/usage_service";
import { UserService } from "@tollgate/proto/quota/v1/user_service";
import { createKeyHandlers } from "./key-handlers.ts";
import type { KeyUseCases } from "./key-handlers.ts";
import { createOptionHandlers } from "./option-handlers.ts";
import type { OptionUseCases } from "./option-handlers.ts";
import { createUsageHandlers } from "./usage-handlers.ts";
import type { UsageUseCases } from "./usage-handlers.ts";
import { createUserHandlers } from "./user-handlers.ts";
import type { UserUseCases } from "./user-handlers.ts";

/** Every use case of users, keys, options and the log. */
export type IdentityUseCases = UserUseCases & KeyUseCases & OptionUseCases & UsageUseCases;

/** Adds the services of the identity half to a router. */
export function identityRoutes(router: ConnectRouter, useCases: IdentityUseCases): void {
  router.service(UserService, createUserHandlers(useCases));
  router.service(KeyService, createKeyHandlers(useCases));
  router.service(OptionService, createOptionHandlers(useCases));
  router.service(UsageService, createUsageHandlers(useCases));
}
