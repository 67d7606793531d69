import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import type { ChannelOutcome } from "@tollgate/proto/registry/v1/health_service";
import { HealthService } from "@tollgate/proto/registry/v1/health_service";
import type { RoutedChannelSchema } from "@tollgate/proto/registry/v1/snapshot_service";
import { SnapshotService } from "@tollgate/proto/registry/v1/snapshot_service";

export type ChannelInit = MessageInitShape<typeof RoutedChannelSchema>;

export interface FakeRegistry {
  readonly routes: (router: ConnectRouter) => void;
  readonly outcomes: ChannelOutcome[];
}

/** Routing options of the operator. */
export interface RoutingWish {
  readonly retryTimes?: number;
  readonly clampGroups?: readonly string[];
}

/** A channel of OpenAI's type for the test models. */
export function aChannel(id: number, baseUrl: string, more: ChannelInit = {}): ChannelInit {
  return {
    id: BigInt(id),
    type: 1,
    name: `channel ${id}`,
    enabled: true,
    weight: 1,
    baseUrl,
    models: ["gpt-test"],
    groups: ["default"],
    credential: "sk-upstream",
    ...more,
  };
}

/** A registry with a fixed routing table. */
export function createFakeRegistry(
  channels: readonly ChannelInit[],
  { retryTimes = 2, clampGroups = [] }: RoutingWish = {},
): FakeRegistry {
  const outcomes: ChannelOutcome[] = [];
  return {
    outcomes,
    routes: (router) => {
      router.service(SnapshotService, {
        async *watchSnapshot(_requests, context) {
          yield {
            version: 1n,
            nonce: "1",
            full: true,
            channels: [...channels],
            options: { retryTimes, clampGroups: [...clampGroups] },
          };
          await new Promise<void>((resolve) => {
            context.signal.addEventListener("abort", () => resolve(), { once: true });
          });
        },
      });
      router.service(HealthService, {
        reportHealth: (request) => {
          outcomes.push(...request.outcomes);
          return {};
        },
        recordTest: () => ({}),
        recordBalance: () => ({}),
      });
    },
  };
}
