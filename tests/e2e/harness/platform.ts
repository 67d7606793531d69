import type { AdminClient } from "./admin-client.ts";
import type { MockUpstream } from "#mock-upstream/server.ts";

/** A running Tollgate in one of its two forms, with root's access token and key. */
export interface Platform {
  readonly form: "standalone" | "split";
  /** Base URL of the relay, without a slash. */
  readonly relayUrl: string;
  /** Base URL of the management API and portal. */
  readonly adminUrl: string;
  /** Root's unlimited key, with `sk-`. */
  readonly rootKey: string;
  readonly rootPassword: string;
  readonly admin: AdminClient;
  /** kill -9 of the process that holds the service (in standalone: of everything), then a start on the same data. */
  crash(service: ServiceName): Promise<void>;
  /** What the processes wrote so far, for tests about logs. */
  output(): string;
  /** Process ids of Tollgate's own processes, without database and Redis. */
  pids(): readonly number[];
  /** The process that serves `/v1`. */
  relayPid(): number;
  stop(): Promise<void>;
}

export type ServiceName = "relay" | "quota" | "registry" | "scheduler" | "admin";

/** What every suite is given. */
export interface Scene {
  readonly platform: () => Platform;
  readonly upstream: () => MockUpstream;
}

export const ROOT_KEY = `sk-${"e2eRootKey".repeat(4)}12345678`;
export const ROOT_ACCESS_TOKEN = "0123456789abcdef0123456789abcdef";
export const PAYMENT_SECRET = "what the provider signs with";
export const ROOT_PASSWORD = "correct horse battery";
