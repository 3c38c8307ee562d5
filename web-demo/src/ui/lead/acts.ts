/** @file What was done to whom, in words, and where they are found. */
import type { AdminEntry, Alarm, Queries, Subject } from '../../engine/contract';
import { t } from '../../i18n/i18n.svelte';
import type { Route } from '../state/router.svelte';

/** Of these the page of what cannot be right says more. */
export const explained: ReadonlySet<Alarm['code']> = new Set([
  'relay_rewound',
  'log_doubted',
  'quarantined',
  'relay_garbage',
]);

/** Whom or what it is about; the house where it is about nobody. Whose name has not come is somebody. */
export function named(about: Subject, house: string): string {
  const { person, childName, groupName } = about;
  const personName = about.personName || (person === undefined ? undefined : t('somebody'));
  const child = personName && childName ? `${personName} (${childName})` : (personName ?? childName);
  const names = [child, groupName].filter(Boolean).join(', ');
  return names === '' ? house : names;
}

export function actWords(entry: AdminEntry, house: string): string {
  const by = entry.bySheet ? t('act-by-sheet') : entry.by || t('act-by-unknown');
  return t(`act-${entry.what}`, { by, name: named(entry.about, house) });
}

/** The page of the person, else of the child; for directors. */
export function wayTo(
  about: Subject,
  people: Queries['people']['result'] | undefined,
  slot: string,
): { readonly name: string; readonly route: Route } | undefined {
  const to = (view: string, id: string): Route => ({ place: 'people', slot, view, id });
  const staff = people?.staff.find((one) => one.person === about.person);
  if (staff) return { name: staff.name, route: to('staff', staff.person) };
  const { person, personName = '' } = about;
  const child = people?.children.find(
    (one) => one.id === about.child || one.guardians.some((guardian) => guardian.person === person),
  );
  if (!child) return undefined;
  return person === undefined
    ? { name: child.name, route: to('child', child.id) }
    : { name: personName, route: to('guardian', `${child.id} ${person}`) };
}
