/** What the server refused or failed to do, in words that can be shown as they are. */
export class Fault extends Error {
  /** HTTP status, or 0 when no answer came at all. */
  readonly status: number;
  /** Identifies the call in the server's log; empty when the server named none. */
  readonly requestId: string;

  constructor(message: string, details: { readonly status: number; readonly requestId?: string }) {
    super(message);
    this.name = "Fault";
    this.status = details.status;
    this.requestId = details.requestId ?? "";
  }
}

/** Turns anything thrown into a fault; programming errors keep their message. */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  return new Fault(error instanceof Error ? error.message : String(error), { status: 0 });
}

/** True when the caller itself gave up the call, which is nothing to report. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
