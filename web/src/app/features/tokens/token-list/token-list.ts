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
import { Moment } from "#ui/moment";
import { ListHead } from "#ui/list-head";
import { type Token, fullKey, keyHint, listOf, tokenLook } from "../token";
import { TokenActions } from "../token-actions";
import { TokenModels } from "../token-models";
import { TokenRemaining } from "../token-remaining";
import { TokenCreated } from "../token-created/token-created";
import { TokenRowMenu } from "../token-row-menu/token-row-menu";
import { TokenEditor } from "../token-editor/token-editor";

const COLUMNS: readonly Column[] = [
  { key: "name", label: "tokens.name", sortable: true, rowHeader: true },
  { key: "key", label: "tokens.key" },
  { key: "status", label: "column.status", sortable: true },
  { key: "used_quota", label: "tokens.used", sortable: true, numeric: true },
  { key: "remain_quota", label: "tokens.remaining", sortable: true, numeric: true },
  { key: "models", label: "tokens.models", minor: true },
  { key: "subnet", label: "tokens.subnets", optional: true },
  { key: "group", label: "column.group", optional: true },
  { key: "created_time", label: "column.created", sortable: true, minor: true },
  { key: "accessed_time", label: "tokens.lastUsed", sortable: true },
  { key: "expired_time", label: "tokens.expires", sortable: true, minor: true },
];

@Component({
  selector: "tg-token-list",
  imports: [
    ListHead,
    Badge,
    BatchBar,
    Copyable,
    DataTable,
    EmptyState,
    FilterSelect,
    Moment,
    TableCell,
    TokenCreated,
    TokenEditor,
    TokenModels,
    TokenRemaining,
    TokenRowMenu,
    TranslocoDirective,
  ],
  providers: [TokenActions],
  templateUrl: "./token-list.component.html",
})
export class TokenList {
  protected readonly format = inject(Format);
  protected readonly actions = inject(TokenActions);
  protected readonly list = injectList<Token>({
    table: "tokens",
    path: "/api/token/",
    sort: "created_time",
    filters: ["status"],
  });
  protected readonly columns = COLUMNS;
  protected readonly selection = new Selection();
  protected readonly handover = signal<{ token: Token; isNew: boolean } | undefined>(undefined);
  protected readonly look = tokenLook;
  protected readonly fullKey = fullKey;
  protected readonly keyHint = keyHint;
  protected readonly listOf = listOf;
  protected readonly rowId = (token: Token): string => String(token.id);
  protected readonly rowName = (token: Token): string => token.name;
  protected readonly opened = computed(() =>
    this.list.rows().find((token) => String(token.id) === this.list.state().open),
  );
  protected readonly chosen = computed(() => this.selection.pick(this.list.rows(), this.rowId));

  protected onSaved(token: Token): void {
    const isNew = this.list.state().open === "new";
    this.list.change({ open: "" });
    this.list.reload();
    if (isNew) this.handover.set({ token, isNew: true });
    else this.actions.sayStored(token);
  }

  protected async setEnabled(tokens: readonly Token[], enabled: boolean): Promise<void> {
    await this.actions.setEnabled(this.list, tokens, enabled);
    this.selection.clear();
  }

  protected async remove(tokens: readonly Token[]): Promise<void> {
    if (await this.actions.remove(this.list, tokens)) this.selection.clear();
  }
}
