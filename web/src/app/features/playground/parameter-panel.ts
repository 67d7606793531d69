import { Component, model } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import type { Parameter } from "./playground";

/** The sampling parameters, each with its own switch: off means not sent. */
@Component({
  selector: "tg-parameter-panel",
  imports: [TranslocoDirective],
  template: `<fieldset class="stack-tight" *transloco="let t">
    <legend class="visually-hidden">{{ t("playground.parameters") }}</legend>
    @for (entry of parameters(); track entry.name) {
      <div class="line">
        <label class="check grow">
          <input
            #flag
            type="checkbox"
            class="switch"
            [checked]="entry.on"
            (change)="change(entry.name, { on: flag.checked })"
          />
          <span class="mono truncate">{{ entry.name }}</span>
        </label>
        <input
          #box
          class="input"
          type="number"
          [attr.aria-label]="entry.name"
          [min]="entry.min"
          [max]="entry.max"
          [step]="entry.step"
          [disabled]="!entry.on"
          [value]="entry.value"
          (change)="change(entry.name, { value: clamp(entry, box.valueAsNumber) })"
        />
      </div>
    }
  </fieldset>`,
  styles: `
    .line {
      display: flex;
      align-items: center;
      gap: 8px;
    }
    .input {
      width: 72px;
      height: 28px;
    }
  `,
})
export class ParameterPanel {
  readonly parameters = model.required<readonly Parameter[]>();

  protected change(name: string, change: Partial<Parameter>): void {
    this.parameters.update((all) =>
      all.map((each) => (each.name === name ? { ...each, ...change } : each)),
    );
  }

  protected clamp(parameter: Parameter, value: number): number {
    if (!Number.isFinite(value)) return parameter.value;
    return Math.max(parameter.min, Math.min(parameter.max, value));
  }
}
