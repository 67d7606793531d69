/** One movement of the balance, as `GET /api/user/ledger` lists it. */
export interface LedgerLine {
  readonly id: string;
  readonly kind: string;
  readonly quota: number;
  /** Exact, in decimal digits; negative is a charge. */
  readonly amount_nano: string;
  readonly created_at: number;
  readonly remark: string;
}

/** Credit that expires, as `GET /api/user/credit` lists it. */
export interface Credit {
  readonly kind: string;
  readonly granted: number;
  readonly remaining: number;
  readonly expired_time: number;
}

/** What became of one code. */
export interface Redeemed {
  readonly code: string;
  readonly quota: number;
  /** What the server said against it; empty when it was redeemed. */
  readonly problem: string;
}

/** The codes in a text: one a line, or with any white space or commas between them. */
export function codesIn(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ""))];
}

/** The shop's address with what it needs to know of the buyer, as the predecessor appended it; undefined for no address. */
export function shopAddress(
  link: string,
  buyer: { readonly id: number; readonly username: string },
  transactionId: string,
): string | undefined {
  if (!URL.canParse(link) || !/^https?:$/.test(new URL(link).protocol)) return undefined;
  const url = new URL(link);
  url.searchParams.set("username", buyer.username);
  url.searchParams.set("user_id", String(buyer.id));
  url.searchParams.set("transaction_id", transactionId);
  return url.href;
}
