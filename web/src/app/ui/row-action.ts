import type { IconName } from "#ui/icon/icons";

/** One entry of a row's menu; the label is a translation key. */
export type RowAction =
  | {
      readonly kind: "run";
      readonly icon: IconName;
      readonly label: string;
      readonly run: () => void;
    }
  | {
      readonly kind: "link";
      readonly icon: IconName;
      readonly label: string;
      readonly path: string;
      readonly query: Readonly<Record<string, string | number>>;
    }
  /** Stands apart and in red. */
  | { readonly kind: "remove"; readonly run: () => void };

export function editAction(run: () => void): RowAction {
  return { kind: "run", icon: "edit", label: "action.edit", run };
}

/** Switches what the row stands for on or off. */
export function toggleAction(isEnabled: boolean, run: () => void): RowAction {
  return isEnabled
    ? { kind: "run", icon: "ban", label: "action.disable", run }
    : { kind: "run", icon: "check", label: "action.enable", run };
}

/** The log, filtered by the row. */
export function logsAction(
  path: string,
  query: Readonly<Record<string, string | number>>,
): RowAction {
  return { kind: "link", icon: "logs", label: "tokens.viewLogs", path, query };
}
