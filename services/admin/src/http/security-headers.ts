import helmet from "@fastify/helmet";
import type { Api } from "./api.ts";

const hstsSeconds = 180 * 86_400;

/** Headers that tell browsers what pages of this server may do. `relayOrigin` may be called by the portal's playground. */
export async function registerSecurityHeaders(
  api: Api,
  relayOrigin: string | undefined,
): Promise<void> {
  await api.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "https:"],
        connectSrc: ["'self'", ...(relayOrigin === undefined ? [] : [relayOrigin])],
        // One API's home and about pages may be an iframe of another site.
        frameSrc: ["'self'", "https:"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
        baseUri: ["'self'"],
        objectSrc: ["'none'"],
      },
    },
    // The same-origin referrer tells our own requests from foreign ones where browsers send nothing better.
    referrerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
    strictTransportSecurity: false,
  });
  api.addHook("onRequest", async (request, reply) => {
    if (request.protocol === "https") {
      reply.header("strict-transport-security", `max-age=${hstsSeconds}`);
    }
  });
}
