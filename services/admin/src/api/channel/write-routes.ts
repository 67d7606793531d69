import { Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { done, doneSchema, success, successOf } from "#http/envelope.ts";
import { idParams } from "#http/id-params.ts";
import { limits } from "#limits.ts";
import { channelFields, readChannelDraft } from "./channel-draft.ts";
import { channelSchema, channelToWire } from "./wire.ts";

const tags = ["channel"];

const createBody = Type.Object(channelFields);

const updateBody = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  ...channelFields,
});

/** Creating, changing and deleting channels. */
export function registerChannelWriteRoutes(api: Api, { rpc }: AdminContext): void {
  api.post(
    "/channel/",
    {
      config: { access: "admin" },
      bodyLimit: limits.channelBodyBytesMax,
      schema: {
        tags,
        summary: "Create a channel for each line of the credential",
        body: createBody,
        response: { 200: successOf(Type.Object({ ids: Type.Array(Type.Integer()) })) },
      },
    },
    async ({ body }) => {
      const { ids } = await rpc.channels.createChannels({ channel: readChannelDraft(body) });
      return success({ ids: ids.map(Number) });
    },
  );
  api.put(
    "/channel/",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Change a channel; absent fields stay",
        body: updateBody,
        response: { 200: successOf(channelSchema) },
      },
    },
    async ({ body }) => {
      const { channel } = await rpc.channels.updateChannel({
        id: BigInt(body.id),
        changes: readChannelDraft(body),
      });
      if (channel === undefined) {
        throw adminFaults.fault("PARAMETER_INVALID", { sentence: "There is no such channel." });
      }
      return success(channelToWire(channel));
    },
  );
  registerDeletes(api, rpc);
}

function registerDeletes(api: Api, rpc: AdminContext["rpc"]): void {
  api.delete(
    "/channel/disabled",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Delete every channel that is switched off; the reply counts them",
        response: { 200: successOf(Type.Integer()) },
      },
    },
    async () => success((await rpc.channels.deleteDisabledChannels({})).deleted),
  );
  api.delete(
    "/channel/:id",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Delete a channel",
        params: idParams,
        response: { 200: doneSchema },
      },
    },
    async ({ params }) => {
      await rpc.channels.deleteChannels({ ids: [BigInt(params.id)] });
      return done();
    },
  );
}
