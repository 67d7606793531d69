import { DOCUMENT, DestroyRef, Service, inject, signal } from "@angular/core";

export interface Shortcut {
  /** One key as `KeyboardEvent.key`, `mod+k`, or a pair such as `g t`. */
  readonly keys: string;
  /** Translation key of what it does, for the help sheet. */
  readonly label: string;
  readonly run: () => void;
}

const SEQUENCE_MS = 1_000;

/** Keyboard shortcuts of the whole page; single keys rest while somebody types. */
@Service()
export class Shortcuts {
  readonly active = signal<readonly Shortcut[]>([]);
  #prefix = "";
  #prefixAt = 0;

  constructor() {
    const document = inject(DOCUMENT);
    const listener = (event: KeyboardEvent): void => this.#handle(event);
    document.addEventListener("keydown", listener);
    inject(DestroyRef).onDestroy(() => document.removeEventListener("keydown", listener));
  }

  /** Adds shortcuts until the returned function is called; later ones win over earlier ones. */
  add(shortcuts: readonly Shortcut[]): () => void {
    this.active.update((active) => [...shortcuts, ...active]);
    return () =>
      this.active.update((active) => active.filter((entry) => !shortcuts.includes(entry)));
  }

  #handle(event: KeyboardEvent): void {
    const modified = event.ctrlKey || event.metaKey;
    if (event.defaultPrevented || event.altKey) return;
    if (!modified && isTyping(event.target)) return;
    const key = modified ? `mod+${event.key.toLowerCase()}` : event.key;
    const sequence = event.timeStamp - this.#prefixAt < SEQUENCE_MS ? `${this.#prefix} ${key}` : "";
    const active = this.active();
    const match =
      active.find((entry) => entry.keys === sequence) ?? active.find((entry) => entry.keys === key);
    this.#prefix = match ? "" : key;
    this.#prefixAt = event.timeStamp;
    if (!match) return;
    event.preventDefault();
    match.run();
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isField = ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
  const isCheckbox = target instanceof HTMLInputElement && target.type === "checkbox";
  return target.isContentEditable || (isField && !isCheckbox) || !!target.closest("[role=dialog]");
}
