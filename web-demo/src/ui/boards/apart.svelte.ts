/** @file Whether the person at this device is a protected guardian: the house writes to them apart, and only directors read along. */
import type { House } from '../../engine/contract';
import { useQuery } from '../state/engine.svelte';

/** `undefined` while nobody knows yet. */
export function useApart(house: () => House): { readonly apart: boolean | undefined } {
  const boards = useQuery(
    () => (house().role === 'guardian' ? house().slot : undefined),
    'boards',
    () => ({}),
  );
  return {
    get apart() {
      return house().role === 'guardian'
        ? boards.data?.boards.some((board) => board.protects === house().me.person)
        : false;
    },
  };
}
