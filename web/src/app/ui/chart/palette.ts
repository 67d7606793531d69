/** The theme's colours as the canvas wants them. */
export interface Palette {
  readonly series: readonly string[];
  readonly other: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
}

/** Reads the tokens in force; a custom property itself would come unresolved. */
export function readPalette(host: HTMLElement): Palette {
  const probe = host.ownerDocument.createElement("span");
  host.append(probe);
  const read = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const palette: Palette = {
    series: [1, 2, 3, 4, 5, 6].map((index) => read(`--series-${index}`)),
    other: read("--series-other"),
    text: read("--text"),
    muted: read("--muted"),
    line: read("--line"),
    surface: read("--raised"),
  };
  probe.remove();
  return palette;
}
