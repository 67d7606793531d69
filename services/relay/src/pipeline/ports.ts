import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { Durability } from "#ledgering/durability.ts";
import type { Journal } from "#ledgering/journal.ts";
import type { KeyGrants } from "#ledgering/key-grants.ts";
import type { KeptTexts } from "#counting/kept-text.ts";
import type { TokenCounter } from "#counting/token-counter.ts";
import type { CutOff } from "#pipeline/cut-off.ts";
import type { LeaseBook } from "#ledgering/lease-book.ts";
import type { PriceBooks } from "#ledgering/price-books.ts";
import type { DrainSlots } from "#pipeline/drain-slots.ts";
import type { IdempotencyKeys } from "#pipeline/idempotency-keys.ts";
import type { UsageWatch } from "#pipeline/usage-watch.ts";
import type { ChannelHealth } from "#routing/channel-health.ts";
import type { RoutingSnapshot } from "#routing/snapshot.ts";
import type { Upstream } from "#upstream/upstream.ts";

/** What the pipeline works with. */
export interface PipelinePorts {
  readonly journal: Journal;
  readonly durability: Durability;
  readonly leases: LeaseBook;
  readonly prices: PriceBooks;
  readonly grants: KeyGrants;
  readonly snapshot: () => RoutingSnapshot;
  readonly health: ChannelHealth;
  readonly upstream: Upstream;
  readonly cutOff: CutOff;
  readonly counting: TokenCounter;
  readonly texts: KeptTexts;
  readonly usageWatch: UsageWatch;
  readonly drains: DrainSlots;
  readonly idempotency: IdempotencyKeys;
  readonly clock: Clock;
  readonly logger: Logger;
  /** From 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  /** Clients always see the usage of a stream, asked for or not. */
  readonly showUsageAlways: boolean;
}
