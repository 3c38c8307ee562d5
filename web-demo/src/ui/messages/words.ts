/** @file What a thread is called: families see the group, the house sees the person. */
import type { Role, Thread } from '../../engine/contract';
import { t } from '../../i18n/i18n.svelte';

export function threadTitle(thread: Thread, role: Role): string {
  if (role !== 'guardian') return thread.guardianName;
  return thread.groupName ? t('thread-with-group', { group: thread.groupName }) : t('thread-with-house');
}

export function threadSubtitle(thread: Thread, role: Role): string {
  if (role === 'guardian' || !thread.groupName) return t('thread-about-plain', { child: thread.childName });
  return t('thread-about', { child: thread.childName, group: thread.groupName });
}
