import { DOCUMENT, DestroyRef, Service, inject, signal } from "@angular/core";

type Listener = (data: unknown) => void;

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
  readonly connected = signal(false);
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
  listen<T>(topic: "log" | "log_all" | "job", listener: (data: T) => void): () => void {
    const entry: Listener = (data) => listener(data as T);
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(entry));
    this.#refresh();
    return () => {
      listeners.delete(entry);
      if (listeners.size === 0) this.#listeners.delete(topic);
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
    source.onopen = () => {
      this.connected.set(true);
      this.#retryMs = FIRST_RETRY_MS;
    };
    source.onerror = () => {
      this.#close();
      this.#timer = setTimeout(() => this.#refresh(), this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
    };
    for (const event of ["log", "job"]) {
      source.addEventListener(event, (message) => this.#deliver(event, message.data));
    }
  }

  #deliver(event: string, text: string): void {
    const data: unknown = JSON.parse(text);
    const topics = event === "log" ? ["log", "log_all"] : [event];
    for (const topic of topics) {
      for (const listener of this.#listeners.get(topic) ?? []) listener(data);
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
    this.connected.set(false);
  }
}
