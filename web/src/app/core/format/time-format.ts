const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** 2026-11-22 14:03:09 in the local zone; the time is unix seconds. */
export function formatTimestamp(seconds: number): string {
  const at = new Date(seconds * 1000);
  const date = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${date} ${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

/** "3 minutes ago" in the given language; both times are unix seconds. */
export function formatRelative(seconds: number, now: number, locale: string): string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const difference = seconds - now;
  const size = Math.abs(difference);
  if (size < MINUTE) return words.format(Math.round(difference), "second");
  if (size < HOUR) return words.format(Math.round(difference / MINUTE), "minute");
  if (size < DAY) return words.format(Math.round(difference / HOUR), "hour");
  return words.format(Math.round(difference / DAY), "day");
}

/** The moment with its zone and distance, for the hover of a shortened time. */
export function describeMoment(seconds: number, now: number, locale: string): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return `${formatTimestamp(seconds)} ${zone} · ${formatRelative(seconds, now, locale)}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
