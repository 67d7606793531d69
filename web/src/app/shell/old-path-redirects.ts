import type { RedirectFunction, Route } from "@angular/router";

/** One API's paths, kept so that bookmarks and documents of its users still lead somewhere. */
const MOVED = {
  channel: "/admin/channels",
  token: "/console/tokens",
  user: "/admin/users",
  log: "/console/logs",
  redemption: "/admin/redemptions",
  topup: "/console/wallet",
  setting: "/console/profile",
  chat: "/console/playground",
  dashboard: "/console",
  detail: "/console",
  home: "/console",
  "user/edit": "/console/profile",
  "panel/dashboard": "/console",
  "panel/channel": "/admin/channels",
  "panel/token": "/console/tokens",
  "panel/log": "/console/logs",
  "panel/user": "/admin/users",
  "panel/redemption": "/admin/redemptions",
  "panel/topup": "/console/wallet",
  "panel/profile": "/console/profile",
  "panel/setting": "/admin/settings",
  panel: "/console",
} as const satisfies Record<string, string>;

export const oldPathRedirects: Route[] = [
  ...Object.entries(MOVED).map(([path, redirectTo]): Route => ({
    path,
    pathMatch: "full",
    redirectTo,
  })),
  { path: "channel/:action", pathMatch: "full", redirectTo: "/admin/channels" },
  { path: "channel/edit/:id", pathMatch: "full", redirectTo: toRow("/admin/channels") },
  { path: "token/:action", pathMatch: "full", redirectTo: "/console/tokens" },
  { path: "token/edit/:id", pathMatch: "full", redirectTo: toRow("/console/tokens") },
  { path: "redemption/add", pathMatch: "full", redirectTo: "/admin/redemptions" },
  { path: "redemption/edit/:id", pathMatch: "full", redirectTo: toRow("/admin/redemptions") },
  { path: "user/add", pathMatch: "full", redirectTo: "/admin/users" },
  { path: "user/edit/:id", pathMatch: "full", redirectTo: toRow("/admin/users") },
];

/** The old page of one row is the new list with that row's drawer open. */
function toRow(list: string): RedirectFunction {
  return ({ params }) => `${list}?id=${encodeURIComponent(String(params["id"]))}`;
}
