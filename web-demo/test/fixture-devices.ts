/** @file Devices, and what waits for a second director, over sample data. */
import type {
  AdminEntry,
  ConfirmedEntry,
  DeviceEntry,
  OvertakenEntry,
  PendingJoin,
  ProposalEntry,
  Role,
} from '../src/engine/contract';
import * as data from './fixture-data';

const longName = 'Das alte Telefon aus der Küchenschublade';

export const lately: readonly ConfirmedEntry[] = [
  {
    person: 'p1',
    name: 'Katrin Brandt',
    role: 'guardian',
    children: [{ id: 'g1c0', name: 'Emma Brandt' }],
    device: 'c1',
    deviceEnded: false,
    how: 'met',
    by: 'Murat Aydın',
    byRemoved: false,
    at: data.at(8, 5),
  },
  {
    person: 'p2',
    name: 'Maximiliane-Sophie Oberschwarzenbacher-Yılmaz',
    role: 'educator',
    children: [],
    device: 'c2',
    deviceEnded: false,
    how: 'met',
    by: 'Jonas Weber',
    byRemoved: true,
    at: data.at(16, 20, -3),
  },
  {
    person: 's1',
    name: 'Sabine Kehl',
    role: 'director',
    children: [],
    device: 'c3',
    deviceEnded: true,
    how: 'sheet',
    by: '',
    byRemoved: false,
  },
];

export const acts: readonly AdminEntry[] = [
  {
    seq: 44,
    what: 'role_ended',
    by: 'Sabine Kehl',
    bySheet: false,
    agreedBy: [],
    agreedBySheet: true,
    about: { personName: 'Jonas Weber' },
    after: data.at(9, 0),
  },
  {
    seq: 41,
    what: 'confirmed',
    by: 'Murat Aydın',
    bySheet: false,
    agreedBy: [],
    agreedBySheet: false,
    about: { personName: 'Katrin Brandt' },
    at: data.at(8, 5),
  },
  {
    seq: 38,
    what: 'reads_child_ended',
    by: 'Sabine Kehl',
    bySheet: false,
    agreedBy: [],
    agreedBySheet: false,
    carriedOutBy: 'Murat Aydın',
    about: { personName: 'Stefan Brandt', childName: 'Emma Brandt' },
  },
  {
    seq: 12,
    what: 'group_made',
    by: 'Sabine Kehl',
    bySheet: false,
    agreedBy: [],
    agreedBySheet: false,
    about: { groupName: 'Igel' },
  },
  { seq: 0, what: 'founded', by: 'Sabine Kehl', bySheet: false, agreedBy: [], agreedBySheet: true, about: {} },
];

export const longPerson = 'Maximiliane-Sophie Oberschwarzenbacher-Yılmaz';
/** What came to nothing. */
export const overtaken: readonly OvertakenEntry[] = [
  {
    id: 3,
    parts: [
      {
        what: 'invited',
        about: { person: 'g1c0p1', personName: 'Katrin Brandt', child: 'g1c0', childName: 'Emma Brandt' },
      },
    ],
    cause: {
      seq: 43,
      what: 'role_ended',
      by: 'Jonas Weber',
      bySheet: false,
      agreedBy: [],
      agreedBySheet: false,
      about: { person: 'g1c0p1', personName: 'Katrin Brandt' },
    },
  },
  {
    id: 2,
    parts: [
      { what: 'reads_child_ended', about: { personName: longPerson, child: 'g1c0', childName: 'Emma Brandt' } },
      { what: 'in_group_ended', about: { personName: longPerson, groupName: 'Igel' } },
    ],
  },
];

/** The sheet that was printed. */
export const printedDevice = 'd8';

export class Devices {
  overtaken = overtaken;
  #own: readonly DeviceEntry[];
  #pairing = false;
  proposals: readonly ProposalEntry[];

  constructor(role: Role, many: boolean, two: boolean) {
    this.#own = [{ device: 'd1', this: true, ended: false, sheet: false, name: 'Telefon' }];
    if (many)
      this.#own = [
        ...this.#own,
        { device: 'd2', this: false, ended: false, sheet: false, name: longName },
        { device: 'd3', this: false, ended: false, sheet: false },
        { device: 'd4', this: false, ended: true, sheet: false, name: 'Tablet zu Hause' },
      ];
    this.proposals =
      role === 'director' && two
        ? [
            {
              id: 'p1',
              what: 'remove_person',
              person: 's2',
              personName: 'Maximiliane-Sophie Oberschwarzenbacher-Yılmaz',
              by: 'Jonas Weber',
              mine: false,
              at: data.at(8, 5),
              due: false,
            },
            {
              id: 'p3',
              what: 'remove_person',
              person: 's3',
              personName: 'Jonas Weber',
              by: 'Maximiliane-Sophie Oberschwarzenbacher-Yılmaz',
              mine: false,
              at: data.at(9, 5),
              day: '2027-01-01',
              due: false,
            },
            {
              id: 'p4',
              what: 'remove_person',
              person: 's3',
              personName: 'Jonas Weber',
              by: 'Maximiliane-Sophie Oberschwarzenbacher-Yılmaz',
              mine: false,
              at: data.at(9, 5, -9),
              day: '2026-01-01',
              due: true,
            },
            { id: 'p2', what: 'dissolve_house', by: 'Sabine Kehl', mine: true, at: data.at(9, 40, 1), due: false },
          ]
        : [];
  }

  of(person: string, own: string, count: number): readonly DeviceEntry[] {
    if (person === own) return this.#own;
    return Array.from({ length: Math.max(count, 1) }, (_, index) => ({
      device: `${person}-${index}`,
      this: false,
      ended: false,
      sheet: false,
    }));
  }

  print(): void {
    this.#own = [
      ...this.#own.filter((one) => !one.sheet),
      { device: printedDevice, this: false, ended: false, sheet: true, name: '', printedAt: data.at(9, 0) },
    ];
  }

  /** Whoever has the code scans it at once. */
  pair(): void {
    this.#pairing = true;
  }

  joins(own: string, name: string): readonly PendingJoin[] {
    if (!this.#pairing) return [];
    return [{ id: 'j9', person: own, device: 'd9', name, role: 'guardian', childNames: [], digits: data.digits }];
  }

  settle(): void {
    this.#pairing = false;
  }

  name(device: string, name: string): void {
    const known = this.#own.some((one) => one.device === device);
    this.#own = known
      ? this.#own.map((one) => (one.device === device ? { ...one, name } : one))
      : [...this.#own, { device, this: false, ended: false, sheet: false, name }];
  }

  end(device: string): void {
    this.#own = this.#own.map((one) => (one.device === device ? { ...one, ended: true } : one));
  }

  forget(id: number): void {
    this.overtaken = this.overtaken.filter((one) => one.id !== id);
  }

  decide(proposal: string): void {
    this.proposals = this.proposals.filter((one) => one.id !== proposal);
  }
}
