/** @file How a picture or file is said in words: where it is, for whom, why it was set aside. */
import type {
  Attachment,
  ErrorCode,
  House,
  ItemState,
  Media,
  MediaFault,
  Picture,
  Transfer,
} from '../../engine/contract';
import { t, type PlainMessageId } from '../../i18n/i18n.svelte';

/** One sentence per reason: what happened and what to do. What is kept and may be retried need not be chosen again. */
export function faultSentence(fault: MediaFault, mayRetry = false): string {
  if (fault === 'storage_full' && mayRetry) return t('fault-storage_full-kept');
  return t(`fault-${fault}` satisfies PlainMessageId);
}

/** Why something that was asked for did not come. */
export function fetchTrouble(code: ErrorCode): string {
  if (code === 'offline') return t('fetch-offline');
  return code === 'not_found' ? t('fetch-gone') : t('fetch-failed');
}

/** A name to save a PDF under: somebody else chose it, so nothing in it may stand for a folder, a direction of writing or a program. */
export function fileName(name: string): string {
  const plain = name
    .replaceAll(/[\p{C}/\\:*?"<>|]/gu, ' ')
    .replace(/(\.pdf)?[\s.]*$/i, '')
    .trim();
  return `${plain === '' ? 'PDF' : plain}.pdf`;
}

/** Why a picture cannot be shown. */
export function troubleWords(code: ErrorCode): string {
  if (code === 'offline') return t('picture-error-offline');
  return code === 'not_found' ? t('picture-error-gone') : t('picture-error');
}

/** What this device is busy with just now: the first of each stage, unless it was told to stop or cannot. */
export interface Busy {
  readonly preparing: string | undefined;
  readonly sending: string | undefined;
}

export function busyWith(transfers: readonly (Picture | Attachment)[], house: Pick<House, 'link' | 'media'>): Busy {
  const first = (...stages: readonly Transfer['stage'][]) =>
    transfers.find((one) => one.transfer && stages.includes(one.transfer.stage))?.id;
  const moving = house.link === 'online' && !house.media.paused;
  return { preparing: first('kept'), sending: moving ? first('ready', 'sent') : undefined };
}

export type Standing = 'safe' | 'preparing' | 'sending' | 'failed' | ItemState;

/** Where it is, for the mark that stands at the same place everywhere. */
export function standingOf(item: Picture | Attachment, busy?: Busy): Standing {
  switch (item.transfer?.stage) {
    case undefined:
      return item.state;
    case 'failed':
      return 'failed';
    case 'sent':
      // Nothing moves without a network, or while it was told to stop.
      return busy && busy.sending === undefined ? 'safe' : 'sending';
    case 'kept':
      return busy?.preparing === item.id ? 'preparing' : 'safe';
    case 'ready':
      return busy?.sending === item.id ? 'sending' : 'safe';
  }
}

/** `seen` is what is said once somebody has seen it. */
export function standingWords(standing: Standing, seen: string): string {
  switch (standing) {
    case 'house':
      return seen;
    case 'local':
    case 'relay':
      return t(`state-${standing}`);
    default:
      return t(`transfer-${standing}` satisfies PlainMessageId);
  }
}

export function seenBy(role: House['role']): string {
  return role === 'guardian' ? t('state-seen-house') : t('state-seen-families');
}

/** `Gruppe Igel`, `Nur für Emma Brandt`; in a thread nothing needs to be said. */
export function audienceWords(picture: Picture): string {
  switch (picture.audience) {
    case 'group':
      return t('pictures-of-group', { group: picture.audienceName });
    case 'child':
      return t('pictures-of-child', { child: picture.audienceName });
    case 'thread':
      return '';
  }
}

/** Of a message that has no text: what came with it. */
export function mediaWords({ pictures, files }: Media): string {
  const names = files.map((file) => file.name);
  return [...(pictures.length > 0 ? [t('pictures-count', { count: pictures.length })] : []), ...names].join(', ');
}

/** As a screen reader says it. */
export function numberWords(number: number, count: number, alt: string): string {
  return alt === '' ? t('picture-number', { number, count }) : t('picture-number-alt', { number, count, alt });
}

/** A name that says nothing about anybody. */
export function neutralName(day: string): string {
  return `${t('picture-file-name')}-${day}.jpg`;
}
