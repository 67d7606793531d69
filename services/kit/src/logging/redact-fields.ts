/** Masks what must never be in a log: by the name of the field first, then by the look of the text. */

const mask = "[redacted]";
const depthMax = 6;
const textLengthMax = 8192;

/** The last word of a field's name that makes its value a secret. Plurals are counts of LLM tokens as a rule, so only texts are masked. */
const secretWords: ReadonlySet<string> = new Set([
  "authorization",
  "cookie",
  "cookies",
  "credential",
  "credentials",
  "dsn",
  "key",
  "keys",
  "passphrase",
  "passwd",
  "password",
  "secret",
  "secrets",
  "token",
  "tokens",
  "apikey",
  "connstring",
]);

const secretLooks: readonly (readonly [RegExp, string])[] = [
  [/\bsk-[\w-]{8,}/gu, `sk-${mask}`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/giu, `$1 ${mask}`],
  [/:\/\/[^\s/:@]*:[^\s@]+@/gu, `://${mask}@`],
  [/\b(api_?key|key|token|secret|password|signature)=[^\s&"']+/giu, `$1=${mask}`],
];

/** A copy of the fields of a log line without secrets. Errors become plain objects with their causes. */
export function redactFields(fields: object): Record<string, unknown> {
  return redactObject(fields, 0);
}

/** True when a field of this name holds a secret: "apiKey", "access_token", "x-api-key", "Authorization". */
export function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/gu, "$1_$2")
    .toLowerCase()
    .split(/[^a-z\d]+/u)
    .filter((word) => word !== "");
  const last = words.at(-1) ?? "";
  return secretWords.has(last) || secretWords.has(words.slice(-2).join(""));
}

/** The text without anything that looks like a key or a password in a URL, cut to 8192 characters. */
export function redactText(text: string): string {
  let redacted = text.length > textLengthMax ? `${text.slice(0, textLengthMax)}…` : text;
  for (const [look, replacement] of secretLooks) {
    redacted = redacted.replaceAll(look, replacement);
  }
  return redacted;
}

function redactObject(fields: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    copy[name] = isSecretName(name) && canHoldSecret(value) ? mask : redactValue(value, depth + 1);
  }
  return copy;
}

function canHoldSecret(value: unknown): boolean {
  return typeof value === "string" ? value !== "" : typeof value === "object" && value !== null;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") {
    return redactText(value);
  }
  if (typeof value === "bigint") {
    return value.toString();
  }
  if (typeof value !== "object" || value === null || value instanceof Date) {
    return value;
  }
  if (depth > depthMax) {
    return "[deep]";
  }
  if (ArrayBuffer.isView(value)) {
    return `[${value.byteLength} bytes]`;
  }
  if (value instanceof Error) {
    return redactError(value, depth);
  }
  return Array.isArray(value)
    ? value.map((item: unknown) => redactValue(item, depth + 1))
    : redactObject(value, depth);
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {
    type: error.name,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ""),
  };
  for (const [name, value] of Object.entries(error)) {
    if (!(name in copy) && (typeof value === "string" || typeof value === "number")) {
      copy[name] = isSecretName(name) ? mask : redactValue(value, depth + 1);
    }
  }
  if (error.cause !== undefined) {
    copy["cause"] = redactValue(error.cause, depth + 1);
  }
  return copy;
}
