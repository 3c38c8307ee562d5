/** @file How the way of pictures and files is said in one line. */
import type { House, Queries } from '../../engine/contract';
import { t } from '../../i18n/i18n.svelte';
import type { Progress } from '../state/progress.svelte';

/** `288 Bilder werden gesendet · 12 fertig`; or that they wait, and for what. `files`: how many of what is left are no pictures. */
export function sendingWords(house: Pick<House, 'link' | 'media'>, { left, done }: Progress, files: number): string {
  const way = house.media.paused ? 'paused' : house.link === 'online' ? 'moving' : 'waiting';
  const pictures = Math.max(0, left - files);
  const line =
    files === 0
      ? t(`sending-${way}-pictures`, { count: left })
      : pictures === 0
        ? t(`sending-${way}-files`, { count: left })
        : t(`sending-${way}-both`, { both: t('sending-both', { pictures, files }) });
  return done > 0 ? `${line} · ${t('sending-done', { count: done })}` : line;
}

/** Files that are on their way, without those that were set aside. */
export function filesUnderWay(transfers: Queries['transfers']['result'] | undefined): number {
  return transfers?.files.filter((file) => file.transfer?.stage !== 'failed').length ?? 0;
}
