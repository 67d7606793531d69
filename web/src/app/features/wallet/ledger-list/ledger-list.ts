import { Component, inject } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { Sentences } from "#core/i18n/sentences";
import { injectList } from "#core/list/list";
import type { Column } from "#ui/data-table/column";
import { DataTable } from "#ui/data-table/data-table";
import { TableCell } from "#ui/data-table/table-cell";
import { EmptyState } from "#ui/empty-state";
import { Moment } from "#ui/moment";
import type { LedgerLine } from "../wallet";

const COLUMNS: readonly Column[] = [
  { key: "created_at", label: "wallet.time" },
  { key: "kind", label: "wallet.what", rowHeader: true },
  { key: "quota", label: "wallet.amount", numeric: true },
  { key: "remark", label: "wallet.remark", minor: true },
];

/** Every movement of one's own balance, newest first. */
@Component({
  selector: "tg-ledger-list",
  imports: [DataTable, EmptyState, Moment, TableCell, TranslocoDirective],
  template: `<ng-container *transloco="let t">
    <tg-data-table
      [list]="list"
      [columns]="columns"
      [rowId]="rowId"
      [rowName]="rowId"
      [caption]="t('wallet.ledger')"
    >
      <ng-template tgCell="created_at" [of]="list.rows()" let-line
        ><tg-moment [at]="line.created_at"
      /></ng-template>
      <ng-template tgCell="kind" [of]="list.rows()" let-line>{{
        t("wallet.kind." + line.kind)
      }}</ng-template>
      <ng-template tgCell="quota" [of]="list.rows()" let-line>{{
        format.nano(line.amount_nano)
      }}</ng-template>
      <ng-template tgCell="remark" [of]="list.rows()" let-line>{{
        sentences.word(line.remark) || "–"
      }}</ng-template>
      <tg-empty-state
        empty
        icon="wallet"
        [heading]="t('wallet.emptyTitle')"
        [text]="t('wallet.emptyText')"
      />
    </tg-data-table>
  </ng-container>`,
})
export class LedgerList {
  protected readonly format = inject(Format);
  protected readonly sentences = inject(Sentences);
  protected readonly columns = COLUMNS;
  protected readonly list = injectList<LedgerLine>({
    table: "ledger",
    path: "/api/user/ledger",
    sort: "created_at",
    filters: [],
  });
  protected readonly rowId = (line: LedgerLine): string => line.id;

  reload(): void {
    this.list.reload();
  }
}
