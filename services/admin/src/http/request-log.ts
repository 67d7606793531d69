import { randomInt } from "node:crypto";
import type { Api } from "./api.ts";

const requestIdHeader = "x-oneapi-request-id";

/** A request id in One API's manner: the time in digits, then eight random ones. */
export function makeRequestId(now = new Date()): string {
  const stamp = now.toISOString().replaceAll(/\D/gu, "");
  const random = String(randomInt(100_000_000)).padStart(8, "0");
  return `${stamp}${random}`;
}

/** One line for each call of the API, and the request id in the reply. Static files are not worth a line. */
export function registerRequestLog(api: Api): void {
  api.addHook("onRequest", async (request, reply) => {
    reply.header(requestIdHeader, request.id);
  });
  api.addHook("onResponse", async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? "",
        status: reply.statusCode,
        elapsedMs: Math.round(reply.elapsedTime),
        userId: request.caller?.user.id,
        ip: request.ip,
      },
      "api call",
    );
  });
}
