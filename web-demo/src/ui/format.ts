/** @file Days and times as people say them. Days are `YYYY-MM-DD` without a time zone; times are claims. */
import { locale, t } from '../i18n/i18n.svelte';

function utc(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

/** The day `count` days later (or earlier). */
export function addDays(day: string, count: number): string {
  const date = utc(day);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** A day's number stays with its month at the end of a line. */
function together(date: string): string {
  return date.replace(/(\d\.?) (?=\p{L})/u, '$1\u00a0');
}

/** `Mittwoch, 3. Dezember` */
export function longDay(day: string): string {
  const format = { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' } as const;
  return together(new Intl.DateTimeFormat(locale(), format).format(utc(day)));
}

/** `heute`, `morgen`, or `Mi., 3. Dez.` */
export function shortDay(day: string, today: string): string {
  if (day === today) return t('when-today');
  if (day === addDays(today, 1)) return t('when-tomorrow');
  if (day === addDays(today, -1)) return t('when-yesterday');
  return weekday(day);
}

/** `Mi., 3. Dez.` */
export function weekday(day: string): string {
  const format = { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale(), format).format(utc(day)).replaceAll(' ', '\u00a0');
}

/** `3. Dezember 2026` */
export function fullDate(at: number): string {
  return together(new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'long', year: 'numeric' }).format(at));
}

/** `3. Dez.` */
export function dayMonth(at: number): string {
  return together(new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short' }).format(at));
}

export function clockTime(at: number): string {
  return new Intl.DateTimeFormat(locale(), { hour: 'numeric', minute: '2-digit' }).format(at);
}

/** The local calendar day of a time. */
export function dayOf(at: number): string {
  const date = new Date(at);
  return new Date(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())).toISOString().slice(0, 10);
}

/** `8:05`, `gestern, 8:05`, `Mi., 3. Dez., 8:05` */
export function when(at: number, today: string): string {
  const day = dayOf(at);
  return day === today ? clockTime(at) : `${shortDay(day, today)}, ${clockTime(at)}`;
}

/** Up to two letters for a face that has no picture. */
export function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  const first = [...(parts[0] ?? '')][0] ?? '';
  const last = parts.length > 1 ? ([...(parts.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toLocaleUpperCase('de');
}

/** The name a parent uses for the child. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name;
}

/** `180 KB`, `1,3 MB` */
export function bytesWords(bytes: number): string {
  const mega = bytes >= megaBytes;
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: mega ? 'megabyte' : 'kilobyte',
    maximumFractionDigits: mega ? 1 : 0,
  }).format(mega ? bytes / megaBytes : Math.max(1, bytes / kiloBytes));
}

const kiloBytes = 1000;
const megaBytes = kiloBytes * kiloBytes;
