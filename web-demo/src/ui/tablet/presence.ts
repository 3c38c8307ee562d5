/** @file What a tile says of a child: shape, colour and word for where it is today. */
import type { DayChild, GroupDay } from '../../engine/contract';
import { t } from '../../i18n/i18n.svelte';
import { clockTime } from '../format';

export type Where = 'expected' | 'here' | 'left' | 'sick' | 'away';

/** Whoever is there is there, whatever was said before. */
export function whereOf({ attendance, status }: DayChild): Where {
  return attendance.presence === 'not_yet' ? status : attendance.presence;
}

export function wordOf(child: DayChild): string {
  const where = whereOf(child);
  const at = child.attendance.marks.find((mark) => mark.event === (where === 'left' ? 'left' : 'came'))?.at;
  if (at === undefined) return t(`tablet-status-${where}`);
  if (where === 'here') return t('tablet-status-here-since', { time: clockTime(at) });
  return where === 'left' ? t('tablet-status-left-at', { time: clockTime(at) }) : t(`tablet-status-${where}`);
}

export function sums(day: GroupDay): readonly { readonly where: Where; readonly count: number }[] {
  const places: readonly Where[] = ['here', 'expected', 'sick', 'away', 'left'];
  return places
    .map((where) => ({ where, count: day.children.filter((child) => whereOf(child) === where).length }))
    .filter(({ where, count }) => count > 0 || where === 'here' || where === 'expected');
}
