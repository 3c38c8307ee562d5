/** @file What exists on this device alone, in words: on the page, and in the file that somebody keeps of it. */
import type { UnsentEntry } from '../../engine/contract';
import { t } from '../../i18n/i18n.svelte';
import { placeWords } from '../erase/words';
import { clockTime, dayOf, longDay } from '../format';

export function kindWords({ kind, from, to }: UnsentEntry): string {
  switch (kind) {
    case 'bulletin':
    case 'note':
    case 'message':
      return t(`written-${kind}`);
    case 'sick':
    case 'away':
      return `${t(`child-kind-${kind}`)}: ${daysWords(from, to)}`;
  }
}

function daysWords(from = '', to = ''): string {
  return from === to ? longDay(from) : `${longDay(from)} – ${longDay(to)}`;
}

/** Every word of all of them, to be read without this app. */
export function fileOf(house: string, entries: readonly UnsentEntry[]): string {
  const blocks = entries.map((entry) => {
    const head = [kindWords(entry), placeWords(entry), longDay(dayOf(entry.at)), clockTime(entry.at)].join(', ');
    return [head, entry.title, entry.text].filter((line) => line !== '').join('\n');
  });
  return `${[house, ...blocks].join('\n\n')}\n`;
}
