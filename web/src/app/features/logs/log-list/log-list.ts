import { Component, DestroyRef, computed, inject, resource, signal } from "@angular/core";
import { ActivatedRoute } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { Format } from "#core/format/format";
import { Sentences } from "#core/i18n/sentences";
import { injectList } from "#core/list/list";
import { Shortcuts } from "#core/shortcuts/shortcuts";
import { Badge } from "#ui/badge";
import { Copyable } from "#ui/copyable";
import { DataTable } from "#ui/data-table/data-table";
import { TableCell } from "#ui/data-table/table-cell";
import { EmptyState } from "#ui/empty-state";
import { Icon } from "#ui/icon/icon";
import { Moment } from "#ui/moment";
import {
  type LogRow,
  type LogTotals,
  hops,
  isCall,
  isCharged,
  logKey,
  logName,
  outcomeOf,
  tokenCount,
} from "../log";
import { logColumns } from "../log-columns";
import { LogDetails } from "../log-details/log-details";
import { LogFilterBar } from "../log-filter-bar/log-filter-bar";
import { LOG_FILTERS, RANGES, logWireFilters, toRange } from "../log-filters";
import { injectLogTail } from "../log-tail";
import { LogTotalsStrip } from "../log-totals";

/** The log: one's own under the console, everybody's under the administration. */
@Component({
  selector: "tg-log-list",
  imports: [
    Badge,
    Copyable,
    DataTable,
    EmptyState,
    Icon,
    LogDetails,
    LogFilterBar,
    LogTotalsStrip,
    Moment,
    TableCell,
    TranslocoDirective,
  ],
  templateUrl: "./log-list.component.html",
})
export class LogList {
  readonly #api = inject(Api);
  protected readonly format = inject(Format);
  protected readonly sentences = inject(Sentences);
  protected readonly everyone = inject(ActivatedRoute).snapshot.data["everyone"] === true;
  readonly #path = this.everyone ? "/api/log/" : "/api/log/self";
  /** The end of "now" in a named range; moves when the list is refreshed. */
  readonly #now = signal(Date.now() / 1000);
  protected readonly list = injectList<LogRow>({
    table: this.everyone ? "all-logs" : "logs",
    path: this.#path,
    sort: "created_at",
    filters: LOG_FILTERS,
    scope: ["range"],
    wire: (filters) => logWireFilters(filters, this.#now()),
  });
  protected readonly tail = injectLogTail(this.list, { name: this.everyone ? "log_all" : "log" });
  protected readonly columns = logColumns(this.everyone);
  protected readonly ranges = RANGES;
  protected readonly isCall = isCall;
  protected readonly isCharged = isCharged;
  protected readonly range = computed(() => toRange(this.list.state().filters["range"]));
  protected readonly totals = resource({
    params: () => {
      const {
        p: _page,
        page_size: _size,
        sort: _sort,
        direction: _dir,
        ...rest
      } = this.list.wireQuery();
      return rest;
    },
    loader: ({ params, abortSignal }) =>
      this.#api.get<LogTotals>(`${this.#path.replace(/\/$/, "")}/stat`, params, abortSignal),
  });
  protected readonly opened = computed(() =>
    this.list.rows().find((row) => logKey(row) === this.list.state().open),
  );
  protected readonly rowId = logKey;
  protected readonly rowName = logName;
  protected readonly outcome = outcomeOf;
  protected readonly hops = hops;

  constructor() {
    const remove = inject(Shortcuts).add([
      { keys: "l", label: "shortcut.live", run: () => this.tail.toggle() },
    ]);
    inject(DestroyRef).onDestroy(remove);
  }

  protected tokens(row: LogRow, count: number): string {
    return tokenCount(row, this.format.integer(count));
  }

  protected setRange(range: string): void {
    this.#now.set(Date.now() / 1000);
    this.list.setFilter("range", range);
  }

  protected step(by: 1 | -1): void {
    const rows = this.list.rows();
    const at = rows.findIndex((row) => logKey(row) === this.list.state().open);
    const next = rows[at + by];
    if (next) this.list.change({ open: logKey(next) }, { replace: true });
  }
}
