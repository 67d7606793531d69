import { DestroyRef, Service, computed, inject, resource, signal } from "@angular/core";
import { Api } from "#core/api/api";
import type { Charge } from "#core/format/format";
import { type Fault, isAbort, toFault } from "#core/api/fault";
import { LiveStream, type Topic } from "#core/live/live-stream";
import { type ChatAnswer, streamChat } from "#core/relay/stream-chat";
import { ServerStatus } from "#core/session/server-status";
import { type Message, PARAMETERS, requestBody } from "./playground";

interface OwnKey {
  readonly id: number;
  readonly name: string;
  readonly status: number;
  readonly key?: string;
}

interface LoggedCall extends Charge {
  readonly request_id: string;
}

const LOG_EVENTS: Topic<LoggedCall> = { name: "log" };
const HEARD_MAX = 50;

/** The conversation of one visit to the playground. */
@Service({ autoProvided: false })
export class PlaygroundSession {
  readonly #api = inject(Api);
  readonly #status = inject(ServerStatus);
  readonly messages = signal<readonly Message[]>([]);
  readonly answer = signal<ChatAnswer | undefined>(undefined);
  /** The newest calls of the log: one may be there before the answer's own id is. */
  readonly #heard = signal<readonly LoggedCall[]>([]);
  readonly cost = computed<Charge | undefined>(() => {
    const id = this.answer()?.requestId;
    return this.#heard().find((call) => call.request_id === id);
  });
  readonly fault = signal<Fault | undefined>(undefined);
  readonly parameters = signal(PARAMETERS);
  readonly system = signal("");
  readonly stream = signal(true);
  readonly model = signal("");
  readonly keyId = signal(0);
  /** A key typed by hand, for servers that do not show stored keys again. */
  readonly typedKey = signal("");
  readonly #abort = signal<AbortController | undefined>(undefined);
  readonly busy = computed(() => this.#abort() !== undefined);

  readonly keys = resource({
    loader: ({ abortSignal }) =>
      this.#api.page<OwnKey>("/api/token/", { p: 0, page_size: 100, status: 1 }, abortSignal),
  });
  readonly models = resource({
    loader: ({ abortSignal }) =>
      this.#api.get<readonly string[] | null>("/api/user/available_models", {}, abortSignal),
  });
  readonly usableKeys = computed(() =>
    this.keys.hasValue() ? this.keys.value().items.filter((key) => Boolean(key.key)) : [],
  );
  readonly modelNames = computed(() => (this.models.hasValue() ? (this.models.value() ?? []) : []));
  readonly chosenModel = computed(() => this.model() || (this.modelNames()[0] ?? ""));
  readonly apiKey = computed(() => {
    if (this.typedKey().trim() !== "") return this.typedKey().trim();
    const keys = this.usableKeys();
    const key = (keys.find((each) => each.id === this.keyId()) ?? keys[0])?.key ?? "";
    return key === "" || key.startsWith("sk-") ? key : `sk-${key}`;
  });
  readonly body = computed(() =>
    requestBody({
      model: this.chosenModel(),
      system: this.system(),
      messages: this.messages(),
      parameters: this.parameters(),
      stream: this.stream(),
    }),
  );

  readonly #sent = signal<unknown>(undefined);
  /** The last request as it was sent; before the first one, the one that would be sent. */
  readonly request = computed(() => this.#sent() ?? this.body());

  constructor() {
    const stop = inject(LiveStream).listen(LOG_EVENTS, (call) => {
      this.#heard.update((calls) => [call, ...calls].slice(0, HEARD_MAX));
    });
    inject(DestroyRef).onDestroy(() => {
      stop();
      this.stop();
    });
  }

  stop(): void {
    this.#abort()?.abort();
  }

  clear(): void {
    this.stop();
    this.messages.set([]);
    this.#sent.set(undefined);
    this.answer.set(undefined);
    this.fault.set(undefined);
  }

  /** Sends the text as the next turn and streams the answer in. */
  async send(text: string): Promise<void> {
    this.messages.update((messages) => [...messages, { role: "user", text }]);
    await this.#run();
  }

  /** Asks for another answer to the last question. */
  async again(): Promise<void> {
    this.messages.update((messages) =>
      messages.at(-1)?.role === "assistant" ? messages.slice(0, -1) : messages,
    );
    await this.#run();
  }

  async #run(): Promise<void> {
    const abort = new AbortController();
    this.#abort.set(abort);
    this.answer.set(undefined);
    this.fault.set(undefined);
    const before = this.messages();
    const body = this.body();
    this.#sent.set(body);
    const show = (answer: ChatAnswer): void => {
      this.answer.set(answer);
      this.messages.set([...before, { role: "assistant", text: answer.text }]);
    };
    try {
      const call = { origin: this.#status.relayBase(), apiKey: this.apiKey(), body };
      await streamChat({ ...call, signal: abort.signal }, show);
    } catch (error) {
      if (!isAbort(error)) this.fault.set(toFault(error));
    } finally {
      this.#abort.set(undefined);
    }
  }
}
