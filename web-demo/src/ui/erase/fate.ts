/** @file Who may decide what becomes of something that was written. */
import type { House } from '../../engine/contract';

export function mayDecide(house: House, mine: boolean): boolean {
  return house.stage === 'member' && !house.dissolved && (mine || mayErase(house));
}

/** Together with a second one of the staff. */
export function mayErase({ role }: House): boolean {
  return role === 'director' || role === 'educator';
}
