import type { IconName } from "#ui/icon/icons";

export interface NavigationItem {
  readonly path: string;
  /** Translation key. */
  readonly label: string;
  readonly icon: IconName;
  /** The key after `g` that goes there. */
  readonly key: string;
}

export interface NavigationGroup {
  readonly label: string;
  readonly role: "user" | "admin" | "root";
  readonly items: readonly NavigationItem[];
}

export const NAVIGATION: readonly NavigationGroup[] = [
  {
    label: "nav.console",
    role: "user",
    items: [
      { path: "/console", label: "home.title", icon: "home", key: "h" },
      { path: "/console/tokens", label: "tokens.title", icon: "key", key: "t" },
      { path: "/console/logs", label: "logs.title", icon: "logs", key: "l" },
      { path: "/console/wallet", label: "wallet.title", icon: "wallet", key: "w" },
      { path: "/console/playground", label: "playground.title", icon: "playground", key: "p" },
    ],
  },
  {
    label: "nav.admin",
    role: "admin",
    items: [
      { path: "/admin/channels", label: "channels.title", icon: "channels", key: "c" },
      { path: "/admin/users", label: "users.title", icon: "users", key: "u" },
      { path: "/admin/redemptions", label: "redemptions.title", icon: "ticket", key: "r" },
      { path: "/admin/logs", label: "logs.adminTitle", icon: "activity", key: "a" },
    ],
  },
  {
    label: "nav.system",
    role: "root",
    items: [{ path: "/admin/settings", label: "settings.title", icon: "settings", key: "s" }],
  },
];
