import type { Api } from "./api.ts";

/** Adds /healthz (the process lives) and /readyz (the services behind have answered lately). */
export function registerHealthRoutes(api: Api, isReady: () => boolean): void {
  const options = { config: { access: "public" }, schema: { hide: true } } as const;
  api.get("/healthz", options, async () => ({ status: "ok" }));
  api.get("/readyz", options, async (_request, reply) => {
    const ready = isReady();
    reply.code(ready ? 200 : 503);
    return { status: ready ? "ok" : "waiting for quota and registry" };
  });
}
