import { Component, input } from "@angular/core";
import { type FieldTree, FormField } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Field } from "#ui/field/field";
import type { ChannelDraft } from "../channel-editor/channel-schema";

/** When a channel is picked and what is changed in the calls that it carries. */
@Component({
  selector: "tg-channel-routing",
  imports: [Field, FormField, TranslocoDirective],
  templateUrl: "./channel-routing.component.html",
})
export class ChannelRouting {
  readonly form = input.required<FieldTree<ChannelDraft>>();
}
