import type { Timer } from "@tollgate/kit/clock/clock";
import { limits } from "#limits.ts";
import type { PipelinePorts } from "#pipeline/ports.ts";

/** Reads a stream to its end for a client that has left: bounded in time and bytes. Holds a slot of {@link PipelinePorts.drains}. */
export class StreamDrain {
  readonly #ports: Pick<PipelinePorts, "drains">;
  readonly #timer: Timer;
  #bytes = 0;

  constructor(ports: Pick<PipelinePorts, "clock" | "drains">, onExpired: () => void) {
    this.#ports = ports;
    this.#timer = ports.clock.setTimeout(onExpired, limits.drainMs);
  }

  /** False = that is more than is read for nobody. */
  mayRead(bytes: number): boolean {
    this.#bytes += bytes;
    return this.#bytes <= limits.drainBytesMax;
  }

  /** To be called once. */
  close(): void {
    this.#timer.cancel();
    this.#ports.drains.release();
  }
}
