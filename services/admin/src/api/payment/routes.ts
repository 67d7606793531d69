/** Where payment providers tell of payments. Unlike the rest of the API it answers with plain HTTP statuses: providers repeat by them. */
import { Code } from "@connectrpc/connect";
import { type Static, Type } from "typebox";
import { Fault } from "@tollgate/kit/fault/fault";
import type { AdminContext } from "#admin-context.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { failure, success, successOf } from "#http/envelope.ts";
import { renderError } from "#http/render-error.ts";
import { toSafeNumber } from "#http/wire-number.ts";
import { limits } from "#limits.ts";
import { readPaymentEvent } from "./payment-event.ts";
import { checkSignature } from "./signature.ts";

const params = Type.Object({ provider: Type.String({ maxLength: limits.textLengthMax }) });

const headers = Type.Object({
  "x-tollgate-timestamp": Type.Optional(Type.String({ maxLength: limits.textLengthMax })),
  "x-tollgate-signature": Type.Optional(Type.String({ maxLength: limits.textLengthMax })),
});

const bookedSchema = Type.Object({
  event_id: Type.String(),
  payment_id: Type.String(),
  duplicate: Type.Boolean({ description: "It had been booked before; nothing moved this time." }),
  received_at_ms: Type.Integer({ description: "When it came for the first time." }),
});

/** One route for every provider that has a secret. */
export function registerPaymentRoutes(api: Api, context: AdminContext): void {
  // A scope of its own: the signature is over the bytes of the body, so nothing may parse them before.
  void api.register(async (scope: Api) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => {
      done(null, body);
    });
    scope.setErrorHandler((error, request, reply) => {
      if (error instanceof Fault) {
        const status = statusOf(error);
        if (status >= 500) {
          request.log.warn({ err: error }, "a payment event could not be booked");
        }
        return reply.code(status).send(failure(error.publicMessage));
      }
      const { status, body } = renderError(error, request);
      return reply.code(status === 200 ? 400 : status).send(body);
    });
    registerWebhook(scope, context);
  });
}

function registerWebhook(
  scope: Api,
  { rpc, clock, userCache, paymentSecrets }: AdminContext,
): void {
  scope.post(
    "/payment/webhook/:provider",
    {
      config: { access: "public" },
      bodyLimit: limits.webhookBodyBytesMax,
      schema: {
        tags: ["payment"],
        summary: "An event of a payment provider, signed",
        description:
          "The body is {event_id, payment_id, user_id, kind: paid | refunded, and amount_nano or amount with currency USD}; " +
          "x-tollgate-signature is HMAC-SHA-256 over x-tollgate-timestamp, a dot and the body.",
        params,
        headers,
        response: { 200: successOf(bookedSchema) },
      },
    },
    async (request) => {
      const { provider } = request.params;
      const secret = paymentSecrets.get(provider);
      if (secret === undefined) {
        throw adminFaults.fault("PAYMENT_PROVIDER_UNKNOWN");
      }
      const rawBody = typeof request.body === "string" ? request.body : "";
      checkSignature({
        rawBody,
        timestamp: request.headers["x-tollgate-timestamp"],
        signature: request.headers["x-tollgate-signature"],
        secret,
        nowMs: clock.nowMs(),
      });
      const event = readPaymentEvent(rawBody);
      const { applied, receivedAtMs } = await rpc.payments.postPayment({ provider, ...event });
      userCache.forget(event.userId);
      const booked: Static<typeof bookedSchema> = {
        event_id: event.eventId,
        payment_id: event.paymentId,
        duplicate: !applied,
        received_at_ms: toSafeNumber(receivedAtMs),
      };
      return success(booked);
    },
  );
}

/** What a provider reads: 4xx = the event is wrong, 5xx = send it again later. */
function statusOf({ code }: Fault): number {
  switch (code) {
    case Code.InvalidArgument:
      return 400;
    case Code.Unauthenticated:
      return 401;
    case Code.PermissionDenied:
      return 403;
    case Code.NotFound:
      return 404;
    case Code.AlreadyExists:
    case Code.FailedPrecondition:
      return 409;
    case Code.ResourceExhausted:
      return 429;
    default:
      return 503;
  }
}
