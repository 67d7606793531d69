import { Component, DestroyRef, computed, inject, signal } from "@angular/core";
import { Router } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { type Fault, toFault } from "#core/api/fault";
import { type Charge, Format } from "#core/format/format";
import { Locale } from "#core/i18n/locale";
import { LiveStream, type Topic } from "#core/live/live-stream";
import { type ChatAnswer, streamChat } from "#core/relay/stream-chat";
import { ServerStatus } from "#core/session/server-status";
import { AnswerFacts } from "#ui/answer/answer-facts";
import { Copyable } from "#ui/copyable";
import { Icon } from "#ui/icon/icon";
import { Snippets } from "#ui/snippets/snippets";
import { SetupFlow } from "../setup-flow";

interface LoggedCall extends Charge {
  readonly model_name: string;
  readonly token_name: string;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly elapsed_time: number;
}

const LOG_EVENTS: Topic<LoggedCall> = { name: "log" };
const LOG_RETRY_MS = 700;
const LOG_TRIES = 8;

/** Hands over the first key, tries it inline, and shows the log row that the call left. */
@Component({
  selector: "tg-try-step",
  imports: [AnswerFacts, Copyable, Icon, Snippets, TranslocoDirective],
  templateUrl: "./try-step.component.html",
  styleUrl: "./try-step.scss",
})
export class TryStep {
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  protected readonly flow = inject(SetupFlow);
  protected readonly status = inject(ServerStatus);
  protected readonly format = inject(Format);
  protected readonly trying = signal(false);
  protected readonly busy = signal(false);
  protected readonly prompt = signal(inject(Locale).translate("setup.try.prompt"));
  protected readonly answer = signal<ChatAnswer | undefined>(undefined);
  protected readonly fault = signal<Fault | undefined>(undefined);
  protected readonly logged = signal<LoggedCall | undefined>(undefined);
  protected readonly warnsLocal = computed(() =>
    /^(https?:\/\/)?(localhost|127\.|\[::1\])/.test(this.status.relayOrigin()),
  );

  constructor() {
    const stop = inject(LiveStream).listen(LOG_EVENTS, (call) => this.#take(call));
    inject(DestroyRef).onDestroy(stop);
  }

  protected async send(): Promise<void> {
    this.busy.set(true);
    this.fault.set(undefined);
    try {
      const body = {
        model: this.flow.model(),
        messages: [{ role: "user", content: this.prompt() }],
        stream: true,
        stream_options: { include_usage: true },
      };
      const { signal: never } = new AbortController();
      const call = { origin: this.status.relayBase(), apiKey: this.flow.apiKey(), body };
      await streamChat({ ...call, signal: never }, (answer) => this.answer.set(answer));
      await this.#lookForLog();
    } catch (error) {
      this.fault.set(toFault(error));
    } finally {
      this.busy.set(false);
    }
  }

  protected leave(): void {
    void this.#router.navigateByUrl("/console");
  }

  #take(call: LoggedCall): void {
    this.logged.set(call);
    this.busy.set(false);
    this.flow.finish();
  }

  /** The event stream may be closed by a proxy in between; the log itself is asked then. */
  async #lookForLog(): Promise<void> {
    for (let tries = 0; tries < LOG_TRIES && !this.logged(); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, LOG_RETRY_MS));
      if (this.logged()) return;
      const query = { p: 0, page_size: 1, type: 2 };
      const { items } = await this.#api.page<LoggedCall>("/api/log/self", query);
      if (items[0]) this.#take(items[0]);
    }
  }
}
