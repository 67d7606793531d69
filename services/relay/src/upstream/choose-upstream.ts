import type { Upstream } from "#upstream/upstream.ts";

/** Sends `demo:` to the built-in upstream and everything else over HTTP. */
export function chooseUpstream(http: Upstream, demo: Upstream): Upstream {
  return {
    send: (head, body) => (head.url.startsWith("demo:") ? demo : http).send(head, body),
    close: async () => {
      await Promise.all([http.close(), demo.close()]);
    },
  };
}
