import { arrayOr, isJsonObject, objectOr, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { decimalText, subtractDecimals } from "#providers/decimal-text.ts";
import { providerFaults } from "#providers/provider-faults.ts";
import type { BalanceQuery, ChannelTarget, UpstreamHead } from "#providers/provider.ts";

/** One GET whose answer holds the amount. */
interface SingleBalance {
  readonly url: (channel: ChannelTarget) => string;
  readonly headers?: (channel: ChannelTarget) => Readonly<Record<string, string>>;
  /** The amount, or undefined if the answer does not hold one. */
  readonly amount: (body: JsonObject) => string | undefined;
}

function balanceFrom(single: SingleBalance): BalanceQuery {
  return {
    requests: (channel) => [get(single.url(channel), (single.headers ?? bearer)(channel))],
    read: ([body]) => amountOrFault(isJsonObject(body) ? single.amount(body) : undefined, body),
  };
}

const DAY_MS = 86_400_000;

/**
 * The dashboard of OpenAI as resellers copy it: a limit, and what was used since a day. That day is the first of the
 * month for accounts that pay afterwards, and a hundred days ago for the others; which of them it is stands in the first
 * answer, so both are asked for.
 */
export const dashboardBalance: BalanceQuery = {
  requests: (channel, nowMs) => {
    const today = dayOf(nowMs);
    const usageSince = (day: string): string =>
      `${channel.baseUrl}/v1/dashboard/billing/usage?start_date=${day}&end_date=${today}`;
    const headers = bearer(channel);
    return [
      get(`${channel.baseUrl}/v1/dashboard/billing/subscription`, headers),
      get(usageSince(`${today.slice(0, 8)}01`), headers),
      get(usageSince(dayOf(nowMs - 100 * DAY_MS)), headers),
    ];
  },
  read: ([subscription, thisMonth, hundredDays]) => {
    const account = objectOr(subscription);
    const usage = objectOr(account["has_payment_method"] === true ? thisMonth : hundredDays);
    const left = subtractDecimals(account["hard_limit_usd"], usage["total_usage"], 2);
    return amountOrFault(left, subscription);
  },
};

/** What is left of a grant, under the name that the reseller uses. */
export function grantBalance(url: SingleBalance["url"], member: string): BalanceQuery {
  return balanceFrom({ url, amount: (body) => decimalText(body[member]) });
}

export const openAiSbBalance = balanceFrom({
  url: (channel) =>
    `https://api.openai-sb.com/sb-api/user/status?api_key=${encodeURIComponent(channel.credential)}`,
  headers: () => ({}),
  amount: (body) => decimalText(objectOr(body["data"])["credit"]),
});

export const aiProxyBalance = balanceFrom({
  url: () => "https://aiproxy.io/api/report/getUserOverview",
  headers: (channel) => ({ "api-key": channel.credential }),
  amount: (body) =>
    body["success"] === false ? undefined : decimalText(objectOr(body["data"])["totalPoints"]),
});

export const openRouterBalance = balanceFrom({
  url: (channel) => `${channel.baseUrl}/v1/credits`,
  amount: ({ data }) =>
    subtractDecimals(objectOr(data)["total_credits"], objectOr(data)["total_usage"]),
});

/** The amount in CNY where there is one, as One API has it; else the first currency. */
export const deepSeekBalance = balanceFrom({
  url: (channel) => `${channel.baseUrl}/user/balance`,
  amount: (body) => {
    const infos = arrayOr(body["balance_infos"]).map(objectOr);
    const info = infos.find((candidate) => candidate["currency"] === "CNY") ?? infos[0];
    return decimalText(info?.["total_balance"]);
  },
});

export const siliconFlowBalance = balanceFrom({
  url: (channel) => `${channel.baseUrl}/v1/user/info`,
  amount: (body) =>
    body["code"] === 20_000 ? decimalText(objectOr(body["data"])["totalBalance"]) : undefined,
});

export const moonshotBalance = balanceFrom({
  url: (channel) => `${channel.baseUrl}/v1/users/me/balance`,
  amount: (body) => decimalText(objectOr(body["data"])["available_balance"]),
});

export const stepFunBalance = balanceFrom({
  url: (channel) => `${channel.baseUrl}/v1/accounts`,
  amount: (body) => decimalText(body["balance"]),
});

/** Amounts are in ten-thousandths of a dollar. */
export const novitaBalance = balanceFrom({
  url: () => "https://api.novita.ai/openapi/v1/billing/balance/detail",
  amount: (body) => {
    const amount = decimalText(body["availableBalance"]);
    return amount === undefined ? undefined : subtractDecimals("0", negated(amount), 4);
  },
});

function negated(amount: string): string {
  return amount.startsWith("-") ? amount.slice(1) : `-${amount}`;
}

function bearer(channel: ChannelTarget): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${channel.credential}` };
}

function get(url: string, headers: Readonly<Record<string, string>>): UpstreamHead {
  return { method: "GET", url, headers: { accept: "application/json", ...headers } };
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

function amountOrFault(amount: string | undefined, body: unknown): string {
  if (amount === undefined) {
    const said = textOr(objectOr(body)["message"]) || textOr(objectOr(body)["msg"]);
    throw providerFaults.fault(
      "BALANCE_UNREADABLE",
      said === "" ? {} : { metadata: { said: said.slice(0, 200) } },
    );
  }
  return amount;
}
