import { Type } from "typebox";

/** The path parameter of one row. */
export const idParams = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
});
