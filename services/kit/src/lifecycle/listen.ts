import type { Server } from "node:net";

/** Where to listen, and what for, as a person would say it: "gRPC", "HTTP". */
export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly what: string;
}

interface Listener {
  listen(options: { readonly host: string; readonly port: number }): unknown;
  address(): ReturnType<Server["address"]>;
  once(event: "listening" | "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
  off(event: "listening" | "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** Starts to listen and resolves with the port. Rejects with one clear sentence, for example when the port is taken. */
export async function listen(
  server: Listener,
  { host, port, what }: ListenOptions,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      reject(new Error(describeFailure(error, `${what} on ${host}:${port}`), { cause: error }));
    };
    server.once("error", fail);
    server.once("listening", () => {
      server.off("error", fail);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
    server.listen({ host, port });
  });
}

function describeFailure(error: NodeJS.ErrnoException, what: string): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `cannot serve ${what}: the port is taken by another process`;
    case "EACCES":
      return `cannot serve ${what}: this user may not use that port`;
    case "EADDRNOTAVAIL":
      return `cannot serve ${what}: this machine does not have that address`;
    default:
      return `cannot serve ${what}: ${error.message}`;
  }
}
