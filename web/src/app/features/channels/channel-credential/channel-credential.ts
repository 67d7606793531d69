import { Component, computed, input, model } from "@angular/core";
import { type FieldTree, FormField } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Field } from "#ui/field/field";
import { Icon } from "#ui/icon/icon";
import type { ChannelType } from "../channel";
import { type ChannelDraft, DEMO_TYPE, parseKeys } from "../channel-editor/channel-schema";

/** How a channel reaches its provider: keys, the members that its type needs, the address. */
@Component({
  selector: "tg-channel-credential",
  imports: [Field, FormField, Icon, TranslocoDirective],
  templateUrl: "./channel-credential.component.html",
})
export class ChannelCredential {
  readonly form = input.required<FieldTree<ChannelDraft>>();
  readonly draft = model.required<ChannelDraft>();
  readonly type = input.required<ChannelType | undefined>();
  protected readonly demoType = DEMO_TYPE;
  protected readonly pasted = computed(() => parseKeys(this.draft().keys));

  protected setConfig(name: string, value: string): void {
    this.draft.update((draft) => ({ ...draft, config: { ...draft.config, [name]: value } }));
  }
}
