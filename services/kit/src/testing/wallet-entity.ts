import { defineEntity, p } from "@mikro-orm/core";
import { int64Column, moneyColumn } from "../sql/money-type.ts";

/** A table with every kind of column that is hard on some engine, for tests of the database itself. */
export const Wallet = defineEntity({
  name: "Wallet",
  tableName: "wallets",
  properties: {
    id: p.integer().primary().autoincrement(),
    owner: p.string().length(64).unique(),
    balance: moneyColumn().defaultRaw("0"),
    changedAtMs: int64Column().nullable(),
    note: p.text().nullable(),
  },
});
