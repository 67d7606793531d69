import { create } from "@bufbuild/protobuf";
import { PriceBookSchema } from "@tollgate/proto/type/v1/price";

const inputPico = 2_000_000n;
const outputPico = 8_000_000n;

const price = { inputPicoUsd: inputPico, outputPicoUsd: outputPico };
const dearPrice = { inputPicoUsd: inputPico * 100n, outputPicoUsd: outputPico * 100n };
const models = ["gpt-test", "claude-test", "up-test", "demo-chat", "gpt-4o-mini"];
/** What the fake quota charges: 2,000 nano-USD for a token of input, 8,000 for one of output; a hundred times that for one model. */
export const fakePriceBook = create(PriceBookSchema, {
  version: 1n,
  models: [...models.map((model) => ({ model, price })), { model: "dear-test", price: dearPrice }],
  groupMultiplierPpm: { default: 1_000_000n },
});
