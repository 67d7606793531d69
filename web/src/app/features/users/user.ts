import { toNanos } from "#core/format/nano-amount";
import { ROLE_ADMIN, ROLE_ROOT } from "#core/session/session";

/** A user as `GET /api/user/` lists it. */
export interface User {
  readonly id: number;
  readonly username: string;
  readonly display_name: string;
  readonly role: number;
  readonly status: number;
  readonly email?: string;
  readonly group: string;
  readonly quota: number;
  /** The balance, exactly; servers of the predecessor do not tell it. */
  readonly balance_nano?: string;
  readonly used_quota: number;
  readonly request_count: number;
  readonly created_time?: number;
  /** Every call reserves for itself, at the most it may cost. */
  readonly strict?: boolean;
  readonly inviter_id?: number;
  readonly github_id?: string;
  readonly wechat_id?: string;
  readonly lark_id?: string;
  readonly oidc_id?: string;
}

export const USER_ENABLED = 1;

/** What the user owes, in nano-dollars; 0 for a balance that is not below zero. */
export function debtOf({ balance_nano: balance }: Pick<User, "balance_nano">): bigint {
  const nanos = toNanos(balance);
  return nanos < 0n ? -nanos : 0n;
}

/** Translation key of a role's name. */
export function roleLabel(role: number): string {
  if (role >= ROLE_ROOT) return "users.role.root";
  return role >= ROLE_ADMIN ? "users.role.admin" : "users.role.user";
}

/** The ways of signing in that are bound to the user. */
export function boundTo(user: User): readonly string[] {
  const bindings: readonly (readonly [string, string | undefined])[] = [
    ["GitHub", user.github_id],
    ["WeChat", user.wechat_id],
    ["Lark", user.lark_id],
    ["OIDC", user.oidc_id],
  ];
  return bindings.filter(([, id]) => Boolean(id)).map(([name]) => name);
}
