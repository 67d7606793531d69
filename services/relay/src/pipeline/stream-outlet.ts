import type { ClientLink } from "#pipeline/client-link.ts";

/** The client's side of a stream: events that lie side by side leave with one write. */
export class StreamOutlet {
  hasSent = false;
  /** The client reads too slowly. */
  isBlocked = false;
  readonly #client: ClientLink;
  /** Events that go out with the next write: `#run.subarray(#runStart, #runEnd)`. */
  #run: Uint8Array | undefined;
  #runStart = 0;
  #runEnd = 0;
  #text = "";
  #isClosed = false;

  constructor(client: ClientLink) {
    this.#client = client;
  }

  /** The client has left: nothing goes out any more. */
  close(): void {
    this.#isClosed = true;
    this.isBlocked = false;
  }

  addText(text: string): void {
    this.#text += text;
  }

  extendRun(bytes: Uint8Array, start: number, end: number): void {
    if (this.#run !== bytes || this.#runEnd !== start) {
      this.flush();
      this.#run = bytes;
      this.#runStart = start;
    }
    this.#runEnd = end;
  }

  flush(): void {
    if (this.#run !== undefined) {
      const bytes = this.#run.subarray(this.#runStart, this.#runEnd);
      this.#run = undefined;
      this.#send(bytes);
    }
    if (this.#text !== "") {
      const text = this.#text;
      this.#text = "";
      this.#send(text);
    }
  }

  /** Ends the stream with its last bytes. */
  end(last: Uint8Array | string): void {
    if (!this.hasSent) {
      this.#client.openStream();
    }
    this.#client.end(last);
  }

  #send(bytes: Uint8Array | string): void {
    if (this.#isClosed) {
      return;
    }
    if (!this.hasSent) {
      this.hasSent = true;
      this.#client.openStream();
    }
    this.isBlocked = !this.#client.write(bytes) || this.isBlocked;
  }
}
