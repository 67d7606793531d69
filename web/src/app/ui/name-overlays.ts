import { OverlayContainer } from "@angular/cdk/overlay";
import { inject } from "@angular/core";
import { Locale } from "#core/i18n/locale";

/**
 * Menus and tips are drawn outside the page's landmarks; the place that they share becomes one
 * itself. For pages that have any; call it in an injection context.
 */
export function nameOverlays(): void {
  const overlays = inject(OverlayContainer).getContainerElement();
  overlays.setAttribute("role", "region");
  overlays.setAttribute("aria-label", inject(Locale).translate("nav.overlays"));
}
