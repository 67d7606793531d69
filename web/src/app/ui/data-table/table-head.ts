import { Component, computed, input } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import type { ListFrame } from "#core/list/list";
import { toggleSort } from "#core/list/table-state";
import { Icon } from "#ui/icon/icon";
import type { Column } from "./column";
import type { Selection } from "./selection";

/** The headers of a data table: names, sorting, and the box that ticks the whole page. */
@Component({
  selector: "thead[tgTableHead]",
  imports: [Icon, TranslocoDirective],
  template: `<tr *transloco="let t">
    @if (selection(); as chosen) {
      <th scope="col" class="select-cell">
        <input
          #all
          type="checkbox"
          [attr.aria-label]="t('table.selectPage')"
          [checked]="wholePage()"
          (change)="chosen.setAll(order(), all.checked)"
        />
      </th>
    }
    @for (column of columns(); track column.key) {
      @let direction = ariaSort(column);
      <th scope="col" [class.numeric]="column.numeric" [attr.aria-sort]="direction">
        @if (column.sortable) {
          <button type="button" (click)="sortBy(column.key)">
            {{ t(column.label) }}
            <tg-icon [name]="direction === 'ascending' ? 'arrow-up' : 'arrow-down'" [size]="12" />
          </button>
        } @else {
          {{ t(column.label) }}
        }
      </th>
    }
    @if (actions()) {
      <th scope="col" class="action-cell">
        <span class="visually-hidden">{{ t("table.actions") }}</span>
      </th>
    }
  </tr>`,
})
export class TableHead {
  readonly list = input.required<ListFrame>();
  readonly columns = input.required<readonly Column[]>();
  readonly selection = input<Selection | undefined>(undefined);
  /** Ids of the rows of the page, from top to bottom. */
  readonly order = input.required<readonly string[]>();
  /** True when the rows end with a cell of buttons. */
  readonly actions = input(false);
  protected readonly wholePage = computed(() => {
    const selection = this.selection();
    return this.order().length > 0 && this.order().every((id) => selection?.has(id));
  });

  protected sortBy(column: string): void {
    this.list().change(toggleSort(this.list().state(), column));
  }

  protected ariaSort(column: Column): "ascending" | "descending" | null {
    const { sort, direction } = this.list().state();
    if (sort !== column.key) return null;
    return direction === "asc" ? "ascending" : "descending";
  }
}
