import assert from "node:assert/strict";

/** A reply with its body read. */
export interface TestReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; fails the test when it is none. */
  readonly json: Envelope;
}

/** One API's envelope, with whatever data. */
export interface Envelope {
  readonly success?: boolean;
  readonly message?: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test states what it expects of the data
  readonly data?: any;
  readonly total?: number;
  readonly [field: string]: unknown;
}

type TestHeaders = Readonly<Record<string, string>>;

/** A browser that keeps its cookies and says that its requests come from our own pages. */
export interface TestBrowser {
  readonly cookies: Map<string, string>;
  get(path: string, headers?: TestHeaders): Promise<TestReply>;
  post(path: string, body?: unknown, headers?: TestHeaders): Promise<TestReply>;
  put(path: string, body?: unknown, headers?: TestHeaders): Promise<TestReply>;
  delete(path: string, headers?: TestHeaders): Promise<TestReply>;
  /** Headers that carry the cookies, for requests made by hand. */
  cookieHeader(): string;
}

interface TestRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: TestHeaders | undefined;
}

/** Makes a browser without cookies. A header given as "" is left out. */
export function createTestBrowser(origin: string): TestBrowser {
  const cookies = new Map<string, string>();
  const cookieHeader = (): string => [...cookies].map((pair) => pair.join("=")).join("; ");
  const call = async ({ method, path, body, headers = {} }: TestRequest): Promise<TestReply> => {
    const all: Record<string, string> = {
      "sec-fetch-site": "same-origin",
      ...(cookies.size === 0 ? {} : { cookie: cookieHeader() }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    };
    const response = await fetch(origin + path, {
      method,
      redirect: "manual",
      headers: Object.entries(all).filter(([, value]) => value !== ""),
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      keepCookie(cookies, line);
    }
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      get json() {
        assert.ok(text.startsWith("{"), `not a JSON object: ${text}`);
        const parsed: Envelope = JSON.parse(text);
        return parsed;
      },
    };
  };
  return {
    cookies,
    cookieHeader,
    get: async (path, headers) => call({ method: "GET", path, headers }),
    post: async (path, body, headers) => call({ method: "POST", path, body, headers }),
    put: async (path, body, headers) => call({ method: "PUT", path, body, headers }),
    delete: async (path, headers) => call({ method: "DELETE", path, headers }),
  };
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = ""] = line.split(";");
  const [name = "", value = ""] = pair.split("=", 2);
  if (value === "") {
    cookies.delete(name);
  } else {
    cookies.set(name, value);
  }
}
