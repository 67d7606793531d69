/** How a family of models cuts text into tokens. */
export type Encoding = "o200k_base" | "cl100k_base";

/** Beginnings of names, the first that fits decides. Names of other vendors are not here: their encodings are not public. */
const FAMILIES: readonly (readonly [prefix: string, encoding: Encoding])[] = [
  ["gpt-4o", "o200k_base"],
  ["gpt-4.1", "o200k_base"],
  ["gpt-4.5", "o200k_base"],
  ["gpt-5", "o200k_base"],
  ["gpt-oss", "o200k_base"],
  ["chatgpt-4o", "o200k_base"],
  ["codex-mini", "o200k_base"],
  ["computer-use", "o200k_base"],
  ["o1", "o200k_base"],
  ["o3", "o200k_base"],
  ["o4", "o200k_base"],
  ["gpt-4", "cl100k_base"],
  ["gpt-3.5", "cl100k_base"],
  ["gpt-35", "cl100k_base"],
  ["text-embedding-", "cl100k_base"],
  ["davinci-002", "cl100k_base"],
  ["babbage-002", "cl100k_base"],
];

/** Resellers put the vendor's name in front, and fine-tuned models carry the one that they come from: `ft:gpt-4o:acme`. */
const BEFORE_NAME = /^(?:openai\/|azure\/|ft:)+/u;

/** The encoding of a model, `undefined` = it is not public, or the model is not known. */
export function encodingOf(model: string): Encoding | undefined {
  const name = model.toLowerCase().replace(BEFORE_NAME, "");
  return FAMILIES.find(([prefix]) => startsWithName(name, prefix))?.[1];
}

/** True if the prefix ends where a part of the name does: `o1` begins `o1-mini` and not `o10`. */
function startsWithName(name: string, prefix: string): boolean {
  return (
    name.startsWith(prefix) &&
    (prefix.endsWith("-") || !/^[a-z0-9]/u.test(name.slice(prefix.length)))
  );
}
