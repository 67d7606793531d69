import { Component, computed, effect, inject, signal, untracked } from "@angular/core";
import { MatTooltip } from "@angular/material/tooltip";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { Jobs } from "#core/jobs/jobs";
import { injectList } from "#core/list/list";
import { Badge } from "#ui/badge";
import { Copyable } from "#ui/copyable";
import { DataTable } from "#ui/data-table/data-table";
import { Selection } from "#ui/data-table/selection";
import { TableCell } from "#ui/data-table/table-cell";
import { EmptyState } from "#ui/empty-state";
import { Icon } from "#ui/icon/icon";
import { Moment } from "#ui/moment";
import { ListHead } from "#ui/list-head";
import { type Channel, channelLook, namesOf } from "../channel";
import { ChannelActions } from "../channel-actions";
import { ChannelCatalog } from "../channel-catalog";
import { CHANNEL_COLUMNS } from "../channel-columns";
import { ChannelEditor } from "../channel-editor/channel-editor";
import { ChannelBalance } from "../channel-balance";
import { ChannelBatchBar } from "../channel-batch-bar";
import { ChannelResponse } from "../channel-response";
import { ChannelBulkMenu } from "../channel-bulk-menu/channel-bulk-menu";
import { ChannelFilters } from "../channel-filters/channel-filters";
import { ChannelRowMenu } from "../channel-row-menu/channel-row-menu";
import { ChannelTest } from "../channel-test/channel-test";

@Component({
  selector: "tg-channel-list",
  imports: [
    ListHead,
    Badge,
    ChannelBalance,
    ChannelBatchBar,
    ChannelBulkMenu,
    ChannelEditor,
    ChannelFilters,
    ChannelResponse,
    ChannelRowMenu,
    ChannelTest,
    Copyable,
    DataTable,
    EmptyState,
    Icon,
    MatTooltip,
    Moment,
    TableCell,
    TranslocoDirective,
  ],
  providers: [ChannelActions],
  templateUrl: "./channel-list.component.html",
  styles: `
    .kind {
      max-width: 150px;
      overflow: hidden;
      text-overflow: ellipsis;
    }
  `,
})
export class ChannelList {
  protected readonly format = inject(Format);
  protected readonly actions = inject(ChannelActions);
  protected readonly catalog = inject(ChannelCatalog);
  protected readonly list = injectList<Channel>({
    table: "channels",
    path: "/api/channel/",
    sort: "id",
    filters: ["status", "type", "group", "model_name"],
  });
  protected readonly columns = CHANNEL_COLUMNS;
  protected readonly selection = new Selection();
  protected readonly tested = signal<Channel | undefined>(undefined);
  protected readonly look = channelLook;
  protected readonly namesOf = namesOf;
  protected readonly rowId = (channel: Channel): string => String(channel.id);
  protected readonly rowName = (channel: Channel): string => channel.name;
  protected readonly opened = computed(() => {
    const id = Number(this.list.state().open);
    return id > 0 ? id : undefined;
  });

  constructor() {
    const jobs = inject(Jobs);
    // Leaves Angular's graph: a job that has ended changed rows on the server.
    effect(() => {
      if (jobs.finished() > 0) untracked(() => this.list.reload());
    });
  }

  protected reason(channel: Channel): string {
    const until = channel.cooling_until ?? 0;
    const resting = until * 1000 > Date.now() ? ` → ${this.format.timestamp(until)}` : "";
    return (channel.status_reason ?? "") + resting;
  }

  protected onSaved(): void {
    this.list.change({ open: "" });
    this.list.reload();
  }

  protected onTested(result: { readonly id: number; readonly milliseconds: number }): void {
    const test_time = Math.floor(Date.now() / 1000);
    const response_time = result.milliseconds;
    this.list.patchRows((rows) =>
      rows.map((row) => (row.id === result.id ? { ...row, response_time, test_time } : row)),
    );
  }
}
