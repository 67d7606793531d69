import { identityEntities } from "./identity-entity.ts";
import { moneyEntities } from "./money-entities.ts";

/** Every table of quota. */
export const entities = [...identityEntities, ...moneyEntities];
