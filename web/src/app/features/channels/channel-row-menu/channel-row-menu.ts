import { Component, computed, inject, input, output } from "@angular/core";
import type { List } from "#core/list/list";
import { type RowAction, editAction, logsAction, toggleAction } from "#ui/row-action";
import { RowMenu } from "#ui/row-menu";
import { CHANNEL_ENABLED, type Channel } from "../channel";
import { ChannelActions } from "../channel-actions";

/** What can be done to one channel from its row. */
@Component({
  selector: "tg-channel-row-menu",
  imports: [RowMenu],
  template: `<tg-row-menu [name]="row().name" [actions]="actions()" />`,
})
export class ChannelRowMenu {
  readonly #channels = inject(ChannelActions);
  readonly list = input.required<List<Channel>>();
  readonly row = input.required<Channel>();
  readonly test = output<Channel>();
  protected readonly actions = computed<readonly RowAction[]>(() => {
    const [list, row] = [this.list(), this.row()];
    const isEnabled = row.status === CHANNEL_ENABLED;
    return [
      editAction(() => list.change({ open: String(row.id) })),
      { kind: "run", icon: "bolt", label: "channels.test", run: () => this.test.emit(row) },
      logsAction("/admin/logs", { channel: row.id }),
      toggleAction(isEnabled, () => void this.#channels.setEnabled(list, [row.id], !isEnabled)),
      { kind: "remove", run: () => void this.#channels.remove(list, [row]) },
    ];
  });
}
