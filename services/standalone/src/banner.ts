/** What a person should see once everything serves. */
export interface Banner {
  readonly version: string;
  readonly url: string;
  /** Present while no root user exists. */
  readonly setupUrl: string | undefined;
  readonly startMs: number;
}

/** Prints where to go next: on stdout, once, after the last service is up. */
export function printBanner({ version, url, setupUrl, startMs }: Banner): void {
  const isTerminal = process.stdout.isTTY;
  const bold = (text: string): string => (isTerminal ? `\u001B[1m${text}\u001B[0m` : text);
  const rows = [
    ["Portal", url],
    ["API", `${url}/v1`],
    ...(setupUrl === undefined ? [] : [["First run", `${setupUrl}  (open this link to begin)`]]),
  ];
  const lines = rows.map(([label = "", value = ""]) => `  ${label.padEnd(11)}${bold(value)}`);
  const ready = `Tollgate ${version} is ready after ${(startMs / 1000).toFixed(1)} s`;
  process.stdout.write(`\n  ${bold(ready)}\n\n${lines.join("\n")}\n\n`);
}
