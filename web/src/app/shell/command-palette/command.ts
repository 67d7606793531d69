import type { Api } from "#core/api/api";
import type { IconName } from "#ui/icon/icons";

export interface Command {
  readonly path: string;
  readonly label: string;
  readonly detail: string;
  readonly icon: IconName;
  readonly keys?: string;
  /** Runs instead of going to the path. */
  readonly run?: () => void;
}

export interface Question {
  readonly text: string;
  readonly isAdmin: boolean;
  readonly signal: AbortSignal;
}

interface Named {
  readonly id: number;
  readonly name?: string;
  readonly username?: string;
}

const EACH = 5;

/** True when the letters of the text appear in the label in this order. */
export function matches(label: string, text: string): boolean {
  const letters = Array.from(text.toLowerCase().replaceAll(" ", ""));
  let from = 0;
  const lower = label.toLowerCase();
  return letters.every((letter) => {
    const at = lower.indexOf(letter, from);
    from = at + 1;
    return at >= 0;
  });
}

/** Asks the server for keys and, for admins, channels and users; a failing kind is left out. */
export async function findObjects(api: Api, question: Question): Promise<readonly Command[]> {
  const kinds: readonly Kind[] = question.isAdmin ? [CHANNELS, USERS, TOKENS] : [TOKENS];
  const found = await Promise.allSettled(
    kinds.map(async (kind) => {
      const query = { keyword: question.text, p: 0, page_size: EACH };
      const page = await api.page<Named>(kind.path, query, question.signal);
      return page.items.slice(0, EACH).map((item) => toCommand(kind, item));
    }),
  );
  return found.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
}

interface Kind {
  readonly path: string;
  readonly page: string;
  readonly icon: IconName;
}

const CHANNELS: Kind = { path: "/api/channel/", page: "/admin/channels", icon: "channels" };
const USERS: Kind = { path: "/api/user/", page: "/admin/users", icon: "user" };
const TOKENS: Kind = { path: "/api/token/", page: "/console/tokens", icon: "key" };

function toCommand(kind: Kind, item: Named): Command {
  return {
    path: `${kind.page}?id=${item.id}`,
    label: item.name ?? item.username ?? String(item.id),
    detail: `#${item.id}`,
    icon: kind.icon,
  };
}
