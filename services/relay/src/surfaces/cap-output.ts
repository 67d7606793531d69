import type { JsonSplice } from "#surfaces/json-splice.ts";

/**
 * Bounds the output of each choice. Members that bound it already are lowered and never raised; where none does, `added` is put in.
 */
export function capOutput(
  splice: JsonSplice,
  json: Readonly<Record<string, unknown>>,
  bounds: { readonly tokens: number; readonly names: readonly string[]; readonly added: string },
): void {
  const { tokens, names, added } = bounds;
  let isBounded = false;
  for (const name of names) {
    const present = json[name];
    // Upstreams take 0 for no bound.
    if (typeof present === "number" && present > 0) {
      isBounded = true;
      if (present > tokens) {
        splice.set(name, String(tokens));
      }
    }
  }
  if (!isBounded) {
    splice.set(added, String(tokens));
  }
}
