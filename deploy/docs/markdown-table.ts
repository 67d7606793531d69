/** A table as the formatter lays it out, so that a generated page needs no formatting. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) =>
    Math.max(3, ...lines.map((row) => (row[column] ?? "").length)),
  );
  const layOut = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  const rule = layOut(widths.map((width) => "-".repeat(width)));
  const [first = [], ...others] = lines;
  return [layOut(first), rule, ...others.map(layOut)].join("\n");
}
