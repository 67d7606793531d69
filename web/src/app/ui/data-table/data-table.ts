import { NgTemplateOutlet } from "@angular/common";
import {
  Component,
  DestroyRef,
  type ElementRef,
  computed,
  contentChildren,
  inject,
  input,
  output,
  signal,
  viewChild,
} from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import type { List } from "#core/list/list";
import { Preferences } from "#core/preferences/preferences";
import { Shortcuts } from "#core/shortcuts/shortcuts";
import { FaultNotice } from "#ui/fault-notice";
import type { Column } from "./column";
import type { Selection } from "./selection";
import { TableCell } from "./table-cell";
import { TableFooter } from "./table-footer";
import { TableHead } from "./table-head";
import { TableSkeleton } from "./table-skeleton";
import { TableToolbar } from "./table-toolbar";

/** The one list of the portal: a plain table over a server-side list whose state is the URL. */
@Component({
  selector: "tg-data-table",
  imports: [
    FaultNotice,
    NgTemplateOutlet,
    TableFooter,
    TableHead,
    TableSkeleton,
    TableToolbar,
    TranslocoDirective,
  ],
  templateUrl: "./data-table.component.html",
})
export class DataTable<T> {
  readonly #preferences = inject(Preferences);
  readonly list = input.required<List<T>>();
  readonly columns = input.required<readonly Column[]>();
  readonly rowId = input.required<(row: T) => string>();
  readonly rowName = input.required<(row: T) => string>();
  /** Translated; names the table for screen readers. */
  readonly caption = input.required<string>();
  readonly searchHint = input("");
  readonly selection = input<Selection | undefined>(undefined);
  readonly openable = input(false);
  readonly freshIds = input<ReadonlySet<string>>(new Set());
  readonly opened = output<T>();
  protected readonly cells = contentChildren(TableCell);
  protected readonly scroller = viewChild<ElementRef<HTMLElement>>("scroller");
  protected readonly cursor = signal(-1);

  protected readonly shownColumns = computed(() => {
    const remembered = this.#preferences.tables()[this.list().table]?.hidden;
    return this.columns().filter((column) =>
      remembered ? !remembered.includes(column.key) : !column.optional,
    );
  });
  protected readonly templates = computed(
    () => new Map(this.cells().map((cell) => [cell.tgCell(), cell.template])),
  );
  protected readonly order = computed(() => this.list().rows().map(this.rowId()));

  protected readonly cellCount = computed(
    () =>
      this.shownColumns().length +
      (this.selection() ? 1 : 0) +
      (this.templates().has("actions") ? 1 : 0),
  );

  constructor() {
    const remove = inject(Shortcuts).add([
      { keys: "j", label: "shortcut.nextRow", run: () => this.#move(1) },
      { keys: "k", label: "shortcut.previousRow", run: () => this.#move(-1) },
      { keys: "x", label: "shortcut.select", run: () => this.#tick() },
      { keys: "r", label: "shortcut.refresh", run: () => this.list().reload() },
      { keys: "]", label: "shortcut.nextPage", run: () => this.#page(1) },
      { keys: "[", label: "shortcut.previousPage", run: () => this.#page(-1) },
    ]);
    inject(DestroyRef).onDestroy(remove);
  }

  protected cellClass(column: Column): string {
    return `${column.numeric ? "numeric" : ""} ${column.minor ? "minor" : ""}`;
  }

  protected open(row: T, event: Event): void {
    // An icon inside a button is an SVG element, which is no HTMLElement.
    const onControl =
      event.target instanceof Element &&
      event.target.closest("button, a, input, select, .action-cell, .select-cell");
    if (this.openable() && !onControl) this.opened.emit(row);
  }

  protected onRowKey(row: T, event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.target !== event.currentTarget) return;
    event.preventDefault();
    if (this.openable()) this.opened.emit(row);
  }

  #move(by: 1 | -1): void {
    const rows = this.#rowElements();
    const next = Math.max(0, Math.min(rows.length - 1, this.cursor() + by));
    this.cursor.set(next);
    rows[next]?.focus();
  }

  #tick(): void {
    const id = this.order()[this.cursor()];
    if (id !== undefined) this.selection()?.toggle(id, this.order());
  }

  #page(by: 1 | -1): void {
    const { page, size } = this.list().state();
    const last = Math.max(0, Math.ceil(this.list().total() / size) - 1);
    const next = Math.max(0, Math.min(last, page + by));
    if (next !== page) this.list().change({ page: next });
  }

  #rowElements(): readonly HTMLElement[] {
    return [...(this.scroller()?.nativeElement.querySelectorAll<HTMLElement>("tbody tr") ?? [])];
  }
}
