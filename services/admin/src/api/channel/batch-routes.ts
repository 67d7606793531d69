import { type Static, Type } from "typebox";
import { ChannelStatus } from "@tollgate/proto/registry/v1/channel_service";
import type { AdminContext } from "#admin-context.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { limits } from "#limits.ts";
import { channelFields, readChannelDraft } from "./channel-draft.ts";

const batchBody = Type.Object({
  ids: Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), {
    minItems: 1,
    maxItems: limits.batchIdsMax,
  }),
  action: Type.Union([
    Type.Literal("enable"),
    Type.Literal("disable"),
    Type.Literal("delete"),
    Type.Literal("set"),
  ]),
  set: Type.Optional(
    Type.Object({
      group: channelFields.group,
      priority: channelFields.priority,
      weight: channelFields.weight,
    }),
  ),
});

type Batch = Static<typeof batchBody>;

/** The same change to several channels. */
export function registerChannelBatchRoutes(api: Api, { rpc }: AdminContext): void {
  api.post(
    "/channel/batch",
    {
      config: { access: "admin" },
      schema: {
        tags: ["channel"],
        summary: "Enable, disable, delete or change several channels at once",
        body: batchBody,
        response: { 200: successOf(Type.Object({ changed: Type.Integer() })) },
      },
    },
    async ({ body }) => success({ changed: await applyBatch(rpc, body) }),
  );
}

async function applyBatch(rpc: AdminContext["rpc"], batch: Batch): Promise<number> {
  const ids = [...new Set(batch.ids)].map(BigInt);
  if (batch.action === "delete") {
    const { deleted } = await rpc.channels.deleteChannels({ ids });
    return deleted;
  }
  const { changed } = await rpc.channels.updateChannels({ ids, changes: readChanges(batch) });
  return changed;
}

function readChanges({ action, set }: Batch) {
  switch (action) {
    case "enable":
      return { status: ChannelStatus.ENABLED };
    case "disable":
      return { status: ChannelStatus.DISABLED };
    default: {
      const changes = readChannelDraft(set ?? {});
      if (Object.keys(changes).length === 0) {
        throw adminFaults.fault("PARAMETER_INVALID", {
          sentence: "set must name a group, a priority or a weight.",
        });
      }
      return changes;
    }
  }
}
