/**
 * @file How far this device has come with its pictures and files since it last had none to send. The house says how many are left;
 * how many there were is counted here.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { House } from '../../engine/contract';

export interface Progress {
  readonly left: number;
  readonly done: number;
}

export class SendingProgress {
  readonly #of = new SvelteMap<string, Progress>();

  note(houses: readonly House[]): void {
    for (const { slot, media } of houses) {
      const before = this.#of.get(slot);
      const left = media.queued;
      if (before?.left === left) continue;
      if (left === 0) this.#of.delete(slot);
      else this.#of.set(slot, { left, done: before ? before.done + Math.max(0, before.left - left) : 0 });
    }
  }

  of(slot: string): Progress {
    return this.#of.get(slot) ?? { left: 0, done: 0 };
  }
}
