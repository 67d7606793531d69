import { Service, signal } from "@angular/core";
import { toFault } from "#core/api/fault";

export interface Toast {
  readonly id: number;
  readonly tone: "ok" | "bad" | "info";
  readonly text: string;
  readonly requestId: string;
  /** Translation key of the one action, such as undo. */
  readonly actionLabel: string;
  readonly action: (() => void) | undefined;
}

const SHORT_MS = 4_000;
const LONG_MS = 10_000;
const MOST = 4;

/** Short messages about what has just happened. */
@Service()
export class Toasts {
  readonly shown = signal<readonly Toast[]>([]);
  #nextId = 1;

  done(text: string): void {
    this.#show({ tone: "ok", text }, SHORT_MS);
  }

  error(text: string, requestId = ""): void {
    this.#show({ tone: "bad", text, requestId }, LONG_MS);
  }

  /** Says what was thrown, with the id that finds it in the server's log. */
  fault(thrown: unknown): void {
    const { message, requestId } = toFault(thrown);
    this.error(message, requestId);
  }

  /** Says what happened and offers to take it back for ten seconds. */
  undoable(text: string, undo: () => void): void {
    this.#show({ tone: "ok", text, actionLabel: "action.undo", action: undo }, LONG_MS);
  }

  dismiss(id: number): void {
    this.shown.update((shown) => shown.filter((toast) => toast.id !== id));
  }

  #show(toast: Partial<Toast> & Pick<Toast, "tone" | "text">, milliseconds: number): void {
    const id = this.#nextId++;
    const whole: Toast = { requestId: "", actionLabel: "", action: undefined, ...toast, id };
    this.shown.update((shown) => [...shown, whole].slice(-MOST));
    setTimeout(() => this.dismiss(id), milliseconds);
  }
}
