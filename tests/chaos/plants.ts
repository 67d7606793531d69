import type { ClientCall } from "./client-call.ts";
import type { Payer } from "./payers.ts";

/** Wrongs that can be planted to see whether the verdict finds them, and the invariant that must speak up. */
export const plants = {
  lost: "I1",
  double: "I1",
  drift: "I4",
  leak: "I5",
} as const;
export type Plant = keyof typeof plants;

/** True for the name of a plant. */
export function isPlant(name: string): name is Plant {
  return Object.hasOwn(plants, name);
}

export interface PlantScene {
  readonly calls: readonly ClientCall[];
  readonly payers: readonly Pick<Payer, "userId">[];
}

/** Statements that spoil the books in this way. */
export function plantedSql(plant: Plant, { calls, payers }: PlantScene): string {
  const victim = calls.find(({ sawEnd, contentBytes }) => sawEnd && contentBytes > 0);
  const user = payers[0];
  if (victim === undefined || user === undefined) {
    throw new Error("there is nothing to spoil");
  }
  const id = `unhex('${victim.requestId.replaceAll("-", "")}')`;
  switch (plant) {
    case "lost":
      return `delete from usage_log where request_id = ${id};`;
    case "double":
      return `create temporary table twin as select * from usage_log where request_id = ${id};
        update twin set request_id = unhex('${"0".repeat(32)}'); insert into usage_log select * from twin;`;
    case "drift":
      return `update wallets set posted_nanos = posted_nanos + 1 where user_id = ${user.userId};`;
    case "leak":
      return `update wallets set held_nanos = held_nanos + 1 where user_id = ${user.userId};`;
  }
}
