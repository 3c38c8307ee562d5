/** @file What happens when chosen files are sent: they are taken in first, then the text that goes with them is written. */
import type { MediaTarget, Taken } from '../../engine/contract';
import type { App } from '../state/app.svelte';
import type { Chosen } from './chosen.svelte';

/** Takes everything in; returns the set it belongs to. What was refused is told, and the rest goes on. */
export async function takeIn(
  app: App,
  slot: string,
  to: MediaTarget,
  chosen: Chosen,
  onProgress: (done: number) => void,
): Promise<{ readonly set: string; readonly taken: Taken }> {
  const set = app.client.newSet();
  const taken = await app.client.addMedia(slot, to, set, chosen.all(), onProgress);
  return { set, taken };
}

export interface BulletinText {
  readonly title: string;
  readonly body: string;
}

/** A text written beside pictures as a bulletin: its first line is the heading where it is one. */
export function bulletinText(text: string, otherwise: string): BulletinText {
  const [first = '', ...rest] = text.trim().split('\n');
  const body = rest.join('\n').trim();
  const heads = body !== '' && first.trim().length <= titleCharsMax;
  return heads ? { title: first.trim(), body } : { title: otherwise, body: text.trim() };
}

const titleCharsMax = 120;
