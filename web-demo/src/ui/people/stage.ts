/** @file How far somebody's joining is, in words. */
import type { PersonEntry } from '../../engine/contract';
import { t } from '../../i18n/i18n.svelte';
import { dayMonth } from '../format';

export function stageWords(person: PersonEntry): string {
  switch (person.stage) {
    case 'none':
      return person.invite?.stage === 'expired'
        ? t('stage-expired')
        : person.invite?.stage === 'revoked'
          ? t('stage-revoked')
          : t('stage-none');
    case 'invited':
      return person.invite
        ? t('stage-invited-until', { date: dayMonth(person.invite.validUntil) })
        : t('stage-invited');
    case 'joining':
      return t('stage-joining');
    case 'member':
      return person.devices > 0 ? t('stage-member-devices', { count: person.devices }) : t('stage-member');
    case 'ended':
      return t('stage-ended');
  }
}

/** Whose letter would be useful: everyone who has not joined. */
export function wantsLetter(person: PersonEntry): boolean {
  return person.stage === 'none' || person.stage === 'invited';
}
