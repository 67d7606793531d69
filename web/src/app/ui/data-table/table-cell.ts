import { Directive, TemplateRef, inject, input } from "@angular/core";

/** Names the template of one column: `<ng-template tgCell="name" [of]="list.rows()" let-row>`. */
@Directive({ selector: "ng-template[tgCell]" })
export class TableCell<T> {
  readonly template = inject<TemplateRef<{ $implicit: T }>>(TemplateRef);
  readonly tgCell = input.required<string>();
  /** Only tells the compiler the type of the rows. */
  readonly of = input<readonly T[]>();

  static ngTemplateContextGuard<T>(
    _cell: TableCell<T>,
    _context: unknown,
  ): _context is { $implicit: T } {
    return true;
  }
}
