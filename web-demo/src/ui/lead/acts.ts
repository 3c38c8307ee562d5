/** @file What was done to whom, in words. */
import type { AdminEntry, Subject } from '../../engine/contract';
import { t } from '../../i18n/i18n.svelte';

/** Whom or what it is about; the house where it is about nobody. */
export function named(about: Subject, house: string): string {
  const names = [about.personName, about.childName, about.groupName].filter(Boolean).join(', ');
  return names === '' ? house : names;
}

export function actWords(entry: AdminEntry, house: string): string {
  const by = entry.by === '' ? t('act-by-sheet') : entry.by;
  return t(`act-${entry.what}`, { by, name: named(entry.about, house) });
}
