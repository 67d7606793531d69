import { createServer, connect, type Socket } from "node:net";

/** What a link does to what passes it. */
export type LinkMode =
  | { readonly kind: "open" }
  /** Connections break, new ones break at once. */
  | { readonly kind: "cut" }
  /** Everything arrives, so much later. */
  | { readonly kind: "delay"; readonly ms: number }
  /** What goes to one side is swallowed while the connection stands: no answer, or no question, or neither. */
  | { readonly kind: "mute"; readonly towards: "client" | "server" | "both" }
  /** A request that holds these words arrives; its answer does not, and its connection breaks. */
  | { readonly kind: "lose"; readonly answersTo: string };

/** A TCP connection point between a client and a server of the system, with faults on demand. */
export interface ChaosLink {
  readonly name: string;
  readonly port: number;
  /** Leaving `mute` breaks the connections that were open: a stream with a hole in it is of no use. */
  setMode(mode: LinkMode): void;
  /** Breaks every connection; new ones are taken. */
  reset(): void;
  /** The server listens on another port from now on. */
  retarget(port: number): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** Nothing comes back on it any more. */
  isLost: boolean;
}

/** Time for the server to do what it was asked for. */
const lossMs = 100;

const open: LinkMode = { kind: "open" };

/** Opens a link to a port of this machine. */
export async function openChaosLink(name: string, targetPort: number): Promise<ChaosLink> {
  let target = targetPort;
  let mode: LinkMode = open;
  const pairs = new Set<Pair>();
  const reset = (): void => {
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    pairs.clear();
  };
  const listener = createServer((client) => {
    if (mode.kind === "cut") {
      client.resetAndDestroy();
      return;
    }
    const pair: Pair = { client, server: connect(target, "127.0.0.1"), isLost: false };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      pair.server.destroy();
    };
    const pump = (from: Socket, to: Socket, towards: "client" | "server"): void => {
      const direction = new Direction(from, to);
      from.setNoDelay(true);
      from.on("data", (chunk) => {
        if (mode.kind === "lose" && towards === "server" && chunk.includes(mode.answersTo)) {
          pair.isLost = true;
          setTimeout(end, lossMs);
        }
        const isMuted =
          mode.kind === "mute" && (mode.towards === towards || mode.towards === "both");
        if (!isMuted && (towards === "server" || !pair.isLost)) {
          direction.pass(chunk, mode.kind === "delay" ? mode.ms : 0);
        }
      });
      from.on("end", () => end());
      from.on("close", end);
      // A broken connection is what this file is for; both sides are closed by "close".
      from.on("error", () => undefined);
    };
    pump(client, pair.server, "server");
    pump(pair.server, client, "client");
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = listener.address();
  if (address === null || typeof address === "string") {
    throw new Error("a link has no port");
  }
  return {
    name,
    port: address.port,
    setMode: (next) => {
      const mustReset = next.kind === "cut" || mode.kind === "mute";
      mode = next;
      if (mustReset) {
        reset();
      }
    },
    reset,
    retarget: (port) => {
      target = port;
    },
    close: async () => {
      reset();
      await new Promise<void>((resolve) => {
        listener.close(() => resolve());
      });
    },
  };
}

/** One direction of a connection. Chunks leave in the order in which they came, whatever the mode does meanwhile. */
class Direction {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #queue: { readonly chunk: Buffer; readonly dueMs: number }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket) {
    this.#from = from;
    this.#to = to;
  }

  pass(chunk: Buffer, delayMs: number): void {
    const dueMs = Math.max(performance.now() + delayMs, this.#queue.at(-1)?.dueMs ?? 0);
    this.#queue.push({ chunk, dueMs });
    if (this.#timer === undefined) {
      this.#drain();
    }
  }

  #drain(): void {
    this.#timer = undefined;
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      const waitMs = head.dueMs - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#drain(), waitMs);
        return;
      }
      this.#queue.shift();
      this.#write(head.chunk);
    }
  }

  #write(chunk: Buffer): void {
    if (!this.#to.destroyed && !this.#to.write(chunk)) {
      this.#from.pause();
      this.#to.once("drain", () => this.#from.resume());
    }
  }
}
