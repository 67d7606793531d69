import { Component, inject, input } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { Icon } from "#ui/icon/icon";
import type { CredentialProbe } from "../credential-probe";

/** How the check of a pasted credential goes, and the models that it opens. */
@Component({
  selector: "tg-probe-report",
  imports: [Icon, TranslocoDirective],
  templateUrl: "./probe-report.component.html",
  styleUrl: "./probe-report.scss",
  host: { class: "stack" },
})
export class ProbeReport {
  protected readonly format = inject(Format);
  readonly probe = input.required<CredentialProbe>();
}
