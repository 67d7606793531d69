import {
  Component,
  DestroyRef,
  type ElementRef,
  computed,
  inject,
  input,
  viewChild,
} from "@angular/core";
import { MatMenu, MatMenuItem, MatMenuTrigger } from "@angular/material/menu";
import { MatTooltip } from "@angular/material/tooltip";
import { TranslocoDirective } from "@jsverse/transloco";
import type { ListFrame } from "#core/list/list";
import { Preferences } from "#core/preferences/preferences";
import { Shortcuts } from "#core/shortcuts/shortcuts";
import { Icon } from "#ui/icon/icon";
import type { Column } from "./column";

const SEARCH_PAUSE_MS = 250;

/** Search, filters, columns, density and refresh of a data table. */
@Component({
  selector: "tg-table-toolbar",
  imports: [Icon, MatMenu, MatMenuItem, MatMenuTrigger, MatTooltip, TranslocoDirective],
  templateUrl: "./table-toolbar.component.html",
})
export class TableToolbar {
  protected readonly preferences = inject(Preferences);
  readonly list = input.required<ListFrame>();
  readonly columns = input.required<readonly Column[]>();
  readonly searchHint = input("");
  protected readonly box = viewChild<ElementRef<HTMLInputElement>>("box");
  protected readonly hidden = computed(
    () =>
      this.preferences.tables()[this.list().table]?.hidden ??
      this.columns()
        .filter((column) => column.optional)
        .map((column) => column.key),
  );
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const remove = inject(Shortcuts).add([
      { keys: "/", label: "shortcut.search", run: () => this.box()?.nativeElement.focus() },
    ]);
    inject(DestroyRef).onDestroy(() => {
      remove();
      clearTimeout(this.#timer);
    });
  }

  protected search(keyword: string): void {
    clearTimeout(this.#timer);
    const apply = (): void => this.list().change({ keyword }, { replace: true });
    this.#timer = setTimeout(apply, SEARCH_PAUSE_MS);
  }

  protected toggleColumn(key: string): void {
    const hidden = this.hidden();
    const next = hidden.includes(key) ? hidden.filter((each) => each !== key) : [...hidden, key];
    this.preferences.rememberTable(this.list().table, { hidden: next });
  }

  protected toggleDensity(): void {
    this.preferences.density.update((now) => (now === "compact" ? "normal" : "compact"));
  }
}
