import { fault } from "./faults.ts";

// A remark of the ledger has 255 characters, and some of them name what the reason is for.
const reasonCharactersMax = 200;

/** Why an operator moves money, without white space around it. Throws REASON_INVALID. */
export function checkReason(reason: string): string {
  const trimmed = reason.trim();
  if (trimmed === "" || trimmed.length > reasonCharactersMax) {
    throw fault("REASON_INVALID");
  }
  return trimmed;
}
