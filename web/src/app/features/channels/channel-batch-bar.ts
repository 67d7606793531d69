import { Component, computed, effect, inject, input } from "@angular/core";
import type { List } from "#core/list/list";
import { BatchBar } from "#ui/batch-bar";
import type { Selection } from "#ui/data-table/selection";
import type { Channel } from "./channel";
import { ChannelActions } from "./channel-actions";
import { ChannelBatch } from "./channel-batch";
import { ChannelCatalog } from "./channel-catalog";

/** What can be done to the ticked channels together. */
@Component({
  selector: "tg-channel-batch-bar",
  imports: [BatchBar, ChannelBatch],
  template: `<tg-batch-bar (enable)="actions.setEnabled(list(), ids(), $event)" (remove)="remove()">
    <tg-channel-batch
      [groups]="catalog.groupChoices()"
      (applied)="actions.set(list(), ids(), $event)"
    />
  </tg-batch-bar>`,
})
export class ChannelBatchBar {
  protected readonly actions = inject(ChannelActions);
  protected readonly catalog = inject(ChannelCatalog);
  readonly list = input.required<List<Channel>>();
  readonly selection = input.required<Selection>();
  protected readonly ids = computed(() => [...this.selection().ids()].map(Number));

  constructor() {
    // The bar exists before anything is ticked; only then can a group be picked.
    effect(() => {
      if (this.selection().count() > 0) this.catalog.prepareGroups();
    });
  }

  protected async remove(): Promise<void> {
    const chosen = this.selection().pick(this.list().rows(), ({ id }) => String(id));
    if (await this.actions.remove(this.list(), chosen)) this.selection().clear();
  }
}
