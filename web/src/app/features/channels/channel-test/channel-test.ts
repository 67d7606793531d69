import { Component, computed, inject, input, output, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { isAbort, toFault } from "#core/api/fault";
import { Format } from "#core/format/format";
import { Badge } from "#ui/badge";
import { Drawer } from "#ui/drawer/drawer";
import { Icon } from "#ui/icon/icon";
import { type Channel, namesOf } from "../channel";

interface Result {
  readonly state: "running" | "ok" | "failed";
  readonly milliseconds: number;
  readonly message: string;
}

const AT_ONCE = 4;
const DEADLINE_MS = 120_000;

/** Sends a real, tiny call through one channel for each picked model, four at a time. */
@Component({
  selector: "tg-channel-test",
  imports: [Badge, Drawer, Icon, TranslocoDirective],
  templateUrl: "./channel-test.component.html",
  styles: `
    .answer {
      max-width: 1px;
      padding-block: 6px;
      color: var(--muted);
      white-space: pre-wrap;
    }
    .answer.bad {
      color: var(--bad);
    }
  `,
})
export class ChannelTest {
  readonly #api = inject(Api);
  protected readonly format = inject(Format);
  readonly channel = input.required<Channel>();
  readonly closed = output();
  readonly done = output<{ readonly id: number; readonly milliseconds: number }>();
  protected readonly text = signal("");
  protected readonly results = signal<Readonly<Record<string, Result>>>({});
  protected readonly models = computed(() => namesOf(this.channel().models));
  protected readonly shown = computed(() =>
    this.models().filter((model) => model.toLowerCase().includes(this.text().toLowerCase())),
  );
  protected readonly busy = computed(() =>
    Object.values(this.results()).some((result) => result.state === "running"),
  );

  protected async testAll(): Promise<void> {
    const waiting = [...this.shown()];
    const work = async (): Promise<void> => {
      for (let model = waiting.shift(); model; model = waiting.shift()) await this.test(model);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  protected async test(model: string): Promise<void> {
    this.#put(model, { state: "running", milliseconds: 0, message: "" });
    const started = performance.now();
    try {
      const answer = await this.#api.send(`/api/channel/test/${this.channel().id}`, {
        query: { model },
        deadlineMs: DEADLINE_MS,
      });
      const milliseconds = Math.round((answer.time ?? 0) * 1000) || performance.now() - started;
      this.#put(model, { state: "ok", milliseconds, message: answer.message });
      this.done.emit({ id: this.channel().id, milliseconds: Math.round(milliseconds) });
    } catch (error) {
      const message = isAbort(error) ? "" : toFault(error).message;
      this.#put(model, { state: "failed", milliseconds: performance.now() - started, message });
    }
  }

  #put(model: string, result: Result): void {
    this.results.update((results) => ({ ...results, [model]: result }));
  }
}
