import { create } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import type { Channel, ChannelDraft } from "@tollgate/proto/registry/v1/channel_service";
import {
  ChannelSchema,
  ChannelService,
  ChannelStatus,
} from "@tollgate/proto/registry/v1/channel_service";
import { OptionService } from "@tollgate/proto/registry/v1/option_service";
import { presentFields } from "#rpc/present-fields.ts";
import { fakeFaults } from "./fake-faults.ts";
import { createFakeOptions, type FakeOptions } from "./fake-options.ts";

/** A registry in memory. */
export interface FakeRegistry {
  readonly channels: Map<bigint, { readonly channel: Channel; credential: string }>;
  readonly options: FakeOptions;
  /** The request of the last list, as it came in. */
  lastList: unknown;
  routes(router: ConnectRouter): void;
}

/** Makes a registry without channels. */
export function createFakeRegistry(): FakeRegistry {
  const registry: FakeRegistry = {
    channels: new Map(),
    options: createFakeOptions({ RetryTimes: "2", AutomaticDisableChannelEnabled: "false" }),
    lastList: undefined,
    routes(router) {
      router.service(OptionService, registry.options.service);
      registerChannels(router, registry);
    },
  };
  return registry;
}

function registerChannels(router: ConnectRouter, registry: FakeRegistry): void {
  const { channels } = registry;
  const find = (id: bigint) => {
    const row = channels.get(id);
    if (row === undefined) {
      throw fakeFaults.fault("CHANNEL_NOT_FOUND");
    }
    return row;
  };
  const remove = (ids: readonly bigint[]): number => ids.filter((id) => channels.delete(id)).length;
  router.service(ChannelService, {
    createChannels({ channel: draft }) {
      const lines = (draft?.credential ?? "").split("\n").filter((line) => line !== "");
      const ids = lines.map((credential) => {
        const id = BigInt(channels.size + 1);
        const channel = create(ChannelSchema, {
          id,
          status: ChannelStatus.ENABLED,
          keyHint: credential.slice(-4),
        });
        applyDraft(channel, draft);
        channels.set(id, { channel, credential });
        return id;
      });
      return { ids };
    },
    getChannel: ({ id }) => ({ channel: find(id).channel }),
    listChannels(request) {
      registry.lastList = request;
      const all = [...channels.values()].map(({ channel }) => channel).toReversed();
      const offset = request.range?.offset ?? 0;
      return {
        channels: all.slice(offset, offset + (request.range?.limit ?? 10)),
        total: BigInt(all.length),
      };
    },
    updateChannel({ id, changes }) {
      const row = find(id);
      applyDraft(row.channel, changes);
      row.credential = changes?.credential ?? row.credential;
      return { channel: row.channel };
    },
    updateChannels({ ids, changes }) {
      for (const id of ids) {
        applyDraft(find(id).channel, changes);
      }
      return { changed: ids.length };
    },
    deleteChannels: ({ ids }) => ({ deleted: remove(ids) }),
    deleteDisabledChannels() {
      const off = [...channels.values()]
        .filter(({ channel }) => channel.status !== ChannelStatus.ENABLED)
        .map(({ channel }) => channel.id);
      return { deleted: remove(off) };
    },
    listModels: ({ group }) => ({ models: [`model of ${group}`] }),
  });
}

function applyDraft(channel: Channel, draft: ChannelDraft | undefined): void {
  if (draft === undefined) {
    return;
  }
  const { models, groups, modelMapping, config, credential: _credential, ...plain } = draft;
  const lists = {
    models: models?.values,
    groups: groups?.values,
    modelMapping: modelMapping?.values,
    config: config?.values,
  };
  const { $typeName: _name, $unknown: _unknown, ...fields } = plain;
  Object.assign(channel, presentFields(fields), presentFields(lists));
}
