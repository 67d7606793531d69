import type { Client, ServiceImpl } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import { isFault } from "@tollgate/kit/fault/fault";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { UsageService } from "@tollgate/proto/quota/v1/usage_service";
import { LogKind } from "@tollgate/proto/quota/v1/usage_service";
import type { HealthService } from "@tollgate/proto/registry/v1/health_service";
import { FailureKind } from "@tollgate/proto/registry/v1/health_service";
import type { ChannelCredential, ProbeService } from "@tollgate/proto/relay/v1/probe_service";
import type { FaultKind } from "#conversation/upstream-fault.ts";
import { limits } from "#limits.ts";
import { channelTypeOf, channelTypes } from "#providers/channel-types.ts";
import type { RoutedChannel } from "#routing/routed-channel.ts";
import { upstreamModelOf } from "#routing/routed-channel.ts";
import type { RoutingSnapshot } from "#routing/snapshot.ts";
import { failureToWire } from "#rpc/health-reporter.ts";
import { nanosOfDecimal } from "#rpc/nanos-of-decimal.ts";
import { probeFaults } from "#rpc/probe-faults.ts";
import type { ProbeOutcome, ProbeTarget } from "#rpc/probe-upstream.ts";
import { probeBalance, probeChat, probeModels } from "#rpc/probe-upstream.ts";
import type { Upstream } from "#upstream/upstream.ts";

export interface ProbeHandlerOptions {
  readonly snapshot: () => RoutingSnapshot;
  readonly upstream: Upstream;
  readonly registry: Client<typeof HealthService>;
  readonly usage: Client<typeof UsageService>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly testPrompt: string;
}

interface Verdict {
  readonly success: boolean;
  readonly message: string;
  readonly model: string;
  readonly elapsedMs: number;
  readonly ttftMs: number;
  readonly failure: FaultKind | undefined;
}

const messageMax = 500;
const newChannelPollMs = 25;

/** ProbeService: tests, model lists and balances, with the same knowledge of providers as calls. */
export function createProbeHandlers(
  options: ProbeHandlerOptions,
): ServiceImpl<typeof ProbeService> {
  return {
    testChannel: async ({ channelId, model }) => {
      const channel = await findChannel(options, channelId);
      const chosen = channel.models.has(model) ? model : ([...channel.models][0] ?? model);
      const upstreamModel = upstreamModelOf(channel, chosen);
      const verdict = await test(options, targetOf(channel), upstreamModel);
      await record(options, channel, { ...verdict, model: chosen });
      return { verdict: { ...verdict, model: chosen } };
    },
    testDraft: async ({ channel, model }) => ({
      verdict: await test(options, targetOfDraft(channel), model),
    }),
    listUpstreamModels: async ({ channel }) => {
      const probe =
        channel.case === "channelId"
          ? targetOf(await findChannel(options, channel.value))
          : targetOfDraft(channel.value);
      const { models: query } = probe.provider;
      if (query === undefined) {
        throw probeFaults.fault("MODELS_UNSUPPORTED");
      }
      return { models: [...valueOf(await probeModels(options, probe, query))] };
    },
    fetchBalance: async ({ channelId }) => {
      const probe = targetOf(await findChannel(options, channelId));
      const { balance: query } = probe.provider;
      if (query === undefined) {
        throw probeFaults.fault("BALANCE_UNSUPPORTED");
      }
      const balanceNanos = nanosOfDecimal(valueOf(await probeBalance(options, probe, query)));
      await options.registry.recordBalance(
        { channelId, balanceNanos },
        { timeoutMs: limits.questionMs },
      );
      return { balanceNanos };
    },
    listChannelTypes: () => ({
      types: channelTypes.map((type) => ({
        id: type.id,
        name: type.name,
        labelEn: type.labelEn,
        labelZh: type.labelZh,
        baseUrl: type.baseUrl,
        keyFormat: type.keyFormat,
        requiresBaseUrl: type.requiresBaseUrl,
        configFields: [...type.configFields],
        models: [...type.models],
        ownedBy: type.ownedBy,
        hasBalance: type.provider?.balance !== undefined,
        supported: type.provider !== undefined,
      })),
    }),
  };
}

async function test(
  options: ProbeHandlerOptions,
  probe: ProbeTarget,
  model: string,
): Promise<Verdict> {
  const startedAtMs = options.clock.monotonicMs();
  const prompt = options.testPrompt;
  const outcome = await probeSafely(async () => probeChat(options, probe, { model, prompt }));
  const elapsedMs = Math.round(options.clock.monotonicMs() - startedAtMs);
  if (outcome.kind === "fault") {
    const { message, kind } = outcome.fault;
    return { success: false, message, model, elapsedMs, ttftMs: 0, failure: kind };
  }
  const message = outcome.value.slice(0, messageMax);
  return { success: true, message, model, elapsedMs, ttftMs: outcome.ttftMs, failure: undefined };
}

/** A failed test is an answer: what a provider cannot say becomes one. */
async function probeSafely(
  probe: () => Promise<ProbeOutcome<string>>,
): Promise<ProbeOutcome<string>> {
  try {
    return await probe();
  } catch (error) {
    if (!isFault(error)) {
      throw error;
    }
    const { reason, publicMessage: message } = error;
    return { kind: "fault", fault: { kind: "caller", status: 0, reason, message } };
  }
}

/** Tells the registry, and the log in One API's words. */
async function record(
  { registry, usage, logger }: ProbeHandlerOptions,
  channel: RoutedChannel,
  verdict: Verdict,
): Promise<void> {
  const channelId = BigInt(channel.id);
  const { success, message, elapsedMs, model } = verdict;
  const failure =
    verdict.failure === undefined ? FailureKind.UNSPECIFIED : failureToWire[verdict.failure];
  const timeoutMs = limits.questionMs;
  const content = success
    ? `渠道 ${channel.name} 测试成功，响应：${message}`
    : `渠道 ${channel.name} 测试失败，错误：${message}`;
  await registry.recordTest({ channelId, success, elapsedMs, message, failure }, { timeoutMs });
  try {
    const row = { kind: LogKind.TEST, content, channelId, model, durationMs: elapsedMs };
    await usage.appendActivity(row, { timeoutMs });
  } catch (error) {
    // The verdict stands without its line in the log.
    logger.warn({ err: error, channelId: channel.id }, "logging a channel test failed");
  }
}

/** A channel that was saved a moment ago may still be on its way to this relay. */
async function findChannel(
  { snapshot, clock }: ProbeHandlerOptions,
  id: bigint,
): Promise<RoutedChannel> {
  const deadlineMs = clock.monotonicMs() + limits.newChannelWaitMs;
  for (;;) {
    const channel = snapshot().channels.get(Number(id));
    if (channel !== undefined) {
      return channel;
    }
    if (clock.monotonicMs() >= deadlineMs) {
      throw probeFaults.fault("CHANNEL_NOT_FOUND");
    }
    await new Promise<void>((resolve) => {
      clock.setTimeout(resolve, newChannelPollMs);
    });
  }
}

function targetOf({ provider, target }: RoutedChannel): ProbeTarget {
  if (provider === undefined) {
    throw probeFaults.fault("TYPE_UNSUPPORTED");
  }
  return { provider, target };
}

function targetOfDraft(draft: ChannelCredential | undefined): ProbeTarget {
  const type = channelTypeOf(draft?.type ?? 0);
  if (draft === undefined || type?.provider === undefined) {
    throw probeFaults.fault("TYPE_UNSUPPORTED");
  }
  const baseUrl = (draft.baseUrl === "" ? type.baseUrl : draft.baseUrl).replace(/\/+$/u, "");
  const { credential, config } = draft;
  return { provider: type.provider, target: { type: type.id, baseUrl, credential, config } };
}

function valueOf<Value>(outcome: ProbeOutcome<Value>): Value {
  if (outcome.kind === "fault") {
    const { message, reason } = outcome.fault;
    throw probeFaults.fault("UPSTREAM_FAILED", { sentence: message, metadata: { cause: reason } });
  }
  return outcome.value;
}
