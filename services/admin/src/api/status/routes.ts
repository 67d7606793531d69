import { Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { readStatus, statusSchema } from "./wire.ts";

/** What the portal needs before anybody has signed in. */
export function registerStatusRoutes(api: Api, context: AdminContext): void {
  const startedAtSeconds = Math.floor(context.clock.nowMs() / 1000);
  const tags = ["status"];
  api.get(
    "/status",
    {
      config: { access: "public" },
      schema: {
        tags,
        summary: "What this installation is",
        response: { 200: successOf(statusSchema) },
      },
    },
    async () => success(await readStatus(context, startedAtSeconds)),
  );
  for (const [path, key] of [
    ["/notice", "Notice"],
    ["/about", "About"],
    ["/home_page_content", "HomePageContent"],
  ] as const) {
    api.get(
      path,
      {
        config: { access: "public" },
        schema: { tags, summary: `Option ${key}`, response: { 200: successOf(Type.String()) } },
      },
      async () => success((await context.options.read()).text(key)),
    );
  }
}
