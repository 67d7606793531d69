import { Service, inject } from "@angular/core";
import { Locale } from "#core/i18n/locale";
import { Fault, isAbort } from "./fault";

/** Longest wait for an answer of the management API, in milliseconds. */
const DEADLINE_MS = 30_000;

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Replaces the usual deadline for calls that wait for an upstream, in milliseconds. */
  readonly deadlineMs?: number;
  /** Names a movement of money: the same name twice moves it once. */
  readonly idempotencyKey?: string;
}

/** The management API's envelope; some old routes put more members beside `data`. */
export interface Envelope<T> {
  readonly success: boolean;
  readonly message: string;
  readonly data: T;
  readonly total?: number;
  readonly time?: number;
  readonly balance?: number;
}

/** One page of a server-side list and the number of rows that match the whole filter. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
}

/** The only way out to `/api`: adds the deadline, opens the envelope, throws `Fault`. */
@Service()
export class Api {
  readonly #locale = inject(Locale);
  #signedOut: () => void = () => undefined;

  /** Registers what happens when the server no longer knows this browser's session. */
  onSignedOut(listener: () => void): void {
    this.#signedOut = listener;
  }

  async get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
    return (await this.send<T>(path, { query, signal })).data;
  }

  async page<T>(path: string, query: Query, signal?: AbortSignal): Promise<Page<T>> {
    const envelope = await this.send<readonly T[] | null>(path, { query, signal });
    const items = envelope.data ?? [];
    return { items, total: envelope.total ?? items.length };
  }

  async post<T>(path: string, body: unknown, deadlineMs = DEADLINE_MS): Promise<T> {
    return (await this.send<T>(path, { method: "POST", body, deadlineMs })).data;
  }

  /** Moves money; when no answer came, the same name can be sent again without moving it twice. */
  async move<T>(path: string, body: unknown, idempotencyKey: string): Promise<T> {
    return (await this.send<T>(path, { method: "POST", body, idempotencyKey })).data;
  }

  async put<T>(path: string, body: unknown, query?: Query): Promise<T> {
    return (await this.send<T>(path, { method: "PUT", body, query })).data;
  }

  async delete<T>(path: string, query?: Query): Promise<T> {
    return (await this.send<T>(path, { method: "DELETE", query })).data;
  }

  /** Sends one call and returns the whole envelope; a refusal is thrown as a `Fault`. */
  async send<T>(path: string, call: Call): Promise<Envelope<T>> {
    const response = await this.#fetch(path, call);
    const requestId = response.headers.get("x-request-id") ?? "";
    const envelope = await readEnvelope<T>(response, requestId);
    if (response.status === 401) this.#signedOut();
    if (!response.ok || !envelope.success) {
      const message = envelope.message || `${response.status} ${response.statusText}`;
      throw new Fault(message, { status: response.status, requestId });
    }
    return envelope;
  }

  async #fetch(path: string, call: Call): Promise<Response> {
    const deadline = AbortSignal.timeout(call.deadlineMs ?? DEADLINE_MS);
    try {
      return await fetch(path + queryString(call.query), {
        method: call.method ?? "GET",
        credentials: "same-origin",
        headers: {
          accept: "application/json",
          "accept-language": this.#locale.language(),
          "x-requested-with": "XMLHttpRequest",
          ...(call.body === undefined ? {} : { "content-type": "application/json" }),
          ...(call.idempotencyKey ? { "idempotency-key": call.idempotencyKey } : {}),
        },
        signal: call.signal ? AbortSignal.any([call.signal, deadline]) : deadline,
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      });
    } catch (error) {
      if (isAbort(error)) throw error;
      const key = deadline.aborted ? "fault.deadline" : "fault.offline";
      throw new Fault(this.#locale.translate(key), { status: 0 });
    }
  }
}

async function readEnvelope<T>(response: Response, requestId: string): Promise<Envelope<T>> {
  // Some old routes answer a success with an empty body; there is no data to expect from them.
  const text = (await response.text()) || JSON.stringify({ success: response.ok, message: "" });
  try {
    const envelope: Envelope<T> = JSON.parse(text);
    return envelope;
  } catch {
    throw new Fault(`${response.status} ${response.statusText}`, {
      status: response.status,
      requestId,
    });
  }
}

/** Builds `?a=b`, leaving out what is undefined or empty. */
function queryString(query: Query | undefined): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}
