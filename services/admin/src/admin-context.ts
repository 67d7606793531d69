import type { Clock } from "@tollgate/kit/clock/clock";
import type { Authenticator } from "#auth/authenticator.ts";
import type { LoginThrottle } from "#auth/login-throttle.ts";
import type { Sessions } from "#auth/sessions.ts";
import type { SetupCode } from "#auth/setup-code.ts";
import type { SetupState } from "#auth/setup-state.ts";
import type { UserCache } from "#auth/user-cache.ts";
import type { ChannelTypes } from "#api/channel/channel-types.ts";
import type { LiveFeeds } from "#live/live-feeds.ts";
import type { OptionBook } from "#options/option-book.ts";
import type { PaymentSecrets } from "./payment-secrets.ts";
import type { RpcClients } from "#rpc/rpc-clients.ts";

/** What the routes of the management API work with. */
export interface AdminContext {
  readonly rpc: RpcClients;
  readonly clock: Clock;
  readonly version: string;
  /** Base URL of the relay for browsers; "" = our own origin. */
  readonly relayBaseUrl: string;
  readonly paymentSecrets: PaymentSecrets;
  readonly sessions: Sessions;
  readonly userCache: UserCache;
  readonly authenticator: Authenticator;
  readonly throttle: LoginThrottle;
  readonly setupCode: SetupCode;
  readonly setupState: SetupState;
  readonly options: OptionBook;
  readonly channelTypes: ChannelTypes;
  readonly feeds: LiveFeeds;
}
