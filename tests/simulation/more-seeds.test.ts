import { test } from "node:test";
import { keepInvariants } from "./keep-invariants.ts";

test("money: seeds 251 to 500 keep every invariant", async (context) => {
  await keepInvariants(251, 250, (text) => context.diagnostic(text));
});
