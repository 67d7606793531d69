import { Component, inject, input } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import type { List } from "#core/list/list";
import { FilterSelect } from "#ui/filter-select";
import { FilterText } from "#ui/filter-text";
import type { Channel } from "../channel";
import { ChannelCatalog } from "../channel-catalog";

/** The column filters of the list of channels. */
@Component({
  selector: "tg-channel-filters",
  imports: [FilterSelect, FilterText, TranslocoDirective],
  templateUrl: "./channel-filters.component.html",
  host: { class: "filters" },
})
export class ChannelFilters {
  protected readonly catalog = inject(ChannelCatalog);
  readonly list = input.required<List<Channel>>();
}
