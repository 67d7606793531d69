import type { Routes } from "@angular/router";
import { adminOnly, rootOnly } from "#core/session/session-guard";
import { addIcons } from "#ui/icon/icon";
import { ICONS } from "#ui/icon/icons";
import { oldPathRedirects } from "./old-path-redirects";
import { Shell } from "./shell";

addIcons(ICONS);

/** The pages of signed-in users, inside the shell. */
export const shellRoutes: Routes = [
  ...oldPathRedirects,
  {
    path: "",
    component: Shell,
    children: [
      { path: "", pathMatch: "full", redirectTo: "console" },
      {
        path: "console",
        title: "home.title",
        pathMatch: "full",
        loadComponent: () => import("../features/home/home-page/home-page").then((m) => m.HomePage),
      },
      {
        path: "console/tokens",
        title: "tokens.title",
        loadComponent: () =>
          import("../features/tokens/token-list/token-list").then((m) => m.TokenList),
      },
      {
        path: "console/logs",
        title: "logs.title",
        loadComponent: () => import("../features/logs/log-list/log-list").then((m) => m.LogList),
      },
      {
        path: "console/playground",
        title: "playground.title",
        loadComponent: () =>
          import("../features/playground/playground-page/playground-page").then(
            (m) => m.PlaygroundPage,
          ),
      },
      {
        path: "console/wallet",
        title: "wallet.title",
        loadComponent: () =>
          import("../features/wallet/wallet-page/wallet-page").then((m) => m.WalletPage),
      },
      {
        path: "console/profile",
        title: "profile.title",
        loadComponent: () =>
          import("../features/profile/profile-page/profile-page").then((m) => m.ProfilePage),
      },
      {
        path: "admin",
        canMatch: [adminOnly],
        children: [
          { path: "", pathMatch: "full", redirectTo: "channels" },
          {
            path: "channels",
            title: "channels.title",
            loadComponent: () =>
              import("../features/channels/channel-list/channel-list").then((m) => m.ChannelList),
          },
          {
            path: "logs",
            title: "logs.adminTitle",
            data: { everyone: true },
            loadComponent: () =>
              import("../features/logs/log-list/log-list").then((m) => m.LogList),
          },
          {
            path: "users",
            title: "users.title",
            loadComponent: () =>
              import("../features/users/user-list/user-list").then((m) => m.UserList),
          },
          {
            path: "redemptions",
            title: "redemptions.title",
            loadComponent: () =>
              import("../features/redemptions/redemption-list/redemption-list").then(
                (m) => m.RedemptionList,
              ),
          },
          {
            path: "leases",
            canMatch: [rootOnly],
            title: "leases.title",
            loadComponent: () =>
              import("../features/leases/journal-list/journal-list").then((m) => m.JournalList),
          },
          {
            path: "checks",
            canMatch: [rootOnly],
            title: "checks.title",
            loadComponent: () =>
              import("../features/checks/check-list/check-list").then((m) => m.CheckList),
          },
          {
            path: "settings",
            canMatch: [rootOnly],
            title: "settings.title",
            loadComponent: () =>
              import("../features/settings/settings-page/settings-page").then(
                (m) => m.SettingsPage,
              ),
          },
          ...["leases", "checks", "settings"].map((path) => ({
            path,
            title: "forbidden.title",
            loadComponent: () => import("./forbidden").then((m) => m.Forbidden),
          })),
        ],
      },
      {
        path: "admin",
        title: "forbidden.title",
        children: [
          {
            path: "**",
            title: "forbidden.title",
            loadComponent: () => import("./forbidden").then((m) => m.Forbidden),
          },
        ],
      },
      {
        path: "**",
        title: "notFound.title",
        loadComponent: () => import("./not-found").then((m) => m.NotFound),
      },
    ],
  },
];
