import { Component, computed, inject, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { injectList } from "#core/list/list";
import { ROLE_ADMIN } from "#core/session/session";
import { Badge } from "#ui/badge";
import { BatchBar } from "#ui/batch-bar";
import type { Column } from "#ui/data-table/column";
import { DataTable } from "#ui/data-table/data-table";
import { Selection } from "#ui/data-table/selection";
import { TableCell } from "#ui/data-table/table-cell";
import { FilterSelect } from "#ui/filter-select";
import { FilterText } from "#ui/filter-text";
import { Moment } from "#ui/moment";
import { ListHead } from "#ui/list-head";
import { DebtWriteOff } from "../debt-write-off/debt-write-off";
import { QuotaAdjustment } from "../quota-adjustment/quota-adjustment";
import { USER_ENABLED, type User, boundTo, roleLabel } from "../user";
import { UserActions } from "../user-actions";
import { UserRowMenu } from "../user-row-menu/user-row-menu";
import { UserEditor } from "../user-editor/user-editor";

const COLUMNS: readonly Column[] = [
  { key: "id", label: "column.id", sortable: true, numeric: true, minor: true },
  { key: "username", label: "users.username", sortable: true, rowHeader: true },
  { key: "display_name", label: "users.displayName", minor: true },
  { key: "email", label: "users.email", minor: true },
  { key: "group", label: "column.group" },
  { key: "role", label: "users.roleName" },
  { key: "status", label: "column.status" },
  { key: "quota", label: "users.quota", sortable: true, numeric: true },
  { key: "used_quota", label: "users.used", sortable: true, numeric: true },
  { key: "request_count", label: "users.requests", sortable: true, numeric: true, minor: true },
  { key: "created_time", label: "column.created", sortable: true, minor: true },
  { key: "bindings", label: "users.bindings", optional: true },
  { key: "inviter_id", label: "users.inviter", optional: true, numeric: true },
];

@Component({
  selector: "tg-user-list",
  imports: [
    ListHead,
    Badge,
    BatchBar,
    DataTable,
    DebtWriteOff,
    FilterSelect,
    FilterText,
    Moment,
    QuotaAdjustment,
    TableCell,
    TranslocoDirective,
    UserEditor,
    UserRowMenu,
  ],
  providers: [UserActions],
  templateUrl: "./user-list.component.html",
})
export class UserList {
  protected readonly format = inject(Format);
  protected readonly actions = inject(UserActions);
  protected readonly list = injectList<User>({
    table: "users",
    path: "/api/user/",
    sort: "id",
    filters: ["status", "role", "group"],
  });
  protected readonly columns = COLUMNS;
  protected readonly selection = new Selection();
  protected readonly adjusted = signal<User | undefined>(undefined);
  protected readonly indebted = signal<User | undefined>(undefined);
  protected readonly enabled = USER_ENABLED;
  protected readonly roleLabel = roleLabel;
  protected readonly boundTo = boundTo;
  protected readonly admin = ROLE_ADMIN;
  protected readonly rowId = (user: User): string => String(user.id);
  protected readonly rowName = (user: User): string => user.username;
  protected readonly opened = computed(() => {
    const id = Number(this.list.state().open);
    return id > 0 ? id : undefined;
  });
  protected readonly chosen = computed(() => this.selection.pick(this.list.rows(), this.rowId));

  protected showDebt(user: User): void {
    this.list.change({ open: "" });
    this.indebted.set(user);
  }

  protected onSaved(): void {
    this.list.change({ open: "" });
    this.adjusted.set(undefined);
    this.indebted.set(undefined);
    this.list.reload();
  }
}
