import { Type } from "typebox";
import type { ProbeVerdict } from "@tollgate/proto/relay/v1/probe_service";
import type { AdminContext } from "#admin-context.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { idParams } from "#http/id-params.ts";
import { toDollars } from "#http/wire-number.ts";
import { limits } from "#limits.ts";
import { channelFields, readConfigMap } from "./channel-draft.ts";

const tags = ["channel"];

const draftFields = {
  type: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  key: Type.Optional(Type.String({ maxLength: 65_536 })),
  base_url: Type.Optional(Type.String({ maxLength: 1024 })),
  config: channelFields.config,
};

const probeBody = Type.Object(draftFields);

const probeTestBody = Type.Object({
  ...draftFields,
  model: Type.String({ minLength: 1, maxLength: limits.textLengthMax }),
});

const testQuery = Type.Object({
  model: Type.Optional(Type.String({ maxLength: limits.textLengthMax })),
});

const verdictSchema = Type.Object({
  success: Type.Boolean(),
  message: Type.String({ description: "The reply, or what went wrong." }),
  time: Type.Number({ description: "Seconds." }),
  modelName: Type.String(),
});

const balanceSchema = Type.Object({
  success: Type.Boolean(),
  message: Type.String(),
  balance: Type.Number(),
});

const draftVerdictSchema = Type.Object({
  elapsed_ms: Type.Integer(),
  ttft_ms: Type.Integer(),
  reply: Type.String(),
});

/** Asking upstreams, through the relay. */
export function registerChannelProbeRoutes(api: Api, context: AdminContext): void {
  registerSavedTest(api, context);
  registerSavedQuestions(api, context);
  registerDraftProbes(api, context);
}

function registerSavedTest(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/channel/test/:id",
    {
      config: { access: "admin", mutates: true },
      schema: {
        tags,
        summary: "Send one small chat to a channel",
        params: idParams,
        querystring: testQuery,
        response: { 200: verdictSchema },
      },
    },
    async ({ params, query }) => {
      const { verdict } = await rpc.probes.testChannel({
        channelId: BigInt(params.id),
        model: query.model ?? "",
      });
      const { success: isSuccess, message, elapsedMs, model } = present(verdict);
      return {
        success: isSuccess,
        message,
        time: elapsedMs / 1000,
        modelName: query.model ?? model,
      };
    },
  );
}

function registerSavedQuestions(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/channel/update_balance/:id",
    {
      config: { access: "admin", mutates: true },
      schema: {
        tags,
        summary: "Ask the upstream for the balance of a channel's account",
        params: idParams,
        response: { 200: balanceSchema },
      },
    },
    async ({ params }) => {
      const { balanceNanos } = await rpc.probes.fetchBalance({ channelId: BigInt(params.id) });
      return { success: true, message: "", balance: toDollars(balanceNanos) };
    },
  );
  api.get(
    "/channel/fetch_models/:id",
    {
      config: { access: "admin", mutates: true },
      schema: {
        tags,
        summary: "Ask the upstream of a channel for its models",
        params: idParams,
        response: { 200: successOf(Type.Array(Type.String())) },
      },
    },
    async ({ params }) => {
      const { models } = await rpc.probes.listUpstreamModels({
        channel: { case: "channelId", value: BigInt(params.id) },
      });
      return success(models);
    },
  );
}

function registerDraftProbes(api: Api, { rpc }: AdminContext): void {
  api.post(
    "/channel/probe",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "List the models of a credential that is not saved",
        body: probeBody,
        response: { 200: successOf(Type.Object({ models: Type.Array(Type.String()) })) },
      },
    },
    async ({ body }) => {
      const { models } = await rpc.probes.listUpstreamModels({
        channel: { case: "draft", value: readCredential(body) },
      });
      return success({ models });
    },
  );
  api.post(
    "/channel/probe/test",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Send one small chat with a credential that is not saved",
        body: probeTestBody,
        response: { 200: successOf(draftVerdictSchema) },
      },
    },
    async ({ body }) => {
      const { verdict } = await rpc.probes.testDraft({
        channel: readCredential(body),
        model: body.model,
      });
      const { success: isSuccess, message, elapsedMs, ttftMs } = present(verdict);
      if (!isSuccess) {
        throw adminFaults.fault("PROBE_FAILED", { sentence: message });
      }
      return success({ elapsed_ms: elapsedMs, ttft_ms: ttftMs, reply: message });
    },
  );
}

interface DraftBody {
  readonly type: number;
  readonly key?: string;
  readonly base_url?: string;
  readonly config?: string | Record<string, unknown>;
}

function readCredential(body: DraftBody) {
  return {
    type: body.type,
    credential: body.key ?? "",
    baseUrl: body.base_url ?? "",
    config: readConfigMap(body.config),
  };
}

function present(verdict: ProbeVerdict | undefined): ProbeVerdict {
  if (verdict === undefined) {
    throw adminFaults.fault("PROBE_FAILED");
  }
  return verdict;
}
