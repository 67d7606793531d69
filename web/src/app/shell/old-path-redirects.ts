import type { Route } from "@angular/router";

/** One API's paths, kept so that bookmarks and documents of its users still lead somewhere. */
const MOVED = {
  channel: "/admin/channels",
  token: "/console/tokens",
  user: "/admin/users",
  log: "/console/logs",
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
  { path: "channel/:action", redirectTo: "/admin/channels" },
  { path: "channel/edit/:id", redirectTo: "/admin/channels?id=:id" },
  { path: "token/:action", redirectTo: "/console/tokens" },
  { path: "token/edit/:id", redirectTo: "/console/tokens?id=:id" },
  { path: "user/add", redirectTo: "/admin/users" },
  { path: "user/edit/:id", redirectTo: "/admin/users?id=:id" },
];
