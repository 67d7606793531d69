import { editOpenAiBody } from "#surfaces/edit-openai-body.ts";
import { openAiProblem } from "#surfaces/openai-problem.ts";
import { readBody, readModel } from "#surfaces/read-member.ts";
import { invalidRequest } from "#surfaces/surface-faults.ts";
import type { CallBrief, Surface } from "#surfaces/surface.ts";

/** OpenAI's embeddings; the older path names the model itself. */
export const openAiEmbeddings: Surface = {
  name: "openai-embeddings",
  dialect: "openai-embeddings",
  paths: ["/v1/embeddings", "/embeddings", "/v1/engines/:model/embeddings"],
  readBrief: readEmbeddingsBrief,
  // `stream` has no meaning here, and nobody can be asked for usage.
  editBody: (edit) => editOpenAiBody({ ...edit, askForUsage: false }).bytes(),
  problem: openAiProblem,
};

function readEmbeddingsBrief(value: unknown, pathModel?: string): CallBrief {
  const body = readBody(value);
  const model = readModel(body, pathModel);
  const { input } = body;
  const isFilled = Array.isArray(input)
    ? input.length > 0
    : typeof input === "string" && input !== "";
  if (!isFilled) {
    throw invalidRequest("field input is required", "input");
  }
  return { model, stream: false, wantsStreamUsage: false, choices: 1, isInputOnly: true };
}
