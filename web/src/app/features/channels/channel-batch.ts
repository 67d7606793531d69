import { Component, input, output, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import type { Choice } from "#ui/filter-select";
import type { BatchChange } from "./channel-actions";

/** Sets one member on all chosen channels: pick it, type its value, apply. */
@Component({
  selector: "tg-channel-batch",
  imports: [TranslocoDirective],
  template: `<form class="row" *transloco="let t" (submit)="apply($event)">
    <select
      #what
      class="select"
      [attr.aria-label]="t('channels.batch.member')"
      (change)="member.set($any(what.value))"
    >
      <option value="priority">{{ t("channels.priority") }}</option>
      <option value="weight">{{ t("channels.weight") }}</option>
      <option value="group">{{ t("channels.groups") }}</option>
    </select>
    @if (member() === "group") {
      <select
        #groupBox
        class="select"
        [attr.aria-label]="t('channels.groups')"
        (change)="value.set(groupBox.value)"
      >
        <option value=""></option>
        @for (group of groups(); track group.value) {
          <option [value]="group.value">{{ group.label }}</option>
        }
      </select>
    } @else {
      <input
        #numberBox
        class="input"
        type="number"
        [attr.aria-label]="t('channels.batch.value')"
        (input)="value.set(numberBox.value)"
      />
    }
    <button type="submit" class="button small" [disabled]="value() === ''">
      {{ t("channels.batch.apply") }}
    </button>
  </form>`,
  styles: `
    .select,
    .input {
      height: 28px;
    }
    .select {
      width: 110px;
    }
    .input {
      width: 72px;
    }
  `,
})
export class ChannelBatch {
  readonly groups = input.required<readonly Choice[]>();
  readonly applied = output<BatchChange>();
  protected readonly member = signal<"priority" | "weight" | "group">("priority");
  protected readonly value = signal("");

  protected apply(event: Event): void {
    event.preventDefault();
    const value = this.value();
    if (value === "") return;
    if (this.member() === "group") this.applied.emit({ group: value });
    else this.applied.emit({ [this.member()]: Math.trunc(Number(value)) });
  }
}
