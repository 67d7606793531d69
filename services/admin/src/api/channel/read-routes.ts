import { Type } from "typebox";
import { ChannelStatus } from "@tollgate/proto/registry/v1/channel_service";
import type { AdminContext } from "#admin-context.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { page, pageOf, success, successOf } from "#http/envelope.ts";
import { idParams } from "#http/id-params.ts";
import { keywordQuery, listQuery, readRange, readTotal, searchRange } from "#http/list-query.ts";
import { limits } from "#limits.ts";
import { readEnum } from "#rpc/read-enum.ts";
import type { RpcClients } from "#rpc/rpc-clients.ts";
import { channelSchema, channelToWire } from "./wire.ts";

const tags = ["channel"];

const sortColumns = {
  id: "id",
  name: "name",
  type: "type",
  status: "status",
  priority: "priority",
  weight: "weight",
  response_time: "response_time_ms",
  test_time: "test_time",
  balance: "balance_nanos",
  used_quota: "used_nanos",
  created_time: "created_at",
} as const;

const text = Type.Optional(Type.String({ maxLength: limits.textLengthMax }));

const channelsQuery = Type.Object({
  ...listQuery,
  status: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
  type: Type.Optional(Type.Integer({ minimum: 0 })),
  group: text,
  model_name: text,
});

/** Reading channels. */
export function registerChannelReadRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/channel/",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Channels",
        querystring: channelsQuery,
        response: { 200: pageOf(channelSchema) },
      },
    },
    async ({ query }) => {
      const range = readRange(query, sortColumns);
      const { channels, total } = await rpc.channels.listChannels({
        range,
        status: readEnum(ChannelStatus, query.status) ?? ChannelStatus.UNSPECIFIED,
        type: query.type ?? 0,
        group: query.group ?? "",
        model: query.model_name ?? "",
      });
      return page(channels.map(channelToWire), readTotal(range, total));
    },
  );
  api.get(
    "/channel/search",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Channels by id, name, base URL or the end of the credential",
        querystring: keywordQuery,
        response: { 200: pageOf(channelSchema) },
      },
    },
    async ({ query }) => {
      const range = searchRange(query.keyword, limits.searchRowsMax);
      const { channels } = await rpc.channels.listChannels({ range });
      return page(channels.map(channelToWire), undefined);
    },
  );
  registerChannelDetail(api, rpc);
}

function registerChannelDetail(api: Api, rpc: RpcClients): void {
  api.get(
    "/channel/:id",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "One channel",
        params: idParams,
        response: { 200: successOf(channelSchema) },
      },
    },
    async ({ params }) => {
      const { channel } = await rpc.channels.getChannel({ id: BigInt(params.id) });
      if (channel === undefined) {
        throw adminFaults.fault("PARAMETER_INVALID", { sentence: "There is no such channel." });
      }
      return success(channelToWire(channel));
    },
  );
}
