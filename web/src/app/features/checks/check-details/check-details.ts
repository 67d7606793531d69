import { Component, computed, inject, input, output } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { Badge } from "#ui/badge";
import { Drawer } from "#ui/drawer/drawer";
import { Icon } from "#ui/icon/icon";
import { Moment } from "#ui/moment";
import { type BookCheck, checkLook } from "../check";

/** One check: what it holds the books against, what its last run found, and what runs before found. */
@Component({
  selector: "tg-check-details",
  imports: [Badge, Drawer, Icon, Moment, TranslocoDirective],
  templateUrl: "./check-details.component.html",
  styleUrl: "./check-details.scss",
})
export class CheckDetails {
  protected readonly format = inject(Format);
  readonly check = input.required<BookCheck>();
  readonly busy = input.required<boolean>();
  readonly run = output();
  readonly closed = output();
  protected readonly look = computed(() => checkLook(this.check()));
}
