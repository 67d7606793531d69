import { Component, computed, inject } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { injectList } from "#core/list/list";
import { Badge } from "#ui/badge";
import { Copyable } from "#ui/copyable";
import type { Column } from "#ui/data-table/column";
import { DataTable } from "#ui/data-table/data-table";
import { TableCell } from "#ui/data-table/table-cell";
import { EmptyState } from "#ui/empty-state";
import { Moment } from "#ui/moment";
import { JournalDetails } from "../journal-details/journal-details";
import { type Journal, journalLook } from "../lease";

const COLUMNS: readonly Column[] = [
  { key: "node", label: "leases.node", rowHeader: true },
  { key: "state", label: "column.status" },
  { key: "held_nano", label: "leases.held", numeric: true },
  { key: "leases", label: "leases.count", numeric: true },
  { key: "open_calls", label: "leases.openCalls", numeric: true },
  { key: "last_seen", label: "leases.lastSeen" },
  { key: "force_closed_at", label: "leases.closedAt", minor: true },
  { key: "journal_id", label: "leases.journal", minor: true },
  { key: "epoch", label: "leases.epoch", numeric: true, optional: true },
  { key: "records", label: "leases.records", numeric: true, optional: true },
  { key: "build", label: "leases.build", optional: true },
];

/** What relays hold of users' money, journal by journal, for root. */
@Component({
  selector: "tg-journal-list",
  imports: [
    Badge,
    Copyable,
    DataTable,
    EmptyState,
    JournalDetails,
    Moment,
    TableCell,
    TranslocoDirective,
  ],
  templateUrl: "./journal-list.component.html",
})
export class JournalList {
  protected readonly format = inject(Format);
  protected readonly list = injectList<Journal>({
    table: "journals",
    path: "/api/lease/",
    sort: "",
    filters: [],
  });
  protected readonly columns = COLUMNS;
  protected readonly rowId = (journal: Journal): string => journal.journal_id;
  protected readonly rowName = (journal: Journal): string => journal.node;
  protected readonly opened = computed(() =>
    this.list.rows().find((journal) => journal.journal_id === this.list.state().open),
  );

  protected look(journal: Journal): ReturnType<typeof journalLook> {
    return journalLook(journal, Date.now() / 1000);
  }
}
