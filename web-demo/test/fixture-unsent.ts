/** @file What the sample parent without a network has written: one that waits, one that is stuck. */
import type { UnsentEntry } from '../src/engine/contract';
import * as data from './fixture-data';

export const unsent: readonly UnsentEntry[] = [
  {
    item: 'u1',
    kind: 'message',
    place: 'thread',
    placeName: 'Mia Brandt',
    title: '',
    text: 'Mia wird heute von Oma abgeholt, sie hat ihren Ausweis dabei.',
    at: data.at(7, 40),
    stuck: 'refused',
  },
  {
    item: 'u2',
    kind: 'sick',
    place: 'thread',
    placeName: 'Mia Brandt',
    title: '',
    text: 'Seit der Nacht Fieber.',
    from: data.day(0),
    to: data.day(1),
    at: data.at(7, 55),
  },
];
