import { Component, ElementRef, afterEveryRender, computed, inject, input } from "@angular/core";
import type { FieldTree } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Icon } from "#ui/icon/icon";

let fieldCount = 0;

/** Label above, control, help below, and the field's first error once it has been visited. */
@Component({
  selector: "tg-field",
  imports: [Icon, TranslocoDirective],
  template: `<div class="field" *transloco="let t">
    <label class="field">
      <span class="label">
        <span>{{ t(label()) }}</span>
        @if (optional()) {
          <span class="optional">{{ t("form.optional") }}</span>
        }
      </span>
      <ng-content />
    </label>
    @if (error(); as text) {
      <span class="error" role="alert" [id]="noteId"
        ><tg-icon name="alert" [size]="12" />{{ t(text) }}</span
      >
    } @else if (help()) {
      <span class="help" [id]="noteId">{{ t(help()) }}</span>
    }
  </div>`,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
  `,
})
export class Field {
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef);
  /** Translation keys. */
  readonly label = input.required<string>();
  readonly help = input("");
  readonly optional = input(false);
  readonly field = input<FieldTree<unknown> | undefined>(undefined);
  /** Translation key of an error that is found without a field tree. */
  readonly problem = input("");
  protected readonly noteId = `field-note-${(fieldCount += 1)}`;
  protected readonly error = computed(() => {
    if (this.problem()) return this.problem();
    const state = this.field()?.();
    if (!state?.touched()) return "";
    return state.errors()[0]?.message ?? "";
  });

  constructor() {
    // The control comes from outside and may come later; what stands below describes it and is no part of its name.
    afterEveryRender({ write: () => this.#describeControl() });
  }

  #describeControl(): void {
    const control = this.#host.nativeElement.querySelector("input, select, textarea");
    const noteId = this.error() || this.help() ? this.noteId : null;
    if (!control || control.getAttribute("aria-describedby") === noteId) return;
    if (noteId) control.setAttribute("aria-describedby", noteId);
    else control.removeAttribute("aria-describedby");
  }
}
