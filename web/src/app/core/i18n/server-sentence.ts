/*
 * What the server writes into the log and the ledger are sentences, English ones and, for tests of
 * channels, One API's Chinese ones; a row holds nothing else. They are known here by their shape, so
 * that everybody reads them in the language in use. What has no known shape, such as the remark of
 * an operator, is shown as it stands.
 */

type Translate = (key: string, params?: Readonly<Record<string, unknown>>) => string;

/** Remarks of the ledger; in the log an amount follows them. */
const REMARKS: ReadonlyMap<string, string> = new Map([
  ["Quota of the root user", "rootQuota"],
  ["Gift for a new user", "newUserGift"],
  ["Gift for inviting a user", "inviterGift"],
  ["Gift for using an invitation", "inviteeGift"],
  ["Credit that was not spent in its time", "creditExpired"],
  ["Topped up with a redemption code", "codeRedeemed"],
]);

/** The named groups of a shape are the parameters of its translation. */
const SHAPES: readonly (readonly [key: string, shape: RegExp])[] = [
  ["unitsAdded", /^Added by (?<name>.+): (?<units>-?\d+) quota units$/],
  ["unitsTaken", /^Taken by (?<name>.+): (?<units>-?\d+) quota units$/],
  [
    "balanceChanged",
    /^(?<name>.+) changed the balance from (?<before>-?\d+) to (?<after>-?\d+) quota units$/,
  ],
  ["code", /^Redemption code (?<id>\d+) \((?<name>.*)\)$/],
  ["paid", /^Paid by (?<provider>[a-z0-9-]+): (?<amount>.+?) \((?<payment>.+)\)$/],
  ["paidBack", /^Paid back by (?<provider>[a-z0-9-]+): (?<amount>.+?) \((?<payment>.+)\)$/],
  [
    "refunded",
    /^(?<name>.+) gave back (?<amount>\S+(?: points)?) of call (?<call>[0-9a-f-]{36}): (?<reason>.+)$/s,
  ],
  ["ofCall", /^(?<call>[0-9a-f-]{36}): (?<reason>.+)$/s],
  ["writtenOff", /^(?<name>.+) wrote off a debt of (?<amount>\S+(?: points)?): (?<reason>.+)$/s],
  [
    "journalGivenUp",
    /^Journal (?<journal>[0-9a-f-]{36}) was given up: (?<calls>\d+) calls billed, (?<leases>\d+) leases released$/,
  ],
  ["testPassed", /^渠道 (?<name>.+) 测试成功，响应：(?<message>.*)$/s],
  ["testFailed", /^渠道 (?<name>.+) 测试失败，错误：(?<message>.*)$/s],
];

/** The sentence in the language in use; one of no known shape comes back as it is. */
export function translateServerSentence(text: string, translate: Translate): string {
  return wordRemark(text, translate) ?? wordShape(text, translate) ?? text;
}

function wordRemark(text: string, translate: Translate): string | undefined {
  const [, head = text, amount] = /^(.+?): (.+)$/.exec(text) ?? [];
  const key = REMARKS.get(head);
  if (key === undefined) return undefined;
  const remark = translate(`sentence.${key}`);
  if (amount === undefined) return remark;
  return translate("sentence.withAmount", { remark, amount: wordAmount(amount, translate) });
}

function wordShape(text: string, translate: Translate): string | undefined {
  for (const [key, shape] of SHAPES) {
    const params = shape.exec(text)?.groups;
    if (params) {
      const amount = wordAmount(params["amount"] ?? "", translate);
      return translate(`sentence.${key}`, { ...params, amount });
    }
  }
  return undefined;
}

/** Amounts stand in dollars, or in quota units where the operator shows those. */
function wordAmount(amount: string, translate: Translate): string {
  const [, units] = /^(-?\d+) points$/.exec(amount) ?? [];
  return units === undefined ? amount : translate("quota.units", { units });
}
