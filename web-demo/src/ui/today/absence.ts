/** @file How an absence is said in words. */
import type { Absence, Attendance, ItemState } from '../../engine/contract';
import { t } from '../../i18n/i18n.svelte';
import { clockTime, shortDay } from '../format';

/** Absences that hold, the latest first. */
export function standing(absences: readonly Absence[]): readonly Absence[] {
  return absences.filter((absence) => !absence.withdrawn).toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0));
}

/** What a day is, from the absences that cover it. Sick says more than away. */
export function statusOf(absences: readonly Absence[]): 'expected' | 'sick' | 'away' {
  const held = standing(absences);
  if (held.some((absence) => absence.kind === 'sick')) return 'sick';
  return held.length > 0 ? 'away' : 'expected';
}

/** `Heute krank gemeldet`, `Krank gemeldet bis Freitag` … */
export function todaySentence(absences: readonly Absence[], today: string): string {
  const held = standing(absences);
  const status = statusOf(absences);
  if (status === 'expected') return t('child-expected');
  const until = held
    .filter((absence) => absence.kind === status)
    .reduce((last, absence) => (absence.to > last ? absence.to : last), today);
  if (until <= today) return status === 'sick' ? t('child-sick-today') : t('child-away-today');
  const date = shortDay(until, today);
  return status === 'sick' ? t('child-sick-until', { date }) : t('child-away-until', { date });
}

export function kindWord(absence: Absence): string {
  return absence.kind === 'sick' ? t('child-kind-sick') : t('child-kind-away');
}

/** `heute`, or `heute bis Fr., 4. Dez.` */
export function range(absence: Absence, today: string): string {
  const from = shortDay(absence.from, today);
  return absence.from === absence.to
    ? t('range-day', { from })
    : t('range-days', { from, to: shortDay(absence.to, today) });
}

/** Who said so, from a guardian's side. */
export function reporter(absence: Absence): string {
  if (absence.by === 'me') return t('child-by-me');
  if (absence.by === 'house') return t('child-by-house');
  return absence.byName ? t('child-by-other', { name: absence.byName }) : t('child-by-other-unnamed');
}

/** What the last state of a guardian's item is called. */
export function seenByHouse(state: ItemState, seenAt?: number): string {
  return state === 'house' && seenAt !== undefined
    ? t('state-seen-house-at', { time: clockTime(seenAt) })
    : t('state-seen-house');
}

/** That a child is there, or was collected, as its group said; `undefined` while nobody said so. */
export function presenceSentence({ presence, marks }: Attendance): string | undefined {
  if (presence === 'not_yet') return undefined;
  const at = marks.find(({ event }) => event === (presence === 'left' ? 'left' : 'came'))?.at;
  if (at === undefined) return t(`child-${presence}`);
  return presence === 'left'
    ? t('child-left-at', { time: clockTime(at) })
    : t('child-here-since', { time: clockTime(at) });
}
