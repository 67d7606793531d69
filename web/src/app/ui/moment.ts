import { Component, computed, inject, input } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { Copyable } from "#ui/copyable";

/** A point in time (unix seconds): exact, with zone and distance on hover; 0 or -1 means none. */
@Component({
  selector: "tg-moment",
  imports: [Copyable, TranslocoDirective],
  template: `<ng-container *transloco="let t">
    @if (known()) {
      <tg-copyable
        [value]="exact()"
        [text]="shown()"
        [hint]="hint()"
        [icon]="false"
        [clip]="false"
      />
    } @else {
      <span class="muted">{{ t(none()) }}</span>
    }
  </ng-container>`,
})
export class Moment {
  readonly #format = inject(Format);
  readonly at = input.required<number | null | undefined>();
  readonly relative = input(false);
  /** Translation key for "there is none". */
  readonly none = input("time.never");
  protected readonly known = computed(() => (this.at() ?? 0) > 0);
  protected readonly exact = computed(() => this.#format.timestamp(this.at() ?? 0));
  protected readonly hint = computed(() => this.#format.moment(this.at() ?? 0));
  protected readonly shown = computed(() =>
    this.relative() ? this.#format.relative(this.at() ?? 0) : this.exact(),
  );
}
