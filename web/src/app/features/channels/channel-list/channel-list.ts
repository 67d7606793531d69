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
import { type Channel, channelLook, namesOf, speedTone } from "../channel";
import { ChannelActions } from "../channel-actions";
import { ChannelCatalog } from "../channel-catalog";
import { CHANNEL_COLUMNS } from "../channel-columns";
import { ChannelEditor } from "../channel-editor/channel-editor";
import { ChannelBatch } from "../channel-batch";
import { ChannelBulkMenu } from "../channel-bulk-menu/channel-bulk-menu";
import { ChannelFilters } from "../channel-filters/channel-filters";
import { ChannelRowMenu } from "../channel-row-menu/channel-row-menu";
import { ChannelTest } from "../channel-test/channel-test";

@Component({
  selector: "tg-channel-list",
  imports: [
    Badge,
    ChannelBatch,
    ChannelBulkMenu,
    ChannelEditor,
    ChannelFilters,
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
  protected readonly speedTone = speedTone;
  protected readonly rowId = (channel: Channel): string => String(channel.id);
  protected readonly rowName = (channel: Channel): string => channel.name;
  protected readonly opened = computed(() => {
    const id = Number(this.list.state().open);
    return id > 0 ? id : undefined;
  });
  protected readonly chosen = computed(() => [...this.selection.ids()].map(Number));

  constructor() {
    const jobs = inject(Jobs);
    effect(() => {
      if (this.selection.count() > 0) untracked(() => this.catalog.prepareGroups());
    });
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

  protected balanceOf(channel: Channel): string {
    return channel.balance_updated_time > 0 ? `$${channel.balance.toFixed(2)}` : "–";
  }

  protected onSaved(): void {
    this.list.change({ open: "" });
    this.list.reload();
  }

  protected async removeChosen(): Promise<void> {
    const channels = this.list.rows().filter((row) => this.selection.has(String(row.id)));
    if (await this.actions.remove(this.list, channels)) this.selection.clear();
  }

  protected onTested(result: { readonly id: number; readonly milliseconds: number }): void {
    const test_time = Math.floor(Date.now() / 1000);
    const response_time = result.milliseconds;
    this.list.patchRows((rows) =>
      rows.map((row) => (row.id === result.id ? { ...row, response_time, test_time } : row)),
    );
  }
}
