/**
 * How the mock misbehaves. A channel chooses by its base URL: `http://host:port/b/<name>`, several joined by "+", for
 * example `/b/no-usage+slow-20`. Every name may carry one number.
 */
export interface Behaviour {
  readonly name: string;
  /** Answer with this status and an error body. */
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  /** Answer 200 with this content type and text instead of a reply. */
  readonly page?: { readonly contentType: string; readonly text: string };
  /** Never answer. */
  readonly silent?: boolean;
  /** Send headers for ever. */
  readonly endlessHeader?: boolean;
  /** Stop talking after this many events, socket open. */
  readonly stallAfter?: number;
  /** Destroy the socket after this many events. */
  readonly cutAfter?: number;
  /** Report an error inside the stream after this many events. */
  readonly errorAfter?: number;
  readonly withoutUsage?: boolean;
  /** End lines with CR LF. */
  readonly crlf?: boolean;
  /** Hand the stream to the socket byte by byte. */
  readonly byteByByte?: boolean;
  /** Put comments between events. */
  readonly comments?: boolean;
  /** One event of this many KiB. */
  readonly hugeLineKiB?: number;
  /** Milliseconds between events (and before a whole reply). */
  readonly pauseMs?: number;
}

type Reading = (value: number) => Omit<Behaviour, "name">;

const READINGS: Readonly<Record<string, Reading>> = {
  ok: () => ({}),
  status: (status) => ({ status }),
  "retry-after": (retryAfterSeconds) => ({ retryAfterSeconds }),
  html: () => ({
    page: { contentType: "text/html", text: "<html><body><h1>502 Bad Gateway</h1></body></html>" },
  }),
  "not-json": () => ({
    page: { contentType: "application/json", text: '{"id": "chatcmpl-1", "cho' },
  }),
  empty: () => ({ page: { contentType: "application/json", text: "" } }),
  silent: () => ({ silent: true }),
  "endless-header": () => ({ endlessHeader: true }),
  stall: (stallAfter) => ({ stallAfter }),
  cut: (cutAfter) => ({ cutAfter }),
  "error-event": (errorAfter) => ({ errorAfter }),
  "no-usage": () => ({ withoutUsage: true }),
  crlf: () => ({ crlf: true }),
  bytes: () => ({ byteByByte: true }),
  comments: () => ({ comments: true }),
  "huge-line": (hugeLineKiB) => ({ hugeLineKiB }),
  slow: (pauseMs) => ({ pauseMs }),
};

export function behaviourOf(name: string): Behaviour {
  return Object.assign({ name }, ...name.split("+").map((part) => readPart(part)));
}

function readPart(part: string): Omit<Behaviour, "name"> {
  const [, word = "", number] = /^([a-z-]+?)(?:-(\d+))?$/u.exec(part) ?? [];
  const reading = READINGS[word];
  if (reading === undefined) {
    throw new Error(`the mock upstream knows no behaviour "${part}"`);
  }
  return reading(Number(number ?? 0));
}
