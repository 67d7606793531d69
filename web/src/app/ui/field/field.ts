import { Component, computed, input } from "@angular/core";
import type { FieldTree } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Icon } from "#ui/icon/icon";

/** Label above, control, help below, and the field's first error once it has been visited. */
@Component({
  selector: "tg-field",
  imports: [Icon, TranslocoDirective],
  template: `<label class="field" *transloco="let t">
    <span class="label">
      <span>{{ t(label()) }}</span>
      @if (optional()) {
        <span class="optional">{{ t("form.optional") }}</span>
      }
    </span>
    <ng-content />
    @if (error(); as text) {
      <span class="error" role="alert"><tg-icon name="alert" [size]="12" />{{ t(text) }}</span>
    } @else if (help()) {
      <span class="help">{{ t(help()) }}</span>
    }
  </label>`,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
  `,
})
export class Field {
  /** Translation keys. */
  readonly label = input.required<string>();
  readonly help = input("");
  readonly optional = input(false);
  readonly field = input<FieldTree<unknown> | undefined>(undefined);
  /** Translation key of an error that is found without a field tree. */
  readonly problem = input("");
  protected readonly error = computed(() => {
    if (this.problem()) return this.problem();
    const state = this.field()?.();
    if (!state?.touched()) return "";
    return state.errors()[0]?.message ?? "";
  });
}
