/** @file What can be looked at: scenes, and the houses that each of them has. */
import type { House } from '../src/engine/contract';
import * as data from './fixture-data';

const members = {
  parent: { role: 'guardian', name: 'Katrin Brandt' },
  director: { role: 'director', name: 'Sabine Kehl' },
  educator: { role: 'educator', name: 'Murat Aydın' },
} as const;

export const scenes = [
  'none',
  'parent',
  'parent-well',
  'parent-one',
  'parent-empty',
  'parent-offline',
  'parent-loading',
  'parent-error',
  'parent-refused',
  'parent-ended',
  'ended-kept',
  'ended-staff',
  'two-houses',
  'joining',
  'joined',
  'ended',
  'damaged',
  'outdated',
  'other-tab',
  'educator',
  'educator-empty',
  'educator-full',
  'educator-refused',
  'sending',
  'sending-paused',
  'sending-offline',
  'set-aside',
  'many',
  'pictures-offline',
  'pictures-gone',
  'director',
  'director-quiet',
  'director-new',
  'director-second',
  'director-two',
  'parent-devices',
  'wiped',
  'joining-own',
  'alarms',
  'moved',
  'restored',
  'parent-restored',
  'doubted',
  'dissolved',
  'director-dissolved',
  'tablet',
  'tablet-new',
  'tablet-offline',
  'tablet-dropped',
  'tablet-closed',
] as const;
export type Scene = (typeof scenes)[number];

export function isScene(name: string): name is Scene {
  return (scenes as readonly string[]).includes(name);
}

/** How many pictures of a feast are on their way. */
export const sendingCount = 288;

export function houseOf(part: Partial<House>): House {
  return {
    slot: 'h1',
    name: 'Kita Spatzennest',
    fingerprint: data.fingerprint,
    role: 'guardian',
    stage: 'member',
    link: 'online',
    waiting: 0,
    media: { queued: 0, failed: 0, paused: false },
    alarms: [],
    me: { person: 'me', name: 'Katrin Brandt' },
    helpLine: data.helpLine,
    notice: data.notice,
    ...part,
  };
}

export function housesOf(scene: Scene): readonly House[] {
  const as = (kind: keyof typeof members, part: Partial<House> = {}) =>
    houseOf({
      role: members[kind].role,
      me: { person: kind === 'director' ? 's1' : 'me', name: members[kind].name },
      ...part,
    });
  switch (scene) {
    case 'none':
      return [];
    case 'parent':
      return [as('parent', { waiting: 1 })];
    case 'parent-well':
    case 'parent-one':
    case 'parent-empty':
    case 'parent-loading':
    case 'parent-error':
    case 'parent-refused':
    case 'parent-ended':
      return [as('parent')];
    case 'parent-offline':
      return [as('parent', { link: 'offline', waiting: 2 })];
    case 'two-houses':
      return [as('parent'), as('educator', { slot: 'h2', name: 'Waldkindergarten Fuchsbau', role: 'educator' })];
    case 'joining':
      return [as('parent', { stage: 'joining', digits: data.digits })];
    case 'joining-own':
      return [as('parent', { stage: 'joining', digits: data.digits, deviceName: 'Tablet zu Hause' })];
    case 'wiped':
      return [as('parent', { stage: 'ended', name: '', fingerprint: '' })];
    case 'parent-devices':
      return [as('parent', { alarms: [{ code: 'device_new', count: 1 }] })];
    case 'director-two':
      return [
        as('director', {
          alarms: [
            { code: 'proposal', count: 1 },
            { code: 'overtaken', count: 2 },
          ],
        }),
      ];
    case 'joined':
      return [as('parent')];
    case 'ended':
      return [as('parent', { stage: 'ended', me: { person: '', name: '' } })];
    case 'ended-kept':
      return [as('parent', { stage: 'ended' })];
    case 'ended-staff':
      return [as('educator', { stage: 'ended', name: '', me: { person: '', name: '' } })];
    case 'damaged':
      return [as('parent', { stage: 'ended', name: '', alarms: [{ code: 'storage_refused' }] })];
    case 'outdated':
      return [as('parent', { alarms: [{ code: 'app_outdated' }] })];
    case 'other-tab':
      return [as('parent', { alarms: [{ code: 'other_tab' }] })];
    case 'educator':
    case 'educator-empty':
    case 'educator-full':
    case 'educator-refused':
    case 'set-aside':
      return [as('educator')];
    case 'sending':
    case 'sending-paused':
      return [as('educator', { waiting: sendingCount })];
    case 'sending-offline':
      return [as('educator', { link: 'offline', waiting: sendingCount })];
    case 'many':
    case 'pictures-gone':
      return [as('parent')];
    case 'pictures-offline':
      return [as('parent', { link: 'offline' })];
    case 'director':
    case 'director-second':
      return [as('director', { alarms: [{ code: 'one_director' }] })];
    case 'director-quiet':
      return [as('director')];
    case 'moved':
      return [as('director', { alarms: [{ code: 'relay_moved' }] })];
    case 'restored':
      return [as('director', { link: 'connecting', alarms: [{ code: 'relay_restored', count: 3 }] })];
    case 'parent-restored':
      return [as('parent', { link: 'connecting', waiting: 1, alarms: [{ code: 'relay_restored', count: 0 }] })];
    case 'doubted':
      return [as('educator', { alarms: [{ code: 'log_doubted' }] })];
    case 'dissolved':
      return [as('parent', { dissolved: true, alarms: [{ code: 'dissolved' }] })];
    case 'director-dissolved':
      return [as('director', { dissolved: true, alarms: [{ code: 'dissolved' }] })];
    case 'director-new':
      return [as('director', { alarms: [{ code: 'sheet_missing' }, { code: 'one_director' }] })];
    case 'tablet':
    case 'tablet-new':
    case 'tablet-offline':
    case 'tablet-dropped':
    case 'tablet-closed':
      return [
        houseOf({
          role: 'place',
          place: 'open',
          link: scene === 'tablet-offline' || scene === 'tablet-closed' ? 'offline' : 'online',
          me: { person: 's4', name: 'Tablet Igel' },
        }),
      ];
    case 'alarms':
      return [
        as('director', {
          alarms: [
            { code: 'device_copied' },
            { code: 'relay_rewound' },
            { code: 'relay_moved' },
            { code: 'storage_refused' },
            { code: 'storage_full' },
            { code: 'quota_full' },
            { code: 'quarantined', count: 3 },
            { code: 'relay_garbage' },
            { code: 'house_unknown' },
          ],
        }),
      ];
  }
}
