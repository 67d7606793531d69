import type { RoutingTable } from "./routing-table.ts";
import type { SnapshotDelivery } from "./snapshot-delivery.ts";

/** What {@link createPublishChanges} needs. */
export interface PublishChangesPorts {
  readonly routing: Pick<RoutingTable, "refresh" | "read">;
  readonly delivery: Pick<SnapshotDelivery, "reached">;
}

/** Takes up what was committed, and resolves when the relays that watch here work by it. */
export type PublishChanges = () => Promise<void>;

/** Operators wait for relays, within bounds; reports of relays do not. */
export function createPublishChanges({ routing, delivery }: PublishChangesPorts): PublishChanges {
  return async () => {
    await routing.refresh();
    await delivery.reached(routing.read().version);
  };
}
