import { Component, input } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import type { List } from "#core/list/list";
import { FilterSelect } from "#ui/filter-select";
import { FilterText } from "#ui/filter-text";
import type { LogRow } from "../log";

/** The column filters of the log; those about other people are for admins. */
@Component({
  selector: "tg-log-filter-bar",
  imports: [FilterSelect, FilterText, TranslocoDirective],
  templateUrl: "./log-filter-bar.component.html",
  host: { class: "filters" },
})
export class LogFilterBar {
  readonly list = input.required<List<LogRow>>();
  readonly everyone = input.required<boolean>();
}
