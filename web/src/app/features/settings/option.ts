/** One setting as `GET /api/option/` lists it; values are always texts. */
export interface Option {
  readonly key: string;
  readonly value: string;
}

export type OptionKind = "switch" | "number" | "json" | "text" | "secret";

const LONG_TEXTS: ReadonlySet<string> = new Set(["Notice", "About", "HomePageContent", "Footer"]);

/** How a setting is edited, judged by its name and present value. */
export function kindOf(option: Option): OptionKind {
  const { key, value } = option;
  if (/(Secret|Token|SecretKey)$/.test(key)) return "secret";
  if (value === "true" || value === "false" || key.endsWith("Enabled")) return "switch";
  if (/^\s*[{[]/.test(value) || LONG_TEXTS.has(key)) return "json";
  return /^-?\d+(\.\d+)?$/.test(value) ? "number" : "text";
}

export interface Section {
  /** Translation key. */
  readonly label: string;
  readonly test: RegExp;
}

/** The first section whose test fits takes the setting; the last one takes the rest. */
export const SECTIONS: readonly Section[] = [
  { label: "settings.section.pricing", test: /Ratio|Price/ },
  { label: "settings.section.email", test: /^SMTP|^MessagePusher/ },
  {
    label: "settings.section.signIn",
    test: /GitHub|Lark|WeChat|Oidc|Turnstile|Password|Register|Email/,
  },
  { label: "settings.section.quota", test: /Quota|Currency|TokenStat|ApproximateToken/ },
  { label: "settings.section.channels", test: /Channel|Retry/ },
  { label: "settings.section.logs", test: /^Log(?!o)/ },
  { label: "settings.section.general", test: /./ },
];

export function sectionOf(key: string): string {
  return SECTIONS.find((section) => section.test.test(key))?.label ?? "settings.section.general";
}

/** What is wrong with a new value, as a translation key; undefined when nothing is. */
export function faultOf(kind: OptionKind, value: string, before: string): string | undefined {
  if (kind === "number" && !/^-?\d+(\.\d+)?$/.test(value.trim())) return "error.number";
  if (kind !== "json" || !/^\s*[{[]/.test(before)) return undefined;
  try {
    JSON.parse(value);
    return undefined;
  } catch {
    return "error.json";
  }
}
