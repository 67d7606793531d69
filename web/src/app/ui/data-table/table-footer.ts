import { Component, computed, inject, input } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import type { ListFrame } from "#core/list/list";
import { PAGE_SIZES } from "#core/list/table-state";
import { Icon } from "#ui/icon/icon";

/** Totals of the whole filter, page size and page buttons. */
@Component({
  selector: "tg-table-footer",
  imports: [Icon, TranslocoDirective],
  template: `<div class="table-footer" *transloco="let t">
    <span aria-live="polite">
      @if (list().ready()) {
        {{ t("table.range", { from: from(), to: to(), total: format.integer(list().total()) }) }}
      }
    </span>
    <ng-content />
    <span class="grow"></span>
    <label class="row">
      {{ t("table.pageSize") }}
      <select
        #sizeBox
        class="select"
        [value]="list().state().size"
        (change)="list().change({ size: +sizeBox.value })"
      >
        @for (size of sizes; track size) {
          <option [value]="size" [selected]="size === list().state().size">{{ size }}</option>
        }
      </select>
    </label>
    <span class="nowrap">{{ t("table.page", { page: page() + 1, pages: pages() }) }}</span>
    <span class="row">
      <button
        type="button"
        class="button small icon-only"
        [attr.aria-label]="t('table.previous')"
        [disabled]="page() === 0"
        (click)="list().change({ page: page() - 1 })"
      >
        <tg-icon name="chevron-left" />
      </button>
      <button
        type="button"
        class="button small icon-only"
        [attr.aria-label]="t('table.next')"
        [disabled]="page() + 1 >= pages()"
        (click)="list().change({ page: page() + 1 })"
      >
        <tg-icon name="chevron-right" />
      </button>
    </span>
  </div>`,
})
export class TableFooter {
  protected readonly format = inject(Format);
  readonly list = input.required<ListFrame>();
  protected readonly sizes = PAGE_SIZES;
  protected readonly page = computed(() => this.list().state().page);
  protected readonly pages = computed(() =>
    Math.max(1, Math.ceil(this.list().total() / this.list().state().size)),
  );
  protected readonly from = computed(() =>
    this.list().rows().length === 0 ? 0 : this.page() * this.list().state().size + 1,
  );
  protected readonly to = computed(() =>
    this.from() === 0 ? 0 : this.from() + this.list().rows().length - 1,
  );
}
