import { Type } from "typebox";
import { limits } from "#limits.ts";

/** The header by which a client makes a movement of money safe to send again. */
export const idempotencyHeaders = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({
      maxLength: limits.textLengthMax,
      description: "The same one twice moves money once.",
    }),
  ),
});
