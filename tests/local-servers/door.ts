import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { freePort } from "@tollgate/local/free-port";

/** A port in front of a server. While it is shut nobody listens there, as if the server had not started or had gone. */
export interface Door extends AsyncDisposable {
  readonly port: number;
  readonly open: () => Promise<void>;
  /** Also cuts every connection that went through it. */
  readonly shut: () => Promise<void>;
}

/** Makes a door that is shut. */
export async function createDoor(serverPort: number): Promise<Door> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    // A cut connection is what this is for; either end takes the other with it.
    socket.on("error", () => other.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const server = createServer((client) => {
    const upstream = connect({ host: "127.0.0.1", port: serverPort });
    keep(client, upstream);
    keep(upstream, client);
    client.pipe(upstream).pipe(client);
  });
  const shut = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    sockets.forEach((socket) => socket.destroy());
    await closed;
  };
  return {
    port,
    open: async () =>
      new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host: "127.0.0.1", port }, resolve);
      }),
    shut,
    [Symbol.asyncDispose]: shut,
  };
}
