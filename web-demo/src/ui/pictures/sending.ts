/** @file How the way of pictures and files is said in one line. */
import type { House } from '../../engine/contract';
import { t } from '../../i18n/i18n.svelte';
import type { Progress } from '../state/progress.svelte';

/** `288 Bilder werden gesendet · 12 fertig`; or that they wait, and for what. */
export function sendingWords(
  house: Pick<House, 'link' | 'media'>,
  { left, done }: Progress,
  filesOnly: boolean,
): string {
  const count = left;
  const noun = filesOnly ? 'files' : 'pictures';
  const way = house.media.paused ? 'paused' : house.link === 'online' ? 'moving' : 'waiting';
  const line = t(`sending-${way}-${noun}`, { count });
  return done > 0 ? `${line} · ${t('sending-done', { count: done })}` : line;
}
