/** The built portal as static files, with index.html for every page of the application. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import serveFiles from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Api } from "./api.ts";
import { failure } from "./envelope.ts";

// The build puts a hash into the names of files whose content never changes under that name.
const hashedName = /[-.][A-Z0-9]{8,}\.(?:js|css|woff2?|svg|png|webp|map)(?:\.(?:br|gz))?$/iu;
const apiPaths = /^\/(?:api|v1|v1beta)(?:[/?]|$)/u;

/** Serves the folder `portalDir`; answers every path that no route has. The folder may appear or change at any time. */
export async function registerPortal(api: Api, portalDir: string): Promise<void> {
  const index = join(portalDir, "index.html");
  await api.register(serveFiles, {
    root: portalDir,
    serve: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header(
        "cache-control",
        hashedName.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
      );
    },
  });
  api.get("/*", { config: { access: "public" }, schema: { hide: true } }, (request, reply) => {
    const path = decodePath(request.url);
    if (path === undefined || path === "/" || apiPaths.test(request.url)) {
      reply.callNotFound();
    } else {
      reply.sendFile(path);
    }
  });
  api.setNotFoundHandler((request, reply) => {
    if (apiPaths.test(request.url)) {
      replyUnknownApiPath(request, reply);
    } else if (!isNavigation(request)) {
      reply.code(404).send(failure("There is nothing at this address."));
    } else if (existsSync(index)) {
      reply.sendFile("index.html");
    } else {
      reply.code(503).type("text/html; charset=utf-8").send(missingBuildPage);
    }
  });
}

function replyUnknownApiPath(request: FastifyRequest, reply: FastifyReply): void {
  const [path = ""] = request.url.split("?");
  reply.code(404).send({
    error: {
      message: `Invalid URL (${request.method} ${path})`,
      type: "invalid_request_error",
      param: "",
      code: "",
    },
  });
}

/** A person opening a page, as opposed to a page asking for a file. The front page is a page to everybody. */
function isNavigation(request: FastifyRequest): boolean {
  const isReading = request.method === "GET" || request.method === "HEAD";
  const isPage = request.url === "/" || (request.headers.accept ?? "").includes("text/html");
  return isReading && isPage;
}

function decodePath(url: string): string | undefined {
  const [path = ""] = url.split("?");
  try {
    return decodeURIComponent(path);
  } catch {
    // Not a path that a file could have.
    return undefined;
  }
}

const missingBuildPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>The portal is not built</title>
  </head>
  <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
    <h1>The portal is not built</h1>
    <p>The API works. To get the portal, run this in the folder of the project and reload:</p>
    <pre>npm run build -w web</pre>
    <p>If the build lies elsewhere, name its folder in the environment variable <code>PORTAL_DIR</code>.</p>
  </body>
</html>
`;
