import { Component, computed, inject } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { Format } from "#core/format/format";
import { injectList } from "#core/list/list";
import { Badge } from "#ui/badge";
import type { Column } from "#ui/data-table/column";
import { DataTable } from "#ui/data-table/data-table";
import { TableCell } from "#ui/data-table/table-cell";
import { Icon } from "#ui/icon/icon";
import { Moment } from "#ui/moment";
import { type BookCheck, type CheckOverview, checkLook, checksOf } from "../check";
import { CheckDetails } from "../check-details/check-details";
import { CheckRunner } from "../check-runner";

const COLUMNS: readonly Column[] = [
  { key: "name", label: "checks.check", rowHeader: true },
  { key: "rule", label: "checks.rule", minor: true },
  { key: "state", label: "column.status" },
  { key: "violation_count", label: "checks.violations", numeric: true },
  { key: "checked", label: "checks.checked", numeric: true, minor: true },
  { key: "took_ms", label: "logs.duration", numeric: true, minor: true },
  { key: "at", label: "checks.lastRun" },
];

/** The checks of the books with what their last runs found, for root. */
@Component({
  selector: "tg-check-list",
  imports: [Badge, CheckDetails, DataTable, Icon, Moment, TableCell, TranslocoDirective],
  providers: [CheckRunner],
  templateUrl: "./check-list.component.html",
})
export class CheckList {
  readonly #api = inject(Api);
  protected readonly format = inject(Format);
  protected readonly runner = inject(CheckRunner);
  protected readonly list = injectList<BookCheck>({
    table: "checks",
    path: "/api/reconcile/",
    sort: "",
    filters: [],
    whole: async (path, signal) => checksOf(await this.#api.get<CheckOverview>(path, {}, signal)),
  });
  protected readonly columns = COLUMNS;
  protected readonly look = checkLook;
  protected readonly rowId = (check: BookCheck): string => check.job;
  protected readonly rowName = (check: BookCheck): string => check.job;
  protected readonly opened = computed(() =>
    this.list.rows().find((check) => check.job === this.list.state().open),
  );

  protected async run(checks: readonly BookCheck[]): Promise<void> {
    await this.runner.run(checks.map(({ job }) => job));
    this.list.reload();
  }
}
