/**
 * @file What guardians are to children, and circles with notes of their own, of the invented house. It decides nothing that the
 * engine decides: what somebody would see is reckoned here for looking at the screens only.
 */
import type { Board, Family, Kin, Note, PersonEntry, PlanEntry, Reach, Relation, Role } from '../src/engine/contract';
import * as data from './fixture-data';

const usual: Relation = { custody: 'joint', livesWith: true, information: true, collect: true };
const nothing: Reach = { child: false, group: false, thread: false };

function reachOf(relation: Relation): Reach {
  const child = relation.information && relation.custody !== 'none';
  return { child, group: child, thread: relation.information };
}

/** Of the children whose families are worth looking at. */
const relations: Readonly<Record<string, Relation>> = {
  g1c0p2: { ...usual, livesWith: false },
  g1c2p1: { ...usual, custody: 'sole' },
  g1c3p2: { custody: 'none', livesWith: false, information: false, collect: false },
  g1c6p2: { custody: 'none', livesWith: false, information: true, collect: false },
};
const protectedFirst: readonly [string, readonly string[]][] = [['g1c2p1', ['s2']]];
const endedFirst: readonly string[] = ['g1c6p2'];

function note(part: Pick<Note, 'id' | 'title' | 'body' | 'author' | 'at'> & Partial<Note>): Note {
  return { mine: false, state: 'relay', ...part };
}

const member = (person: string, name: string, role: Role) => ({ person, name, role });

export class Families {
  readonly #relations = new Map(Object.entries(relations));
  /** Of each who knows of them. */
  readonly #protected = new Map(protectedFirst);
  readonly #ended = new Set(endedFirst);
  readonly #left = new Set<string>();
  readonly #notes = new Map<string, readonly Note[]>([
    [
      'staff',
      [
        note({
          id: 'n-staff',
          title: 'Dienstplan nächste Woche',
          body: 'Am Mittwoch fehlt Murat. Wer kann die Frühschicht übernehmen?',
          author: 'Sabine Kehl',
          at: data.at(15, 10, 1),
        }),
      ],
    ],
    [
      'guarded1',
      [
        note({
          id: 'n-guarded',
          title: 'Gespräch am Donnerstag',
          body: 'Wir sprechen über die Eingewöhnung. Bitte nichts davon in die Gruppe tragen.',
          author: 'Murat Aydın',
          at: data.at(11, 40, 2),
        }),
      ],
    ],
    [
      'g1c0',
      [
        note({
          id: 'n-child',
          title: 'Emma hat die Brille vergessen',
          body: 'Sie liegt im Fach. Bitte morgen wieder mitgeben.',
          author: 'Murat Aydın',
          at: data.at(14, 20),
        }),
      ],
    ],
  ]);
  #boards: readonly Board[];
  #plans: readonly PlanEntry[] = [
    {
      id: 'p1',
      what: 'guardian',
      day: data.day(3),
      about: { person: 'g1c0p1', personName: 'Katrin Brandt', child: 'g1c0', childName: 'Emma Brandt' },
      relation: { custody: 'none', livesWith: false, information: false, collect: false },
      by: 'Sabine Kehl',
      at: data.at(9, 0, 1),
      stage: 'waiting',
    },
    {
      id: 'p2',
      what: 'move',
      day: data.day(-1),
      about: { child: 'g1c1', childName: 'Ali Demir', group: 'g2', groupName: 'Füchse' },
      by: 'Sabine Kehl',
      at: data.at(9, 0, 4),
      stage: 'stuck',
      reason: 'not_found',
    },
    {
      id: 'p3',
      what: 'move',
      day: data.day(-20),
      about: { child: 'g1c1', childName: 'Ali Demir', group: 'g1', groupName: 'Igel' },
      by: 'Sabine Kehl',
      at: data.at(9, 0, 30),
      stage: 'done',
    },
    {
      id: 'p4',
      what: 'leave',
      day: data.day(-40),
      about: { child: 'g1c1', childName: 'Ali Demir' },
      by: 'Jonas Weber',
      at: data.at(9, 0, 50),
      stage: 'withdrawn',
    },
    {
      id: 'p5',
      what: 'guardian',
      day: data.day(-60),
      about: { person: 'g1c1p1', personName: 'Elif Demir', child: 'g1c1', childName: 'Ali Demir' },
      relation: { custody: 'none', livesWith: false, information: true, collect: false },
      by: 'Sabine Kehl',
      at: data.at(9, 0, 70),
      stage: 'failed',
      reason: 'not_found',
    },
  ];

  constructor(
    readonly role: Role,
    empty: boolean,
  ) {
    const head = member('s1', 'Sabine Kehl', 'director');
    const educator = member('s2', 'Murat Aydın', 'educator');
    const me =
      role === 'director'
        ? head
        : role === 'educator'
          ? { ...educator, person: 'me' }
          : member('me', 'Katrin Brandt', role);
    const staff: Board = { id: 'staff', sort: 'staff', name: '', members: [], mayWrite: true };
    const guarded: Board = {
      id: 'guarded1',
      sort: 'guarded',
      name: 'Wegen Emma',
      members: [role === 'educator' ? head : educator, me],
      mayWrite: true,
    };
    const children = (
      role === 'guardian'
        ? [
            ['g1c0', 'Emma Brandt'],
            ['g2c5', 'Leo Brandt'],
          ]
        : [
            ['g1c0', 'Emma Brandt'],
            ['g1c1', 'Ali Demir'],
          ]
    ).map(([id = '', name = '']): Board => ({ id, sort: 'child', name, members: [], mayWrite: role !== 'guardian' }));
    const apart: Board = {
      id: 'apart1',
      sort: 'guarded',
      name: role === 'guardian' ? 'Sie' : 'Maximiliane-Sophie Oberschwarzenbacher-Yılmaz',
      protects: role === 'guardian' ? 'me' : 'g1c2p1',
      members:
        role === 'director'
          ? [member('s2', 'Murat Aydın', 'educator'), me]
          : [member('s2', 'Murat Aydın', 'educator'), member('s1', 'Sabine Kehl', 'director'), me],
      mayWrite: true,
    };
    const all = role === 'guardian' ? [apart, ...children] : [staff, guarded, apart, ...children];
    this.#boards = empty ? all.filter((board) => board.sort === 'staff') : all;
  }

  plans(): readonly PlanEntry[] {
    return this.#plans;
  }
  cancel(id: string): void {
    this.#plans = this.#plans.filter((plan) => plan.id !== id);
  }

  relation(person: string): Relation {
    return this.#relations.get(person) ?? usual;
  }

  reach(person: string, relation: Relation): Reach {
    const reach = reachOf(relation);
    return this.#protected.has(person) ? { ...nothing, thread: reach.thread } : reach;
  }

  family(child: string): Family {
    const guardians = data.children.find((one) => one.id === child)?.guardians ?? [];
    return { left: this.#left.has(child), guardians: guardians.map((entry) => this.#kin(entry)) };
  }

  #kin(person: PersonEntry): Kin {
    const ended = this.#ended.has(person.person);
    const relation = this.relation(person.person);
    const named = this.#protected.get(person.person);
    const { invite, ...rest } = person;
    return {
      entry: ended ? { ...rest, stage: 'ended', devices: 0 } : invite ? { ...rest, invite } : rest,
      relation,
      reach: ended ? nothing : this.reach(person.person, relation),
      protected: named !== undefined,
      ...(named && { named: data.staff.filter((one) => one.role === 'director' || named.includes(one.person)) }),
      contacts: person.children.map(({ id }) => ({
        child: id,
        contacts: named ? `${person.name} 0341 55 01 20` : `${person.name} 0341 55 01 20\nOma 0152 334 45 60`,
      })),
    };
  }

  set(person: string, relation: Relation): void {
    this.#relations.set(person, relation);
  }
  protect(person: string, named: readonly string[] | undefined): void {
    if (named) this.#protected.set(person, named);
    else this.#protected.delete(person);
  }
  end(person: string): void {
    this.#ended.add(person);
  }
  readmit(person: string): void {
    this.#ended.delete(person);
  }
  leave(child: string): void {
    this.#left.add(child);
  }

  boards(): readonly Board[] {
    return this.#boards.map((board) => {
      const last = this.notes(board.id)[0];
      return last ? { ...board, last } : board;
    });
  }
  notes(circle: string): readonly Note[] {
    return this.#notes.get(circle) ?? [];
  }
  write(circle: string, id: string, title: string, body: string): void {
    const own = note({ id, title, body, author: 'Sie', at: Date.now(), mine: true, state: 'local' });
    this.#notes.set(circle, [own, ...this.notes(circle)]);
  }
  takeBack(id: string): void {
    for (const [circle, notes] of this.#notes)
      this.#notes.set(
        circle,
        notes.filter((one) => one.id !== id),
      );
  }
  open(id: string, sort: 'guarded' | 'council', name: string, members: readonly string[]): void {
    const people = [...data.staff, ...data.children.flatMap((child) => child.guardians)];
    const named = people.filter((one) => members.includes(one.person));
    // Whoever is no member is shown nothing of it.
    if (!members.includes('s1') && !members.includes('me')) return;
    this.#boards = [
      ...this.#boards,
      { id, sort, name, members: named.map((one) => member(one.person, one.name, one.role)), mayWrite: true },
    ];
  }
}
