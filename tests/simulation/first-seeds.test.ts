import { test } from "node:test";
import { keepInvariants } from "./keep-invariants.ts";

test("money: seeds 1 to 250 keep every invariant", async (context) => {
  await keepInvariants(1, 250, (text) => context.diagnostic(text));
});
