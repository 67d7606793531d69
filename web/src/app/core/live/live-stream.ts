import { DOCUMENT, DestroyRef, Service, inject } from "@angular/core";

type Listener = (text: string) => void;

/** A kind of event and the type of its data. */
export interface Topic<T> {
  readonly name: "log" | "log_all" | "job";
  /** Never set; it only carries the type. */
  readonly data?: T;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
const HIDDEN_MS = 60_000;

/**
 * The one event stream of this tab. It carries the topics that somebody listens to, comes back by
 * itself with growing pauses, and rests while the tab has been hidden for a minute.
 */
@Service()
export class LiveStream {
  readonly #document = inject(DOCUMENT);
  readonly #listeners = new Map<string, Set<Listener>>();
  #source: EventSource | undefined;
  #topics = "";
  #retryMs = FIRST_RETRY_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const onVisibility = (): void => this.#onVisibility();
    this.#document.addEventListener("visibilitychange", onVisibility);
    inject(DestroyRef).onDestroy(() => {
      this.#document.removeEventListener("visibilitychange", onVisibility);
      this.#close();
    });
  }

  /** Hears events of a topic until the returned function is called. */
  listen<T>({ name }: Topic<T>, listener: (data: T) => void): () => void {
    const entry: Listener = (text) => {
      const data: T = JSON.parse(text);
      listener(data);
    };
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(entry));
    this.#refresh();
    return () => {
      listeners.delete(entry);
      if (listeners.size === 0) this.#listeners.delete(name);
      this.#refresh();
    };
  }

  #refresh(): void {
    const topics = [...this.#listeners.keys()].sort().join(",");
    if (topics === this.#topics && this.#source) return;
    this.#topics = topics;
    this.#close();
    if (topics !== "") this.#open();
  }

  #open(): void {
    const source = new EventSource(`/api/stream?topics=${this.#topics}`);
    this.#source = source;
    source.addEventListener("open", () => {
      this.#retryMs = FIRST_RETRY_MS;
    });
    source.addEventListener("error", () => {
      this.#close();
      this.#timer = setTimeout(() => this.#refresh(), this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
    });
    for (const event of ["log", "job"]) {
      source.addEventListener(event, (message) => this.#deliver(event, message.data));
    }
  }

  #deliver(event: string, text: string): void {
    const topics = event === "log" ? ["log", "log_all"] : [event];
    for (const topic of topics) {
      for (const listener of this.#listeners.get(topic) ?? []) listener(text);
    }
  }

  #onVisibility(): void {
    clearTimeout(this.#timer);
    if (this.#document.hidden) this.#timer = setTimeout(() => this.#close(), HIDDEN_MS);
    else this.#refresh();
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }
}
