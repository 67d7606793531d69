import { Type } from "typebox";
import type { Credit, LedgerEntry } from "@tollgate/proto/quota/v1/wallet_service";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import type { Api } from "#http/api.ts";
import { page, pageOf, success, successOf } from "#http/envelope.ts";
import { listQuery, readRange, readTotal } from "#http/list-query.ts";
import { toQuotaUnits, toSeconds } from "#http/wire-number.ts";
import { limits } from "#limits.ts";

const tags = ["user"];

const redeemBody = Type.Object({
  key: Type.String({ maxLength: limits.textLengthMax, description: "A redemption code." }),
});

const ledgerSchema = Type.Object({
  id: Type.String(),
  kind: Type.String({ description: '"settlement", "top-up", "redemption", "refund", …' }),
  quota: Type.Integer({ description: "Signed; negative = charged." }),
  amount_nano: Type.String({ description: "Signed, nano-USD, exact." }),
  created_at: Type.Integer({ description: "Seconds since 1970." }),
  remark: Type.String(),
});

const creditSchema = Type.Object({
  kind: Type.String(),
  granted: Type.Integer({ description: "Quota units." }),
  remaining: Type.Integer({ description: "Quota units that are not spent." }),
  expired_time: Type.Integer({ description: "Seconds since 1970." }),
});

/** What signed-in users do with their own money. */
export function registerWalletRoutes(api: Api, context: AdminContext): void {
  registerRedeem(api, context);
  registerBooks(api, context);
}

function registerRedeem(api: Api, { rpc, userCache }: AdminContext): void {
  api.post(
    "/user/topup",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "Redeem a code; the reply holds what was added",
        body: redeemBody,
        response: { 200: successOf(Type.Integer({ description: "Quota units." })) },
      },
    },
    async (request) => {
      const { user } = callerOf(request);
      const { amountNanos } = await rpc.redemptions.redeemCode({
        userId: user.id,
        code: request.body.key,
      });
      userCache.forget(user.id);
      return success(toQuotaUnits(amountNanos));
    },
  );
}

function registerBooks(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/user/ledger",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "Every movement of the own balance, newest first",
        querystring: Type.Object(listQuery),
        response: { 200: pageOf(ledgerSchema) },
      },
    },
    async (request) => {
      // The list has one order and no texts to look for.
      const range = { ...readRange(request.query, { created_at: "" }), keyword: "" };
      const userId = callerOf(request).user.id;
      const { entries, total } = await rpc.wallets.listLedger({ userId, range });
      return page(entries.map(entryToWire), readTotal(range, total));
    },
  );
  api.get(
    "/user/credit",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "Own credit that expires, first-expiring first",
        response: { 200: successOf(Type.Array(creditSchema)) },
      },
    },
    async (request) => {
      const { credits } = await rpc.wallets.listCredits({ userId: callerOf(request).user.id });
      return success(credits.map(creditToWire));
    },
  );
}

function entryToWire(entry: LedgerEntry) {
  return {
    id: entry.transactionId,
    kind: entry.kind,
    quota: toQuotaUnits(entry.amountNanos),
    amount_nano: entry.amountNanos.toString(),
    created_at: toSeconds(entry.createdAtMs),
    remark: entry.remark,
  };
}

function creditToWire(credit: Credit) {
  return {
    kind: credit.kind,
    granted: toQuotaUnits(credit.grantedNanos),
    remaining: toQuotaUnits(credit.remainingNanos),
    expired_time: toSeconds(credit.expiresAtMs),
  };
}
