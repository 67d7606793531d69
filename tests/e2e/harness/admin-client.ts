import assert from "node:assert/strict";

/** The management API as One API's tools use it: JSON envelopes and an access token. */
export interface AdminClient {
  /** Calls and returns `data`; fails the test with the server's message when `success` is false. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Calls and returns the whole envelope with its HTTP status. */
  raw(method: string, path: string, body?: unknown): Promise<Envelope>;
}

export interface Envelope {
  readonly status: number;
  readonly success: boolean;
  readonly message: string;
  readonly data: unknown;
  readonly total?: number;
}

export function createAdminClient(baseUrl: string, accessToken: string): AdminClient {
  const raw = async (method: string, path: string, body?: unknown): Promise<Envelope> => {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: accessToken,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const envelope = record(JSON.parse(text === "" ? "{}" : text));
    return {
      status: response.status,
      success: envelope["success"] === true,
      message: typeof envelope["message"] === "string" ? envelope["message"] : "",
      data: envelope["data"],
      ...(typeof envelope["total"] === "number" ? { total: envelope["total"] } : {}),
    };
  };
  return {
    raw,
    async call(method, path, body) {
      const envelope = await raw(method, path, body);
      assert.ok(envelope.success, `${method} ${path}: ${envelope.status} ${envelope.message}`);
      return envelope.data;
    },
  };
}

/** A JSON object, or a failed test. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  assert.ok(
    typeof value === "object" && value !== null && !Array.isArray(value),
    `not an object: ${JSON.stringify(value)}`,
  );
  return Object.fromEntries(Object.entries(value));
}

/** A JSON array of objects, or a failed test. */
export function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  assert.ok(Array.isArray(value), `not an array: ${JSON.stringify(value)}`);
  return value.map((item) => record(item));
}
