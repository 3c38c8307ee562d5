/** @file What a circle with notes is called, and who reads there. */
import type { Board, Role } from '../../engine/contract';
import { t } from '../../i18n/i18n.svelte';
import { firstName } from '../format';

type Member = Board['members'][number];

export function memberName(member: Member, me: string): string {
  const name = member.name || t('board-member-unnamed');
  return member.person === me ? `${name} (${t('board-you')})` : name;
}

export function boardTitle(board: Board, me: string): string {
  switch (board.sort) {
    case 'staff':
      return t('board-staff');
    case 'council':
      return t('board-council');
    case 'guarded':
      if (board.protects !== undefined)
        return board.protects === me ? t('board-apart-own') : t('board-apart', { name: board.name });
      return board.name || t('board-guarded');
    case 'child':
      return t('board-child', { child: firstName(board.name) });
  }
}

/** One line for a list. */
export function boardLine(board: Board, role: Role, me: string): string {
  switch (board.sort) {
    case 'staff':
      return t('board-staff-who');
    case 'council':
    case 'guarded':
      return board.members.map((member) => memberName(member, me)).join(', ');
    case 'child':
      return role === 'guardian' ? t('board-child-line-family') : t('board-child-line');
  }
}

export function whoReads(board: Board, role: Role): string {
  switch (board.sort) {
    case 'staff':
      return t('board-staff-who');
    case 'council':
      return t('board-council-who');
    case 'guarded':
      return board.protects === undefined ? t('board-guarded-who') : t('board-apart-who');
    case 'child':
      return role === 'guardian'
        ? t('board-child-who-family', { child: firstName(board.name) })
        : t('board-child-who-staff', { child: firstName(board.name) });
  }
}
