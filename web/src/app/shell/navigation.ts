import type { IconName } from "#ui/icon/icons";

type Role = "user" | "admin" | "root";

export interface NavigationItem {
  readonly path: string;
  /** Translation key. */
  readonly label: string;
  readonly icon: IconName;
  /** The key after `g` that goes there. */
  readonly key: string;
  /** Where it needs more than its group does. */
  readonly role?: Role;
}

export interface NavigationGroup {
  readonly label: string;
  readonly role: Role;
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
      { path: "/admin/logs", label: "logs.adminTitle", icon: "activity", key: "a" },
    ],
  },
  {
    label: "nav.money",
    role: "admin",
    items: [
      { path: "/admin/redemptions", label: "redemptions.title", icon: "ticket", key: "r" },
      { path: "/admin/leases", label: "leases.title", icon: "lock", key: "e", role: "root" },
      { path: "/admin/checks", label: "checks.title", icon: "shield", key: "b", role: "root" },
    ],
  },
  {
    label: "nav.system",
    role: "root",
    items: [{ path: "/admin/settings", label: "settings.title", icon: "settings", key: "s" }],
  },
];

/** The places that a viewer may go to, group by group; the server enforces. */
export function navigationOf(viewer: {
  readonly isAdmin: boolean;
  readonly isRoot: boolean;
}): readonly NavigationGroup[] {
  const isOpen = (role: Role): boolean =>
    role === "user" || (role === "admin" ? viewer.isAdmin : viewer.isRoot);
  return NAVIGATION.filter((group) => isOpen(group.role)).map(({ label, role, items }) => ({
    label,
    role,
    items: items.filter((item) => isOpen(item.role ?? role)),
  }));
}
