import type { Mutant } from "./mutant.ts";
import { noMutant } from "./mutant.ts";

/** Every rule that can be taken away. */
export const mutants: readonly Mutant[] = [];

/** Undefined = there is none of the name. "" is the product as it is. */
export function findMutant(name: string): Mutant | undefined {
  return name === "" ? noMutant : mutants.find((mutant) => mutant.name === name);
}
