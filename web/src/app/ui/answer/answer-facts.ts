import { Component, computed, inject, input } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { type Charge, Format } from "#core/format/format";
import { tokensPerSecond } from "#core/format/number-format";
import type { ChatAnswer } from "#core/relay/stream-chat";
import { Copyable } from "#ui/copyable";

/** The numbers under an answer: first token, total, tokens, speed, cost, request id. */
@Component({
  selector: "tg-answer-facts",
  imports: [Copyable, TranslocoDirective],
  template: `<dl *transloco="let t">
    @let facts = answer();
    <div>
      <dt>{{ t("logs.ttft") }}</dt>
      <dd>{{ facts.ttftMs ? format.duration(facts.ttftMs) : "–" }}</dd>
    </div>
    <div>
      <dt>{{ t("logs.duration") }}</dt>
      <dd>{{ format.duration(facts.totalMs) }}</dd>
    </div>
    <div>
      <dt>{{ t("answer.tokens") }}</dt>
      <dd>
        {{ format.integer(facts.promptTokens) }} → {{ format.integer(facts.completionTokens) }}
      </dd>
    </div>
    @if (speed(); as rate) {
      <div>
        <dt>{{ t("logs.speed") }}</dt>
        <dd>{{ t("logs.perSecond", { rate }) }}</dd>
      </div>
    }
    @if (cost(); as charge) {
      <div>
        <dt>{{ t("logs.cost") }}</dt>
        <dd>{{ format.cost(charge) }}</dd>
      </div>
    }
    @if (facts.requestId) {
      <div>
        <dt>{{ t("logs.requestId") }}</dt>
        <dd><tg-copyable [value]="facts.requestId" [mono]="true" /></dd>
      </div>
    }
  </dl>`,
  styles: `
    dl {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 20px;
      min-width: 0;
    }
    div {
      display: flex;
      align-items: center;
      gap: 6px;
      min-width: 0;
      font-size: 12px;
    }
    dt {
      color: var(--muted);
      white-space: nowrap;
    }
    dd {
      min-width: 0;
    }
  `,
})
export class AnswerFacts {
  protected readonly format = inject(Format);
  readonly answer = input.required<ChatAnswer>();
  /** Once the log has told. */
  readonly cost = input<Charge | undefined>(undefined);
  protected readonly speed = computed(() => {
    const { completionTokens, totalMs, ttftMs } = this.answer();
    return ttftMs ? tokensPerSecond(completionTokens, totalMs, ttftMs) : undefined;
  });
}
