import { Component, computed, inject, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { injectList } from "#core/list/list";
import { Badge } from "#ui/badge";
import { BatchBar } from "#ui/batch-bar";
import { Copyable } from "#ui/copyable";
import type { Column } from "#ui/data-table/column";
import { DataTable } from "#ui/data-table/data-table";
import { Selection } from "#ui/data-table/selection";
import { TableCell } from "#ui/data-table/table-cell";
import { EmptyState } from "#ui/empty-state";
import { FilterSelect } from "#ui/filter-select";
import { ListHead } from "#ui/list-head";
import { Moment } from "#ui/moment";
import { CODE_USED, type Redemption, codeHint, redemptionLook } from "../redemption";
import { RedemptionActions } from "../redemption-actions";
import { RedemptionCreated } from "../redemption-created";
import { type NewBatch, RedemptionEditor } from "../redemption-editor/redemption-editor";
import { RedemptionRowMenu } from "../redemption-row-menu";

const COLUMNS: readonly Column[] = [
  { key: "id", label: "column.id", sortable: true, numeric: true, optional: true },
  { key: "name", label: "redemptions.name", sortable: true, rowHeader: true },
  { key: "key", label: "redemptions.code" },
  { key: "status", label: "column.status" },
  { key: "quota", label: "redemptions.amount", sortable: true, numeric: true },
  { key: "created_time", label: "column.created", sortable: true, minor: true },
  { key: "expired_time", label: "redemptions.expires", sortable: true, minor: true },
  { key: "redeemed_username", label: "redemptions.redeemedBy" },
  { key: "redeemed_time", label: "redemptions.redeemedAt", sortable: true },
  { key: "credit_days", label: "redemptions.creditDays", numeric: true, optional: true },
];

/** Redemption codes, for operators. */
@Component({
  selector: "tg-redemption-list",
  imports: [
    Badge,
    BatchBar,
    Copyable,
    DataTable,
    EmptyState,
    FilterSelect,
    ListHead,
    Moment,
    RedemptionCreated,
    RedemptionEditor,
    RedemptionRowMenu,
    TableCell,
    TranslocoDirective,
  ],
  providers: [RedemptionActions],
  templateUrl: "./redemption-list.component.html",
})
export class RedemptionList {
  protected readonly format = inject(Format);
  protected readonly actions = inject(RedemptionActions);
  protected readonly list = injectList<Redemption>({
    table: "redemptions",
    path: "/api/redemption/",
    sort: "created_time",
    filters: ["status"],
  });
  protected readonly columns = COLUMNS;
  protected readonly selection = new Selection();
  protected readonly handover = signal<NewBatch | undefined>(undefined);
  protected readonly look = redemptionLook;
  protected readonly hint = codeHint;
  protected readonly rowId = (code: Redemption): string => String(code.id);
  protected readonly rowName = (code: Redemption): string => `${code.name} ${codeHint(code)}`;
  protected readonly opened = computed(() =>
    this.list
      .rows()
      .find((code) => String(code.id) === this.list.state().open && code.status !== CODE_USED),
  );
  protected readonly chosen = computed(() => this.selection.pick(this.list.rows(), this.rowId));

  protected onSaved(name: string): void {
    this.list.change({ open: "" });
    this.list.reload();
    this.actions.sayStored(name);
  }

  protected onCreated(batch: NewBatch): void {
    this.list.change({ open: "" });
    this.list.reload();
    this.handover.set(batch);
  }

  protected async setEnabled(codes: readonly Redemption[], enabled: boolean): Promise<void> {
    await this.actions.setEnabled(this.list, codes, enabled);
    this.selection.clear();
  }

  protected async remove(codes: readonly Redemption[]): Promise<void> {
    if (await this.actions.remove(this.list, codes)) this.selection.clear();
  }
}
