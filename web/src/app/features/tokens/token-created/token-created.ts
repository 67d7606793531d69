import { Component, DestroyRef, computed, inject, input, output, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { type Charge, Format } from "#core/format/format";
import { LiveStream, type Topic } from "#core/live/live-stream";
import { ServerStatus } from "#core/session/server-status";
import { Copyable } from "#ui/copyable";
import { Drawer } from "#ui/drawer/drawer";
import { Icon } from "#ui/icon/icon";
import { Snippets } from "#ui/snippets/snippets";
import { type Token, fullKey, listOf } from "../token";

interface FirstCall extends Charge {
  readonly token_name: string;
  readonly model_name: string;
  readonly elapsed_time: number;
}

const LOG_EVENTS: Topic<FirstCall> = { name: "log" };

/** Hands over a key with calls to copy, and says so when the first call has come in. */
@Component({
  selector: "tg-token-created",
  imports: [Copyable, Drawer, Icon, Snippets, TranslocoDirective],
  template: `<tg-drawer
    *transloco="let t"
    [heading]="t('tokens.useIt', { name: token().name })"
    (closed)="closed.emit()"
  >
    <div class="stack">
      @if (isNew()) {
        <p class="notice warn"><tg-icon name="key" />{{ t("tokens.shownOnce") }}</p>
      }
      <dl class="facts">
        <dt>{{ t("tokens.baseUrl") }}</dt>
        <dd><tg-copyable [value]="status.relayOrigin() + '/v1'" [mono]="true" /></dd>
        <dt>{{ t("tokens.key") }}</dt>
        <dd><tg-copyable [value]="key()" [mono]="true" /></dd>
      </dl>
      <tg-snippets [origin]="status.relayOrigin()" [apiKey]="key()" [model]="model()" />
      @if (firstCall(); as call) {
        <p class="notice ok" role="status">
          <tg-icon name="check-circle" />
          {{
            t("tokens.firstCall", {
              model: call.model_name,
              cost: format.cost(call),
              time: format.duration(call.elapsed_time),
            })
          }}
        </p>
      } @else {
        <p class="notice" role="status">
          <tg-icon name="loader" [spin]="true" />{{ t("tokens.waiting") }}
        </p>
      }
    </div>
    <footer>
      <button type="button" class="button primary" (click)="closed.emit()">
        {{ t(isNew() ? "tokens.stored" : "action.close") }}
      </button>
    </footer>
  </tg-drawer>`,
})
export class TokenCreated {
  protected readonly status = inject(ServerStatus);
  protected readonly format = inject(Format);
  readonly token = input.required<Token>();
  readonly isNew = input(true);
  readonly closed = output();
  protected readonly firstCall = signal<FirstCall | undefined>(undefined);
  protected readonly key = computed(() => fullKey(this.token()) ?? "sk-…");
  protected readonly model = computed(() => listOf(this.token().models)[0] ?? "gpt-4o-mini");

  constructor() {
    const stop = inject(LiveStream).listen(LOG_EVENTS, (call) => {
      if (call.token_name === this.token().name) this.firstCall.set(call);
    });
    inject(DestroyRef).onDestroy(stop);
  }
}
