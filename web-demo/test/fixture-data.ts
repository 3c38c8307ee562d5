/** @file Sample data of an invented house. Times hang on the day of looking. Pictures and files come from the shelf, by their set. */
import type {
  Absence,
  Bulletin,
  ChildEntry,
  Group,
  Message,
  PendingJoin,
  PersonEntry,
  Role,
  Thread,
} from '../src/engine/contract';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const midnight = new Date();
midnight.setHours(0, 0, 0, 0);

/** A time of day, `days` days ago. */
export function at(hours: number, minutes: number, days = 0): number {
  return midnight.getTime() - days * dayMs + (hours * 60 + minutes) * minuteMs;
}

export function day(ahead = 0): string {
  const date = new Date(midnight.getTime() + ahead * dayMs + dayMs / 2);
  return date.toISOString().slice(0, 10);
}

export const notice =
  'Verantwortlich für Ihre Daten ist der Träger der Kita: Elternverein Lindenhof e. V., Lindenweg 4, 12345 Musterstadt. Datenschutzbeauftragte Person: Frau Adler, 030 555 01 20.\n\nWir verarbeiten Ihren Namen, den Namen und die Gruppe Ihres Kindes, Ihre Nachrichten an uns sowie Krank- und Abwesenheitsmeldungen, damit wir Ihr Kind betreuen können (Art. 6 Abs. 1 Buchst. b und e DSGVO).\n\nSie haben das Recht auf Auskunft, Berichtigung, Löschung, Einschränkung und Übertragung Ihrer Daten.';
export const helpLine = '030 555 01 10, montags bis freitags 7 bis 16 Uhr';
export const fingerprint = '7K2M QX9D 4TVB H8ZR';
export const digits = ['418', '902', '375', '660', '127', '583'];

export const groups: readonly Group[] = [
  { id: 'g1', name: 'Igel', symbol: 'hedgehog', childCount: 9 },
  { id: 'g2', name: 'Füchse', symbol: 'fox', childCount: 8 },
  { id: 'g3', name: 'Frösche', symbol: 'frog', childCount: 3 },
];

export function absence(part: Partial<Absence> & Pick<Absence, 'id' | 'child'>): Absence {
  return { kind: 'sick', from: day(), to: day(), by: 'me', at: at(6, 42), state: 'relay', withdrawn: false, ...part };
}

const childNames: Record<string, readonly string[]> = {
  g1: [
    'Emma Brandt',
    'Ali Demir',
    'Maximiliane-Sophie Oberschwarzenbacher-Yılmaz',
    'Jonas Weber',
    'Mila Horvat',
    'Олена Шевченко',
    'Theo Lindner',
    'Lina Nguyen',
    'Paul Krüger',
  ],
  g2: [
    'Ida Sommer',
    'Karl Vogt',
    'Amira Haddad',
    'Finn Petersen',
    'Zoë Martin',
    'Leo Brandt',
    'Greta Jansen',
    'Noah Öztürk',
  ],
  g3: ['Anton Busch', 'Frida Lang', 'Sami Rahimi'],
};

/** A full group: so many more in the first one. */
const moreNames = [
  'Anna-Katharina',
  'Bartholomäus',
  'Çağla',
  'Dmytro',
  'Elif',
  'Friedrich',
  'Gülsüm',
  'Henriette',
  'Ivo',
  'Jette',
  'Kasimir',
  'Łukasz',
  'Marlene',
  'Nils',
  'Ottilie',
  'Pia',
].map(
  (first, index) =>
    `${first} ${['Oberschwarzenbacher-Yılmaz', 'Kaya', 'Żółkiewska', 'Meyer zu Westerhausen'][index % 4]}`,
);

export function childrenOf(group: string, full = false): readonly { readonly id: string; readonly name: string }[] {
  const names = [...(childNames[group] ?? []), ...(full && group === 'g1' ? moreNames : [])];
  return names.map((name, index) => ({ id: `${group}c${index}`, name }));
}

export function person(part: Partial<PersonEntry> & Pick<PersonEntry, 'person' | 'name'>): PersonEntry {
  return { role: 'guardian', groups: [], children: [], stage: 'member', devices: 1, ...part };
}

export const staff: readonly PersonEntry[] = [
  person({ person: 's1', name: 'Sabine Kehl', role: 'director' }),
  person({ person: 's2', name: 'Murat Aydın', role: 'educator', groups: ['g1'] }),
  person({
    person: 's3',
    name: 'Jule Hansen',
    role: 'educator',
    groups: ['g2', 'g3'],
    stage: 'invited',
    devices: 0,
    invite: { id: 'i3', validUntil: at(0, 0, -13), stage: 'open' },
  }),
  {
    ...person({ person: 's4', name: 'Tablet Igel', role: 'place', groups: ['g1'], stage: 'none', devices: 0 }),
    pin: person({ person: 'p1', name: 'Tablet Igel', role: 'place', groups: ['g1'], stage: 'none', devices: 0 }),
  },
];

/** Of the guardians who have more than one. */
const devicesOf: Readonly<Record<string, number>> = { Шевченко: 2, Horvat: 4 };

export const children: readonly ChildEntry[] = groups.flatMap((group) =>
  childrenOf(group.id).map(({ id, name }, index): ChildEntry => {
    const last = name.split(' ').at(-1) ?? name;
    const stages = ['member', 'invited', 'joining', 'none', 'member'] as const;
    const stage = stages[index % stages.length] ?? 'member';
    return {
      id,
      name,
      group: group.id,
      guardians: [
        person({
          person: `${id}p1`,
          name: `Katrin ${last}`,
          children: [{ id, name }],
          stage,
          devices: stage === 'member' ? (devicesOf[last] ?? 1) : 0,
          ...(stage === 'invited'
            ? { invite: { id: `${id}i`, validUntil: at(0, 0, -11), stage: 'open' as const } }
            : {}),
        }),
        ...(index % 3 === 0
          ? [person({ person: `${id}p2`, name: `Stefan ${last}`, children: [{ id, name }], stage: 'none', devices: 0 })]
          : []),
      ],
    };
  }),
);

export const joins: readonly PendingJoin[] = [
  {
    id: 'j1',
    person: 'g1c2p1',
    device: 'n1',
    name: 'Katrin Oberschwarzenbacher-Yılmaz',
    role: 'guardian',
    childNames: ['Maximiliane-Sophie'],
    digits,
    at: at(7, 51),
  },
];

/** What belongs to a set of pictures and files. */
export type Sample<Item> = Omit<Item, 'media'> & { readonly set?: string };

export const bulletins: readonly Sample<Bulletin>[] = [
  {
    id: 'b0',
    set: 'set-lanterns',
    title: 'Unsere Laternen sind fertig',
    body: 'Die ganze Woche haben wir geklebt und gemalt. Am Freitag leuchten sie.',
    audience: 'group',
    groupName: 'Igel',
    author: 'Murat Aydın',
    mine: false,
    at: at(6, 40),
    state: 'house',
    seenByFamilies: 3,
    read: false,
  },
  {
    id: 'b1',
    set: 'set-feast',
    title: 'Laternenfest am Freitag',
    body: 'Wir treffen uns um 16:30 Uhr im Garten. Bitte bringen Sie eine Tasse mit.\n\nBei Regen feiern wir drinnen.',
    audience: 'house',
    author: 'Sabine Kehl',
    mine: false,
    at: at(7, 20),
    state: 'house',
    seenByFamilies: 14,
    read: false,
  },
  {
    id: 'b2',
    title: 'Morgen in den Wald',
    body: 'Wir gehen morgen in den Wald. Bitte Gummistiefel und Regenhose mitgeben, ein zweites Paar Socken schadet nicht. Wir sind um 13 Uhr zurück.',
    audience: 'group',
    groupName: 'Igel',
    author: 'Murat Aydın',
    mine: false,
    at: at(15, 5, 1),
    state: 'house',
    seenByFamilies: 6,
    read: true,
  },
  {
    id: 'b3',
    title: 'Schließtage im nächsten Jahr',
    body: 'Die Schließtage stehen fest: 2. und 3. Januar, die letzten drei Wochen der Sommerferien, und der 15. Mai wegen Fortbildung. Wenn Sie in dieser Zeit Betreuung brauchen, sprechen Sie uns bitte bis Ende des Monats an.',
    audience: 'house',
    author: 'Sabine Kehl',
    mine: false,
    at: at(11, 0, 6),
    state: 'house',
    seenByFamilies: 1,
    read: true,
  },
];

type SampleMessage = Sample<Message>;

export function message(part: Partial<SampleMessage> & Pick<Message, 'id' | 'text' | 'side' | 'at'>): SampleMessage {
  return { mine: false, author: part.side === 'house' ? 'Murat Aydın' : 'Katrin Brandt', state: 'house', ...part };
}

export function threadMessages(role: Role): readonly SampleMessage[] {
  const parent = role === 'guardian';
  return [
    message({
      id: 'm1',
      side: 'guardian',
      mine: parent,
      text: 'Guten Morgen, Emma hat heute ihren Hasen dabei. Sie möchte ihn im Mittagsschlaf haben.',
      at: at(7, 48, 1),
      seenAt: at(8, 2, 1),
    }),
    message({
      id: 'm2',
      side: 'house',
      mine: !parent,
      text: 'Danke, der Hase schläft heute mit. Emma hat im Garten ein Schneckenhaus gefunden und zeigt es Ihnen nachher.',
      set: 'set-thread',
      at: at(12, 15, 1),
      seenAt: at(12, 40, 1),
    }),
    message({
      id: 'm3',
      side: 'guardian',
      mine: parent,
      text: 'Seit der Nacht Fieber, sonst munter.',
      at: at(6, 42),
      absence: absence({ id: 'a1', child: 'g1c0', to: day(1), by: parent ? 'me' : 'other_guardian' }),
      state: 'house',
      seenAt: at(7, 5),
    }),
    message({
      id: 'm4',
      side: 'house',
      mine: false,
      author: 'Jule Hansen',
      text: 'Gute Besserung an Emma von allen Igeln.',
      at: at(7, 6),
    }),
    message({
      id: 'm5',
      side: 'guardian',
      mine: parent,
      text: 'Danke. Ich melde mich heute Abend, ob es morgen schon wieder geht.',
      at: at(7, 12),
      state: 'relay',
    }),
    ...(parent
      ? [
          message({
            id: 'm6',
            side: 'guardian',
            mine: true,
            text: 'Eine Frage noch: Steht der Termin am Donnerstag?',
            at: at(7, 13),
            state: 'local',
          }),
        ]
      : []),
  ];
}

type SampleThread = Omit<Thread, 'last'> & { readonly last?: SampleMessage };

export function threads(role: Role, full = false): readonly SampleThread[] {
  const list = threadMessages(role);
  const last = list.at(-1);
  const own: SampleThread = {
    id: 't1',
    child: 'g1c0',
    childName: 'Emma Brandt',
    guardianName: 'Katrin Brandt',
    groupName: 'Igel',
    ended: false,
    unread: role === 'guardian' ? 0 : 1,
    ...(last ? { last } : {}),
  };
  if (role === 'guardian') {
    return [
      own,
      {
        id: 't2',
        child: 'g2c5',
        childName: 'Leo Brandt',
        guardianName: 'Katrin Brandt',
        groupName: 'Füchse',
        ended: false,
        unread: 2,
        last: message({
          id: 'n1',
          side: 'house',
          author: 'Jule Hansen',
          text: 'Leo braucht neue Hausschuhe, die alten drücken.',
          at: at(16, 20, 1),
        }),
      },
    ];
  }
  return [
    own,
    ...(full
      ? moreNames.map((childName, index): SampleThread => {
          const last = childName.split(' ').slice(1).join(' ');
          return {
            id: `tm${index}`,
            child: `g1c${index + 9}`,
            childName,
            guardianName: `Maximiliane-Sophie ${last}`,
            groupName: 'Igel',
            ended: false,
            unread: index % 3 === 0 ? 12 : 0,
            last: message({
              id: `nm${index}`,
              side: 'guardian',
              author: `Maximiliane-Sophie ${last}`,
              text: 'Guten Morgen, heute wird es etwas später, wir warten noch auf den Bus und bringen das Frühstück mit.',
              at: at(7, index),
            }),
          };
        })
      : []),
    {
      id: 't3',
      child: 'g1c1',
      childName: 'Ali Demir',
      guardianName: 'Katrin Demir',
      groupName: 'Igel',
      ended: false,
      unread: 1,
      last: message({
        id: 'n2',
        side: 'guardian',
        author: 'Katrin Demir',
        text: 'Ali wird heute von seiner Oma abgeholt.',
        at: at(7, 30),
      }),
    },
    {
      id: 't4',
      child: 'g1c2',
      childName: 'Maximiliane-Sophie',
      guardianName: 'Katrin Oberschwarzenbacher-Yılmaz',
      groupName: 'Igel',
      ended: false,
      unread: 0,
      last: message({
        id: 'n3',
        side: 'house',
        mine: role !== 'director',
        text: 'Gern, wir haben es notiert.',
        at: at(14, 10, 2),
      }),
    },
    {
      id: 't5',
      child: 'g1c3',
      childName: 'Jonas Weber',
      guardianName: 'Katrin Weber',
      groupName: 'Igel',
      ended: false,
      unread: 0,
    },
  ];
}
