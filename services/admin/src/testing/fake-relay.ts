import type { ConnectRouter } from "@connectrpc/connect";
import { ProbeService } from "@tollgate/proto/relay/v1/probe_service";

/** A relay that knows two channel types and reaches every upstream but one whose credential is "bad". */
export function registerFakeRelay(router: ConnectRouter): void {
  router.service(ProbeService, {
    testChannel: ({ channelId, model }) => ({
      verdict:
        channelId === 404n
          ? { success: false, message: "The upstream refused the key.", elapsedMs: 10 }
          : { success: true, message: "hello", model: model || "first", elapsedMs: 1500 },
    }),
    testDraft: ({ channel }) => ({
      verdict:
        channel?.credential === "bad"
          ? { success: false, message: "The upstream refused the key." }
          : { success: true, message: "hi", elapsedMs: 412, ttftMs: 180 },
    }),
    listUpstreamModels: ({ channel }) => ({
      models: channel.case === "draft" ? [`of type ${channel.value.type}`] : ["saved-model"],
    }),
    fetchBalance: () => ({ balanceNanos: 12_340_000_000n }),
    listChannelTypes: () => ({
      types: [
        { id: 1, name: "openai", labelEn: "OpenAI", models: ["gpt", "shared"], ownedBy: "openai" },
        {
          id: 1000,
          name: "demo",
          labelEn: "Demo",
          models: ["demo", "shared"],
          ownedBy: "tollgate",
          supported: true,
        },
      ],
    }),
  });
}
