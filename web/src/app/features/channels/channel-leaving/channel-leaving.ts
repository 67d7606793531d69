import { Component, computed, input } from "@angular/core";
import { type FieldTree, FormField } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Field } from "#ui/field/field";
import type { ChannelDraft } from "../channel-editor/channel-schema";

/** What becomes of a call whose caller has left, and what each choice costs. */
@Component({
  selector: "tg-channel-leaving",
  imports: [Field, FormField, TranslocoDirective],
  templateUrl: "./channel-leaving.component.html",
})
export class ChannelLeaving {
  readonly form = input.required<FieldTree<ChannelDraft>>();
  protected readonly streamHelp = computed(() =>
    this.form().leavingStream().value() === "drain"
      ? "channels.leave.streamDrain"
      : "channels.leave.streamAbort",
  );
  protected readonly wholeHelp = computed(() =>
    this.form().leavingWhole().value() === "abort"
      ? "channels.leave.wholeAbort"
      : "channels.leave.wholeDrain",
  );
}
