import { Component, computed, input } from "@angular/core";

const LINES = 12;

/** Grey bars of a row's height, in place of rows that are on their way. */
@Component({
  selector: "tbody[tgTableSkeleton]",
  template: `@for (line of lines; track line) {
    <tr>
      @for (cell of places(); track cell) {
        <td><span class="skeleton"></span></td>
      }
    </tr>
  }`,
})
export class TableSkeleton {
  readonly cells = input.required<number>();
  protected readonly lines = Array.from({ length: LINES }, (_, index) => index);
  protected readonly places = computed(() =>
    Array.from({ length: this.cells() }, (_, index) => index),
  );
}
