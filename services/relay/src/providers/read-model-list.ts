import { isJsonObject, textOr } from "#conversation/json-value.ts";
import { providerFaults } from "#providers/provider-faults.ts";

/** The ids of a model list: `{"data":[{"id"}]}`, or the bare array that some vendors send. */
export function readModelList(body: unknown): readonly string[] {
  const list = isJsonObject(body) ? body["data"] : body;
  if (!Array.isArray(list)) {
    throw providerFaults.fault("MODELS_UNREADABLE");
  }
  return list.map((entry) => (isJsonObject(entry) ? textOr(entry["id"]) : "")).filter(Boolean);
}
