import type { Client, Transport } from "@connectrpc/connect";
import { Code, createClient } from "@connectrpc/connect";
import { formatUsd, nanoUsd } from "@tollgate/kit/money/nano-usd";
import { isFault } from "@tollgate/kit/fault/fault";
import { ChannelService, ChannelStatus } from "@tollgate/proto/registry/v1/channel_service";
import { ReconcileService } from "@tollgate/proto/quota/v1/reconcile_service";
import { WalletService } from "@tollgate/proto/quota/v1/wallet_service";
import { ProbeService } from "@tollgate/proto/relay/v1/probe_service";
import type { ChannelScope, ItemOutcome, JobChannel, JobPorts } from "#jobs/ports.ts";
import { createCheckBooks } from "./check-books.ts";

/** The services that jobs call. */
export interface JobTransports {
  readonly registry: Transport;
  readonly relay: Transport;
  readonly quota: Transport;
}

const listTimeoutMs = 10_000;
// The relay gives an upstream its own, shorter, time; this is for a relay that does not answer.
const testTimeoutMs = 120_000;
const balanceTimeoutMs = 60_000;
const pageRows = 200;
const expiryTimeoutMs = 60_000;
// Two hundred users a step; what is left waits for the next hour.
const expiryStepsMax = 1000;

/** The jobs' ports over gRPC. */
export function createJobClients({ registry, relay, quota }: JobTransports): JobPorts {
  const channels = createClient(ChannelService, registry);
  const probe = createClient(ProbeService, relay);
  const wallets = createClient(WalletService, quota);
  const listByStatus = async (
    status: ChannelStatus,
    signal: AbortSignal,
  ): Promise<readonly JobChannel[]> => {
    const found: JobChannel[] = [];
    for (let offset = 0; ; offset += pageRows) {
      const range = { offset, limit: pageRows, sort: "id" };
      const options = { signal, timeoutMs: listTimeoutMs };
      const page = await channels.listChannels({ status, range }, options);
      found.push(...page.channels.map(({ id, type }) => ({ id: Number(id), type })));
      if (page.channels.length < pageRows) {
        return found;
      }
    }
  };
  return {
    listChannels: async (scope, signal) => {
      const lists: (readonly JobChannel[])[] = [];
      for (const status of statusesOf(scope)) {
        lists.push(await listByStatus(status, signal));
      }
      return lists.flat().toSorted((left, right) => left.id - right.id);
    },
    testChannel: async (channelId, signal) =>
      outcomeOf(channelId, async () => {
        const options = { signal, timeoutMs: testTimeoutMs };
        const { verdict } = await probe.testChannel({ channelId: BigInt(channelId) }, options);
        return { success: verdict?.success ?? false, message: verdict?.message ?? "" };
      }),
    listBalanceTypes: async (signal) => {
      const { types } = await probe.listChannelTypes({}, { signal, timeoutMs: listTimeoutMs });
      return new Set(types.filter(({ hasBalance }) => hasBalance).map(({ id }) => id));
    },
    fetchBalance: async (channelId, signal) =>
      outcomeOf(channelId, async () => {
        const options = { signal, timeoutMs: balanceTimeoutMs };
        const { balanceNanos } = await probe.fetchBalance(
          { channelId: BigInt(channelId) },
          options,
        );
        return { success: true, message: formatUsd(nanoUsd(balanceNanos), 2) };
      }),
    expireCredit: async (signal) => expireCredit(wallets, signal),
    checkBooks: createCheckBooks(createClient(ReconcileService, quota)),
  };
}

/** Quota does a bounded number of users a call, so that no call outlasts its deadline. */
async function expireCredit(
  wallets: Client<typeof WalletService>,
  signal: AbortSignal,
): Promise<ItemOutcome> {
  let users = 0;
  let expiredNanos = 0n;
  let afterUserId = 0n;
  for (let step = 0; step < expiryStepsMax; step += 1) {
    const outcome = await wallets.expireBuckets(
      { afterUserId },
      { signal, timeoutMs: expiryTimeoutMs },
    );
    users += outcome.users;
    expiredNanos += outcome.expiredNanos;
    if (!outcome.more) {
      break;
    }
    afterUserId = outcome.lastUserId;
  }
  const amount = formatUsd(nanoUsd(expiredNanos), 2);
  return { success: true, message: `${users} users, $${amount} taken back` };
}

function statusesOf(scope: ChannelScope): readonly ChannelStatus[] {
  switch (scope) {
    case "all":
      return [ChannelStatus.UNSPECIFIED];
    case "enabled":
      return [ChannelStatus.ENABLED];
    case "switched-off":
      return [ChannelStatus.DISABLED, ChannelStatus.AUTO_DISABLED];
  }
}

const messageCharacters = 300;

/** A channel that fails is an outcome; a relay that cannot be reached, or a call that we gave up, is not. */
async function outcomeOf(
  channelId: number,
  call: () => Promise<ItemOutcome>,
): Promise<ItemOutcome> {
  const { success, message } = await call().catch((error: unknown) => {
    if (!isFault(error) || error.code === Code.Unavailable || error.code === Code.Canceled) {
      throw error;
    }
    return { success: false, message: error.publicMessage };
  });
  return { success, message: `#${channelId}: ${message}`.slice(0, messageCharacters) };
}
