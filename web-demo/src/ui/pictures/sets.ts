/** @file The feed in order: days, in each the sets of pictures that were chosen together. */
import type { Attachment, Picture } from '../../engine/contract';
import { dayOf } from '../format';

export interface PictureSet {
  readonly set: string;
  readonly pictures: readonly Picture[];
  readonly at: number;
}

export interface PictureDay {
  readonly day: string;
  readonly sets: readonly PictureSet[];
}

/** The newest set first; a set shown to two audiences is two sets. */
export function setsOf(pictures: readonly Picture[]): readonly PictureSet[] {
  const sets = new Map<string, Picture[]>();
  for (const picture of pictures) {
    const key = `${picture.set} ${picture.audience} ${picture.audienceName}`;
    const set = sets.get(key);
    if (set) set.push(picture);
    else sets.set(key, [picture]);
  }
  return [...sets.values()]
    .map((members) => ({
      set: members[0]?.set ?? '',
      pictures: members,
      at: Math.max(...members.map((one) => one.at)),
    }))
    .toSorted((a, b) => b.at - a.at);
}

export function daysOf(pictures: readonly Picture[]): readonly PictureDay[] {
  const days: { day: string; sets: PictureSet[] }[] = [];
  for (const set of setsOf(pictures)) {
    const day = dayOf(set.at);
    const last = days.at(-1);
    if (last?.day === day) last.sets.push(set);
    else days.push({ day, sets: [set] });
  }
  return days;
}

/** Whom the pictures are for, each audience once, by name. */
export interface Audience {
  readonly key: string;
  readonly kind: 'group' | 'child';
  readonly name: string;
}

export function audiencesOf(pictures: readonly Picture[]): readonly Audience[] {
  const found = new Map<string, Audience>();
  for (const { audience, audienceName } of pictures) {
    if (audience === 'thread') continue;
    const key = `${audience} ${audienceName}`;
    if (!found.has(key)) found.set(key, { key, kind: audience, name: audienceName });
  }
  return [...found.values()].toSorted((a, b) => b.kind.localeCompare(a.kind) || a.name.localeCompare(b.name, 'de'));
}

export function isFor(picture: Picture, audience: Audience | undefined): boolean {
  return !audience || (picture.audience === audience.kind && picture.audienceName === audience.name);
}

/** Width by height, within what a row can hold; the whole picture is one tap away. */
export function ratioOf(picture: Picture, natural: number | undefined): number {
  const ratio = picture.width > 0 && picture.height > 0 ? picture.width / picture.height : (natural ?? ratioUnknown);
  return Math.min(ratioMax, Math.max(ratioMin, ratio));
}

const ratioUnknown = 4 / 3;
const ratioMin = 0.5;
const ratioMax = 2.4;

/** How far the pictures of a set have come: as many of each standing as there are, the least far first. */
export function tally<S extends string>(
  standings: readonly S[],
  order: readonly S[],
): readonly (readonly [S, number])[] {
  return order
    .map((one) => [one, standings.filter((standing) => standing === one).length] as const)
    .filter(([, count]) => count > 0);
}

export function isFile(item: Picture | Attachment): item is Attachment {
  return 'bytes' in item;
}
