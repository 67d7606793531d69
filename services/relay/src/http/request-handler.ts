import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { formatUuid, uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import type { BillingSummary } from "#http/billing-page.ts";
import { renderSubscription, renderUsage } from "#http/billing-page.ts";
import type { ClientAddress } from "#http/client-address.ts";
import { HttpClientLink } from "#http/http-client-link.ts";
import { listModels, renderModel, renderModelList } from "#http/models-page.ts";
import { presentedKey } from "#http/presented-key.ts";
import { showError } from "#http/problem.ts";
import { parseCallBody } from "#http/parse-body.ts";
import { readRequestBody } from "#http/read-body.ts";
import { commonHeaders, preflightHeaders } from "#http/response-headers.ts";
import type { Route, Routes } from "#http/routes.ts";
import type { KeyGrant } from "#ledgering/key-grants.ts";
import { limits } from "#limits.ts";
import { checkKey, findKey } from "#pipeline/admit-key.ts";
import type { ClientLink } from "#pipeline/client-link.ts";
import type { IncomingCall } from "#pipeline/incoming-call.ts";
import type { PipelinePorts } from "#pipeline/ports.ts";
import { relayCall } from "#pipeline/relay-call.ts";
import { relayFaults } from "#pipeline/relay-faults.ts";
import { openAiProblem } from "#surfaces/openai-problem.ts";
import type { ProblemDialect } from "#surfaces/surface.ts";

export interface RequestHandlerOptions {
  readonly ports: PipelinePorts;
  readonly routes: Routes;
  readonly clientAddress: ClientAddress;
  readonly bodyBytesMax: number;
  readonly readBillingSummary: (grant: KeyGrant) => Promise<BillingSummary>;
  readonly gate: CallGate;
}

/** Lets calls in and knows how many are inside. */
export interface CallGate {
  /** Throws the fault for the caller when no call may start. */
  readonly enter: () => void;
  readonly leave: () => void;
  readonly isStopping: () => boolean;
  readonly isReady: () => boolean;
}

/** The relay's side of the HTTP server. */
export function createRequestHandler(options: RequestHandlerOptions): RequestListener {
  return (request, response) => {
    const url = request.url ?? "/";
    const query = url.indexOf("?");
    const path = query < 0 ? url : url.slice(0, query);
    if (request.method === "OPTIONS") {
      response.writeHead(204, [...preflightHeaders]).end();
      return;
    }
    const route = options.routes.find(request.method ?? "GET", path);
    const exchange = openExchange(options, request, response);
    void (route.kind === "call"
      ? answerCall(options, exchange, route)
      : answerPage(options, exchange, { route, path }));
  };
}

type CallRoute = Extract<Route, { readonly kind: "call" }>;
type PageRoute = Exclude<Route, CallRoute>;

/** A request and the way back. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly client: ClientLink;
  /** UUIDv7, 16 bytes. */
  readonly id: Uint8Array;
  readonly idText: string;
  readonly startedAtMs: number;
  readonly startedMonotonicMs: number;
}

function openExchange(
  { ports, gate }: RequestHandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Exchange {
  const { clock } = ports;
  const startedAtMs = clock.nowMs();
  const id = uuidV7Bytes(startedAtMs);
  const idText = formatUuid(id);
  const headers = commonHeaders(request, idText);
  return {
    request,
    client: new HttpClientLink({ response, clock, headers, isStopping: gate.isStopping }),
    id,
    idText,
    startedAtMs,
    startedMonotonicMs: clock.monotonicMs(),
  };
}

/** Never rejects: whatever goes wrong is shown in the caller's dialect. */
async function answerCall(
  options: RequestHandlerOptions,
  exchange: Exchange,
  { surface, pathModel }: CallRoute,
): Promise<void> {
  const { ports, gate } = options;
  try {
    gate.enter();
    try {
      const { request, client, id, idText, startedAtMs, startedMonotonicMs } = exchange;
      const found = findKey(ports.grants, presentedKey(request));
      const clientIp = options.clientAddress(request);
      const grant = checkKey(found instanceof Promise ? await found : found, clientIp, ports.clock);
      const body = await readRequestBody(request, options.bodyBytesMax);
      const json = parseCallBody(body);
      const brief = surface.readBrief(json, pathModel);
      if (brief.model.length > limits.modelCharsMax) {
        throw relayFaults.fault("BODY_INVALID", { sentence: "The model's name is too long." });
      }
      const call: IncomingCall = {
        id,
        idText,
        surface,
        brief,
        grant,
        body,
        json,
        clientHeaders: plainHeaders(request),
        clientIp,
        client,
        startedAtMs,
        startedMonotonicMs,
      };
      const key = call.clientHeaders["idempotency-key"];
      await (key === undefined ? relayCall(ports, call) : relayOnce(ports, call, key));
    } finally {
      gate.leave();
    }
  } catch (error) {
    sendProblem(options, exchange, { error, dialect: surface.problem });
  }
}

/** Never rejects. */
async function answerPage(
  options: RequestHandlerOptions,
  exchange: Exchange,
  page: Page,
): Promise<void> {
  try {
    await sendPage(options, exchange, page);
  } catch (error) {
    sendProblem(options, exchange, { error, dialect: openAiProblem });
  }
}

function sendProblem(
  { ports }: RequestHandlerOptions,
  { client, idText }: Exchange,
  failure: { readonly error: unknown; readonly dialect: ProblemDialect },
): void {
  const { problem, ...hints } = showError(failure.error, idText, ports.logger);
  client.sendWhole({
    status: problem.status,
    contentType: "application/json",
    body: failure.dialect.body(problem),
    ...hints,
  });
}

/** A call with a key of idempotency: made, unless one with the same key was. */
async function relayOnce(ports: PipelinePorts, call: IncomingCall, key: string): Promise<void> {
  const { keyId } = call.grant;
  const claim = await ports.idempotency.claim({ keyId, key, requestId: call.idText });
  try {
    await relayCall(ports, { ...call, claim });
  } finally {
    // Whatever has been settled has said so before.
    claim.end(false);
  }
}

interface Page {
  readonly route: PageRoute;
  readonly path: string;
}

async function sendPage(
  options: RequestHandlerOptions,
  { request, client }: Exchange,
  { route, path }: Page,
): Promise<void> {
  switch (route.kind) {
    case "healthz":
      sendJson(client, 200, '{"status":"ok"}');
      return;
    case "readyz": {
      const isReady = options.gate.isReady();
      sendJson(client, isReady ? 200 : 503, `{"ready":${isReady}}`);
      return;
    }
    case "models":
    case "model":
      await answerModels(options, { request, route, client });
      return;
    case "subscription":
    case "usage": {
      const summary = await options.readBillingSummary(await readGrant(options, request));
      const render = route.kind === "usage" ? renderUsage : renderSubscription;
      sendJson(client, 200, render(summary));
      return;
    }
    case "not-implemented":
      throw relayFaults.fault("NOT_IMPLEMENTED");
    case "unknown":
      throw relayFaults.fault("URL_UNKNOWN", {
        sentence: `Invalid URL (${request.method ?? ""} ${path.slice(0, 200)})`,
      });
  }
}

async function answerModels(
  options: RequestHandlerOptions,
  exchange: {
    readonly request: IncomingMessage;
    readonly route: Extract<Route, { readonly kind: "models" | "model" }>;
    readonly client: ClientLink;
  },
): Promise<void> {
  const { request, route, client } = exchange;
  const models = listModels(await readGrant(options, request), options.ports.snapshot());
  const isAnthropic = request.headers["anthropic-version"] !== undefined;
  if (route.kind === "models") {
    sendJson(client, 200, renderModelList(models, isAnthropic));
  } else if (models.includes(route.id)) {
    sendJson(client, 200, renderModel(route.id, isAnthropic));
  } else {
    const message = `The model '${route.id}' does not exist`;
    const type = "invalid_request_error";
    const error = { message, type, param: "model", code: "model_not_found" };
    sendJson(client, 404, JSON.stringify({ error }));
  }
}

async function readGrant(
  { ports, clientAddress }: RequestHandlerOptions,
  request: IncomingMessage,
): Promise<KeyGrant> {
  const answer = await findKey(ports.grants, presentedKey(request));
  return checkKey(answer, clientAddress(request), ports.clock);
}

function sendJson(client: ClientLink, status: number, body: string): void {
  client.sendWhole({ status, contentType: "application/json", body });
}

/** Headers that providers may read; repeated ones were joined or dropped by Node, and lists are of no use to them. */
function plainHeaders(request: IncomingMessage): Readonly<Record<string, string | undefined>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only `set-cookie` is ever a list, and no request has it
  return request.headers as Readonly<Record<string, string | undefined>>;
}
