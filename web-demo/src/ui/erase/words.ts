/** @file What is erased or restricted, in words. */
import type { ErasedEntry, WrittenEntry } from '../../engine/contract';
import { t } from '../../i18n/i18n.svelte';
import { when } from '../format';

type Where = Pick<WrittenEntry, 'place' | 'placeName'>;

export function placeWords({ place, placeName: name }: Where): string {
  switch (place) {
    case 'house':
    case 'staff':
    case 'council':
      return t(`written-in-${place}`);
    case 'group':
    case 'child':
    case 'thread':
    case 'guarded':
      return t(`written-in-${place}`, { name });
  }
}

/** What it is, of whom and when. */
export function writtenWords(entry: WrittenEntry, today: string): string {
  const author = entry.mine ? t('thread-you') : entry.author;
  return t('written-by', { kind: t(`written-${entry.kind}`), author, time: when(entry.at, today) });
}

export function saidWords(entry: WrittenEntry): string {
  return entry.said.map((one) => (one.mine ? t('thread-you') : one.name)).join(', ');
}

export function goneWords(entry: ErasedEntry, today: string): string {
  const who =
    entry.second === undefined
      ? t('erased-by', { by: entry.by })
      : t('erased-by-two', { by: entry.by, second: entry.second });
  return entry.at === undefined ? who : `${who}, ${when(entry.at, today)}`;
}
