import type { Surface } from "#surfaces/surface.ts";

export type Route =
  | { readonly kind: "call"; readonly surface: Surface; readonly pathModel?: string }
  | { readonly kind: "models" }
  | { readonly kind: "model"; readonly id: string }
  | { readonly kind: "subscription" }
  | { readonly kind: "usage" }
  | { readonly kind: "healthz" }
  | { readonly kind: "readyz" }
  | { readonly kind: "not-implemented" }
  | { readonly kind: "unknown" };

export interface Routes {
  readonly find: (method: string, path: string) => Route;
  /** True for every path that belongs to the relay, also those that it answers with 404. */
  readonly matches: (path: string) => boolean;
}

/** Paths that One API knows and this relay does not serve. */
const notImplemented =
  /^\/v1\/(?:images|files|fine_tuning|assistants|threads|audio|moderations|edits|oneapi\/proxy)(?:\/|$)/u;
const ours = /^\/(?:v1|v1beta)(?:\/|$)/u;
const modelPrefix = "/v1/models/";

export function createRoutes(surfaces: readonly Surface[]): Routes {
  const pages = new Map<string, Route>([
    ["/healthz", { kind: "healthz" }],
    ["/readyz", { kind: "readyz" }],
    ["/v1/models", { kind: "models" }],
    ["/dashboard/billing/subscription", { kind: "subscription" }],
    ["/v1/dashboard/billing/subscription", { kind: "subscription" }],
    ["/dashboard/billing/usage", { kind: "usage" }],
    ["/v1/dashboard/billing/usage", { kind: "usage" }],
  ]);
  const calls = new Map<string, Route>();
  const patterns: { readonly pattern: RegExp; readonly surface: Surface }[] = [];
  for (const surface of surfaces) {
    for (const path of surface.paths) {
      if (path.includes("/:model")) {
        const pattern = new RegExp(`^${path.replace(":model", "(.{1,512})")}$`, "u");
        patterns.push({ pattern, surface });
      } else {
        calls.set(path, { kind: "call", surface });
      }
    }
  }
  const fixed: Readonly<Record<string, ReadonlyMap<string, Route> | undefined>> = {
    GET: pages,
    POST: calls,
  };
  return {
    find: (method, path) => fixed[method]?.get(path) ?? findPattern(patterns, method, path),
    matches: (path) => calls.has(path) || ours.test(path) || pages.has(path),
  };
}

function findPattern(
  patterns: readonly { readonly pattern: RegExp; readonly surface: Surface }[],
  method: string,
  path: string,
): Route {
  if (path.startsWith(modelPrefix) && method === "GET") {
    return { kind: "model", id: decodePath(path.slice(modelPrefix.length)) };
  }
  if (method === "POST") {
    for (const { pattern, surface } of patterns) {
      const pathModel = pattern.exec(path)?.[1];
      if (pathModel !== undefined) {
        return { kind: "call", surface, pathModel: decodePath(pathModel) };
      }
    }
  }
  const isKnown =
    notImplemented.test(path) || (path.startsWith(modelPrefix) && method === "DELETE");
  return { kind: isKnown ? "not-implemented" : "unknown" };
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not encoded after all: taken as it stands.
    return text;
  }
}
