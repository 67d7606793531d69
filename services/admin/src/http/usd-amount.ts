const nanoDigits = 9;

/** "12.5" as 12,500,000,000 nano-USD, exactly; undefined for anything but a plain decimal number with at most nine decimals. */
export function parseUsd(text: string): bigint | undefined {
  const match = /^(?<whole>\d{1,9})(?:\.(?<fraction>\d{1,9}))?$/u.exec(text);
  if (match === null) {
    return undefined;
  }
  const { whole = "0", fraction = "" } = match.groups ?? {};
  return BigInt(whole + fraction.padEnd(nanoDigits, "0"));
}
