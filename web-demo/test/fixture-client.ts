/**
 * @file The engine's contract over sample data, for looking at screens and for unit tests of the page. It stores nothing, sends
 * nothing and decides nothing; tests of behaviour run against the real engine.
 */
import {
  EngineError,
  type Absence,
  type Bulletin,
  type CodeCheck,
  type Commands,
  type DayChild,
  type EngineClient,
  type ErrorCode,
  type Group,
  type GroupDay,
  type House,
  type Intake,
  type InviteGreeting,
  type Letter,
  type Message,
  type PendingJoin,
  type PersonEntry,
  type Queries,
  type RecoverySheet,
  type Role,
  type Thread,
} from '../src/engine/contract';
import * as data from './fixture-data';
import { acts, Devices, lately, longPerson, printedDevice } from './fixture-devices';
import { Erasable } from './fixture-erasures';
import { Families } from './fixture-families';
import { Shelf } from './fixture-media';
import { qrPicture } from './fixture-pictures';
import { houseOf, housesOf, sendingCount, type Scene } from './fixture-scenes';
import { Tablet } from './fixture-tablet';
import { unsent } from './fixture-unsent';

/** Codes that fail, for looking at the sentences: type the error's code after four letters, e.g. `XXXX-USED`. */
const failing: Readonly<Record<string, ErrorCode>> = {
  USED: 'code_used',
  UNKN: 'code_unknown',
  EXPI: 'code_expired',
  REVO: 'code_revoked',
  FORE: 'code_foreign',
  MEMB: 'code_already_member',
  OFFL: 'offline',
  MIST: 'code_mistyped',
};

const codeCharacters = 28;
const homePicturesMax = 12;
/** What the operator of this address does not know. */
const wrongSetupCode = 'FALSCH';

export function createFixtureClient(scene: Scene): EngineClient {
  const empty = scene === 'parent-empty' || scene === 'educator-empty' || scene === 'director-new';
  const full = scene === 'educator-full';
  const first = housesOf(scene)[0];
  const shelf = new Shelf({
    role: first?.role ?? 'guardian',
    empty,
    sending: scene.startsWith('sending') ? sendingCount : 0,
    paused: scene === 'sending-paused',
    faults: scene === 'set-aside',
    many: scene === 'many',
    trouble: scene === 'pictures-gone' ? 'not_found' : first?.link === 'offline' ? 'offline' : undefined,
  });
  const erasable = new Erasable(scene !== 'director-two' && scene !== 'set-aside');
  const devices = new Devices(first?.role ?? 'guardian', scene === 'parent-devices', scene === 'director-two');
  const families = new Families(first?.role ?? 'guardian', empty);
  const counted = (list: readonly House[]) =>
    list.map((house) => (house.stage === 'member' ? { ...house, media: shelf.numbers } : house));
  const tablet = new Tablet(scene);
  const pinned = (list: readonly House[]) =>
    list.map((house) => (house.place === 'open' ? { ...house, pins: tablet.pins } : house));
  let houses = pinned(counted(housesOf(scene)));
  const houseListeners = new Set<(houses: readonly House[]) => void>();
  const changeListeners = new Set<(slot: string) => void>();
  let counter = 0;
  /** What people write is refused once: a full device, say. */
  let refusing = scene === 'parent-refused' || scene === 'educator-refused';
  const refusable: readonly (keyof Commands)[] = [
    'send_message',
    'report_absence',
    'describe_picture',
    'share_picture',
  ];
  const refuseOnce = () => {
    if (!refusing) return;
    refusing = false;
    throw new EngineError('storage_full');
  };
  const nextId = () => `x${++counter}`;
  let absences: readonly Absence[] =
    scene === 'parent-well' || scene === 'parent-one' || scene === 'parent-refused' || empty
      ? []
      : [
          data.absence({
            id: 'a1',
            child: 'g1c0',
            to: data.day(1),
            note: 'Seit der Nacht Fieber, sonst munter.',
            state: 'house',
          }),
          data.absence({
            id: 'a2',
            child: 'g2c5',
            kind: 'away',
            by: 'other_guardian',
            byName: 'Stefan Brandt',
            from: data.day(3),
            to: data.day(5),
          }),
          data.absence({ id: 'a3', child: 'g1c5', kind: 'sick', by: 'other_guardian', byName: 'Katrin Шевченко' }),
          data.absence({
            id: 'a4',
            child: 'g1c8',
            kind: 'away',
            by: 'other_guardian',
            byName: 'Katrin Krüger',
            to: data.day(4),
          }),
        ];
  let bulletins: readonly data.Sample<Bulletin>[] = empty
    ? []
    : data.bulletins.map((one) => ({ ...one, mine: scene.startsWith('director') && one.author === 'Sabine Kehl' }));
  let groups: readonly Group[] = empty && scene !== 'educator-empty' ? [] : data.groups;
  let joins: readonly PendingJoin[] = scene === 'director' || scene === 'educator' ? data.joins : [];
  let extra: readonly data.Sample<Message>[] = [];
  const invitedDirector: PersonEntry = {
    person: 's9',
    name: 'Maximiliane-Sophie Oberschwarzenbacher-Yılmaz',
    role: 'director',
    groups: [],
    children: [],
    stage: 'invited',
    devices: 0,
  };
  let staff: readonly PersonEntry[] = empty || scene === 'none' ? data.staff.slice(0, 1) : data.staff;
  if (scene === 'director-second') staff = [...staff, invitedDirector];

  const whole = <Item extends { readonly set?: string }>(item: Item) => ({ ...item, media: shelf.of(item.set) });
  const threadsOf = (role: Role): readonly Thread[] =>
    data
      .threads(role, full)
      .filter((thread) => scene !== 'parent-one' || thread.child === 'g1c0')
      .map(({ last, ...thread }) => ({
        ...thread,
        ...(scene === 'parent-ended' && thread.id === 't2' ? { ended: true } : {}),
        ...(scene === 'parent-one' ? { unread: 1 } : {}),
        ...(scene === 'director-quiet' ? { unread: 0 } : {}),
        ...(last ? { last: whole(last) } : {}),
      }));

  const changed = (slot: string) => {
    houses = pinned(counted(houses));
    for (const listener of changeListeners) listener(slot);
    for (const listener of houseListeners) listener(houses);
  };
  const meOf = (slot: string) => houses.find((house) => house.slot === slot)?.me ?? { person: '', name: '' };
  const roleOf = (slot: string) => houses.find((house) => house.slot === slot)?.role ?? 'guardian';
  const held = (child: string) => absences.filter((one) => one.child === child && !one.withdrawn);

  function groupDay(group: Group, on: string): GroupDay {
    const children = (empty ? [] : data.childrenOf(group.id, full)).map(({ id, name }): DayChild => {
      const covering = held(id).filter((one) => one.from <= on && one.to >= on);
      const kind = covering[0]?.kind;
      return {
        id,
        name,
        status: kind ?? 'expected',
        absences: covering.map((one) =>
          one.by === 'me' ? { ...one, by: 'other_guardian', byName: 'Katrin Brandt' } : one,
        ),
        attendance: tablet.attendance(id),
        ...tablet.allergies(id),
      };
    });
    const count = (status: DayChild['status']) => children.filter((child) => child.status === status).length;
    return { day: on, group, children, expected: count('expected'), sick: count('sick'), away: count('away') };
  }

  const queries: { [K in keyof Queries]: (slot: string, args: Queries[K]['args']) => Queries[K]['result'] } = {
    parent_home: (_slot, { day }) => ({
      children: empty
        ? []
        : [
            {
              id: 'g1c0',
              name: 'Emma Brandt',
              group: data.groups[0] ?? null,
              unread: 0,
              ended: scene === 'ended-kept',
            },
            {
              id: 'g2c5',
              name: 'Leo Brandt',
              group: data.groups[1] ?? null,
              unread: 2,
              ended: scene === 'parent-ended' || scene === 'ended-kept',
            },
          ]
            .slice(0, scene === 'parent-one' ? 1 : undefined)
            .map((child) => ({
              ...child,
              today: held(child.id).filter((one) => one.from <= day && one.to >= day),
              upcoming: held(child.id).filter((one) => one.from > day),
              attendance: tablet.attendance(child.id),
            })),
      bulletins: bulletins.map(whole),
      pictures: shelf.pictures(homePicturesMax),
    }),
    bulletins: () => bulletins.map(whole),
    pictures: () => shelf.pictures(),
    transfers: () => shelf.transfers,
    notes: (_slot, { circle }) => families.notes(circle),
    boards: (slot) => {
      const boards = families.boards();
      const directs = houses.some((house) => house.slot === slot && house.role === 'director');
      return { boards, mayMakeCouncil: directs && !boards.some((board) => board.sort === 'council') };
    },
    family: (_slot, { child }) => families.family(child),
    reach: (_slot, { person, relation }) => families.reach(person, relation),
    relation: (_slot, { person }) => families.relation(person),
    plans: () => families.plans(),
    proposals: () => devices.proposals,
    missing: () => [{ at: Date.now(), count: 2 }, { count: 1 }],
    overtaken: () => devices.overtaken,
    erasures: () => erasable.list(),
    intake: () => intake,
    confirmed_lately: () => lately,
    admin_log: (slot) =>
      acts.filter((one) => roleOf(slot) === 'director' || (one.about.child === undefined && one.role !== 'guardian')),
    evidence: () => ({
      cases: [{ what: 'relay_unproven' }, { what: 'device', person: 's2', personName: 'Murat Aydın', device: 'd1' }],
      file: 'a0',
      setAside: [
        { record: '4f'.repeat(32), place: 'group', placeName: 'Igel', number: 412, author: 'Murat Aydın' },
        { record: '9c'.repeat(32), placeName: '', number: 7, author: '' },
      ],
    }),
    unsent: () => (scene === 'parent-offline' ? unsent : []),
    devices: (slot, { person }) => {
      const everyone = [...staff, ...data.children.flatMap((child) => child.guardians)];
      const count = everyone.find((one) => one.person === person)?.devices ?? 0;
      return devices.of(person, meOf(slot).person, count);
    },
    threads: (slot) => (empty ? [] : threadsOf(roleOf(slot))),
    thread: (slot, { id }) => {
      const found = threadsOf(roleOf(slot)).find((one) => one.id === id);
      if (!found) throw new EngineError('not_found');
      return {
        ...found,
        messages:
          id === 't1'
            ? [...data.threadMessages(roleOf(slot)), ...extra].map(whole)
            : [...(found.last ? [found.last] : []), ...extra.map(whole)],
      };
    },
    absences: (_slot, { child }) => held(child),
    groups: (slot) => ((scene === 'educator' || full) && slot === 'h1' ? groups.slice(0, 1) : groups),
    group_day: (_slot, { group, day }) => {
      const found = groups.find((one) => one.id === group);
      if (!found) throw new EngineError('not_found');
      return groupDay(found, day);
    },
    place: () => tablet.place(groups),
    emergency_list: (_slot, { group }) => tablet.emergency(empty ? [] : data.childrenOf(group, full)),
    people: () => ({ staff, children: empty ? [] : data.children }),
    pending_joins: (slot) => [...joins, ...devices.joins(meOf(slot).person, meOf(slot).name)],
    director_home: (_slot, { day }) => ({
      joins,
      openInvites: scene === 'director' ? 5 : 0,
      groups: groups.map((group) => groupDay(group, day)),
      unread: scene === 'director' ? threadsOf('director').filter((one) => one.unread > 0) : [],
    }),
  };

  let intake: Intake = {
    open: false,
    entries: [
      {
        id: 'q1',
        name: 'Kim Muster',
        contact: '0341 471147',
        text: 'Haben Sie im Herbst einen Platz für unsere Tochter? Sie wird im August ein Jahr alt.',
        at: data.at(9, 12, 1),
      },
      {
        id: 'q2',
        name: 'Maximiliane-Sophie Oberschwarzenbacher-Yılmaz',
        contact: 'maximiliane-sophie.oberschwarzenbacher-yilmaz@beispiel.example',
        text: 'Wir ziehen im Januar in den Lindenweg.\nDürfen wir uns die Kita ansehen?',
        at: data.at(16, 40, 3),
        takenBy: 'Sabine Kehl',
      },
    ],
    unreadable: 1,
  };

  const sheet: RecoverySheet = {
    houseName: 'Kita Spatzennest',
    fingerprint: data.fingerprint,
    code: 'V7QK-2M9X-D4TB-H8ZR-6WNE-KQ5P-3YJC-T1FA-8GSM-RX2D-9KQW-M4TZ-1H7C-BN5E',
    house: '3F8A-Q2MK-7RWT-X9DB-PH4C-6NZE-1YVG-S5JT-K8QR-M2XA-D7WC-0HFB-T3NE-P6ZK',
    qrSvg: qrPicture(),
    createdAt: Date.now(),
  };

  function letterFor(personId: string): Letter {
    const all = [...staff, ...data.children.flatMap((child) => child.guardians)];
    const person = all.find((one) => one.person === personId);
    if (!person) throw new EngineError('not_found');
    const code = 'K7QX-9M2A-HTRW-4BZD-VN6E-PC3Y-8SJF';
    return {
      invite: nextId(),
      person: personId,
      personName: person.name,
      childNames: person.children.map((child) => child.name),
      role: person.role,
      houseName: 'Kita Spatzennest',
      fingerprint: data.fingerprint,
      code,
      link: `${location.origin}/#j=0f3a9c.${code}`,
      qrSvg: qrPicture(),
      validUntil: data.at(0, 0, -14),
      helpLine: data.helpLine,
    };
  }

  const commands: { [K in keyof Commands]: (slot: string, args: Commands[K]['args']) => Commands[K]['result'] } = {
    create_group: (_slot, { name, symbol }) => {
      const group = { id: nextId(), name, symbol, childCount: 0 };
      groups = [...groups, group];
      return group;
    },
    create_child: () => ({ id: 'g1c0' }),
    create_guardian: () => ({ person: nextId() }),
    create_protected: () => ({ person: nextId() }),
    add_guardian_to_child: () => ({}),
    set_guardian: (_slot, { person, relation }) => {
      families.set(person, relation);
      return {};
    },
    protect_guardian: (_slot, { person, named, on }) => {
      families.protect(person, on ? named : undefined);
      return {};
    },
    create_intake: () => {
      intake = { ...intake, open: true, link: `${location.origin}/#i=0f3a9c.7b21`, qrSvg: qrPicture() };
      return {};
    },
    close_intake: () => {
      intake = { open: false, entries: intake.entries, unreadable: intake.unreadable };
      return {};
    },
    take_inquiry: (_slot, { inquiry }) => {
      const entries = intake.entries.map((one) => (one.id === inquiry ? { ...one, takenBy: 'Sabine Kehl' } : one));
      intake = { ...intake, entries };
      return {};
    },
    delete_inquiry: (_slot, { inquiry }) => {
      intake = { ...intake, entries: intake.entries.filter((one) => one.id !== inquiry) };
      return {};
    },
    add_device: () => ({}),
    horizon: () => ({}),
    create_guarded: (_slot, { name, members: named }) => {
      const id = nextId();
      families.open(id, 'guarded', name, named);
      return { id };
    },
    create_council: (_slot, { members: named }) => {
      const id = nextId();
      families.open(id, 'council', '', named);
      return { id };
    },
    move_child: () => ({}),
    child_leaves: (_slot, { child }) => {
      families.leave(child);
      return {};
    },
    remove_person: (_slot, { person }) => {
      families.end(person);
      staff = staff.map((one) => (one.person === person ? { ...one, stage: 'ended' } : one));
      return {};
    },
    dissolve_house: () => ({}),
    plan_guardian: () => ({ id: nextId() }),
    plan_move: () => ({ id: nextId() }),
    plan_leave: () => ({ id: nextId() }),
    plan_end: () => ({ id: nextId() }),
    cancel_plan: (_slot, { plan }) => {
      families.cancel(plan);
      return {};
    },
    agree: (_slot, { proposal }) => {
      devices.decide(proposal);
      return {};
    },
    decline: (_slot, { proposal }) => {
      devices.decide(proposal);
      return {};
    },
    readmit_person: (_slot, { person }) => {
      families.readmit(person);
      return {};
    },
    end_device: (_slot, { device }) => {
      devices.end(device);
      return {};
    },
    pair_device: (slot) => {
      // Somebody scans it at once, but where only the code is looked at.
      if (scene === 'parent-devices') devices.pair();
      return { ...letterFor(data.children[0]?.guardians[0]?.person ?? ''), person: meOf(slot).person };
    },
    name_device: (_slot, { device, name }) => {
      devices.name(device, name);
      return {};
    },
    post_note: (_slot, { circle, title, body }) => {
      const id = nextId();
      families.write(circle, id, title, body);
      return { id };
    },
    remove_item: (_slot, { item }) => {
      families.takeBack(item);
      bulletins = bulletins.filter((one) => one.id !== item);
      return {};
    },
    erase_item: (_slot, { item }) => {
      erasable.erase(item);
      return {};
    },
    restrict_item: (_slot, { item, on }) => {
      erasable.restrict(item, on);
      return {};
    },
    create_staff: (_slot, { name, role, groups: theirs }) => {
      const person = nextId();
      staff = [...staff, { person, name, role, groups: theirs, children: [], stage: 'none', devices: 0 }];
      return { person };
    },
    create_invite: (_slot, { person }) => letterFor(person),
    grant_pin: (_slot, { place }) => letterFor(place),
    end_place: () => ({}),
    set_care: () => ({}),
    attend: (_slot, { child, event }) => {
      tablet.attend(child, event);
      return {};
    },
    revoke_invite: () => ({}),
    confirm_join: (_slot, { join }) => {
      devices.settle();
      joins = joins.filter((one) => one.id !== join);
      return {};
    },
    decline_join: (_slot, { join }) => {
      devices.settle();
      joins = joins.filter((one) => one.id !== join);
      return {};
    },
    update_house: (slot, args) => {
      houses = houses.map((house) => (house.slot === slot ? { ...house, ...args } : house));
      return {};
    },
    post_bulletin: (_slot, { group, title, body, set }) => {
      const groupName = groups.find((one) => one.id === group)?.name;
      const id = nextId();
      bulletins = [
        {
          id,
          title,
          body,
          ...(set === undefined ? {} : { set }),
          audience: group ? 'group' : 'house',
          ...(groupName ? { groupName } : {}),
          author: 'Sie',
          mine: true,
          at: Date.now(),
          state: 'local',
          read: true,
        },
        ...bulletins,
      ];
      return { id };
    },
    send_message: (slot, { text, set }) => {
      const id = nextId();
      const side = roleOf(slot) === 'guardian' ? 'guardian' : 'house';
      const message = data.message({ id, text, side, mine: true, at: Date.now(), state: 'local' });
      extra = [...extra, set === undefined ? message : { ...message, set }];
      return { id };
    },
    report_absence: (_slot, { child, kind, from, to, note }) => {
      const id = nextId();
      absences = [...absences, data.absence({ id, child, kind, from, to, note, at: Date.now(), state: 'local' })];
      return { id };
    },
    withdraw_absence: (_slot, { absence }) => {
      absences = absences.map((one) => (one.id === absence ? { ...one, withdrawn: true } : one));
      return {};
    },
    mark_seen: () => ({}),
    describe_picture: (_slot, { id, alt }) => {
      shelf.describe(id, alt);
      return {};
    },
    share_picture: (_slot, { id, to }) => {
      shelf.share(id, to);
      return {};
    },
    remove_media: (_slot, { id }) => {
      shelf.remove(id);
      return {};
    },
    retry_media: (_slot, { id }) => {
      shelf.retry(id);
      return {};
    },
    pause_media: (_slot, { paused }) => {
      shelf.pause(paused);
      return {};
    },
    retry_unsent: () => ({}),
    forget_overtaken: (_slot, { id }) => {
      devices.forget(id);
      return {};
    },
    recovery_sheet: () => sheet,
    draw_sheet: (slot) => ({ ...sheet, personName: meOf(slot).name }),
    renew_sheet: (slot) => {
      // Without a network it waits.
      if (houses.some((house) => house.slot === slot && house.link !== 'offline')) devices.print();
      return { id: printedDevice };
    },
    confirm_move: () => ({}),
    confirm_sheet_printed: (slot) => {
      houses = houses.map((house) =>
        house.slot === slot
          ? { ...house, alarms: house.alarms.filter((alarm) => alarm.code !== 'sheet_missing') }
          : house,
      );
      return {};
    },
  };

  const greeting: InviteGreeting = {
    houseName: 'Kita Spatzennest',
    fingerprint: data.fingerprint,
    notice: data.notice,
    validUntil: data.at(0, 0, -12),
    role: first?.place ? 'place' : 'guardian',
    pin: first?.place === 'open',
    helpLine: data.helpLine,
  };

  return {
    houses: () => houses,
    onHouses(listener) {
      houseListeners.add(listener);
      return () => houseListeners.delete(listener);
    },
    onChanged(listener) {
      changeListeners.add(listener);
      return () => changeListeners.delete(listener);
    },
    async query(slot, name, args) {
      if (scene === 'parent-loading') return new Promise(() => undefined);
      if (scene === 'parent-error') throw new EngineError('internal');
      return queries[name](slot, args);
    },
    async command(slot, name, args) {
      if (refusable.includes(name)) refuseOnce();
      const result = commands[name](slot, args);
      if (name !== 'mark_seen') changed(slot);
      return result;
    },
    async found({ houseName, directorName, helpLine, notice, setupCode }) {
      if (setupCode === wrongSetupCode) throw new EngineError('setup_code');
      houses = [
        ...houses,
        houseOf({
          slot: 'h9',
          name: houseName,
          role: 'director',
          helpLine,
          notice,
          me: { person: 's1', name: directorName },
          alarms: [{ code: 'sheet_missing' }],
        }),
      ];
      changed('h9');
      return { slot: 'h9', sheet: { ...sheet, houseName } };
    },
    async openInvite(code) {
      const plain = code.replace(/[^0-9A-Z]/gi, '').toUpperCase();
      const failure = failing[plain.slice(4, 8)];
      if (failure) throw new EngineError(failure);
      if (plain.length < codeCharacters) throw new EngineError('code_mistyped');
      return greeting;
    },
    async checkCode(code): Promise<CodeCheck> {
      const plain = code.replace(/-/g, '');
      const slip = plain.indexOf('U', 8);
      if (slip >= 0) return { state: 'mistyped', groups: [Math.floor(slip / 4) + 1] };
      return { state: plain.length >= codeCharacters || failing[plain.slice(4, 8)] ? 'complete' : 'partial' };
    },
    async join() {
      houses = [...houses, houseOf({ slot: 'h8', stage: 'joining', digits: data.digits })];
      changed('h8');
      return { slot: 'h8' };
    },
    async writeOutside(link) {
      if (!link.includes('#i=')) throw new EngineError('code_mistyped');
      return Promise.resolve();
    },
    async unfoldSheet(_house, code) {
      if (code.startsWith('XXXX')) throw new EngineError('code_mistyped');
      if (code.startsWith('UNKN')) throw new EngineError('code_unknown');
      await Promise.resolve();
      return {
        houseName: 'Kita Spatzennest',
        fingerprint: data.fingerprint,
        own: code.startsWith('OWN'),
        people: code.startsWith('OWN')
          ? [{ person: 'g1', name: longPerson, devices: 2 }]
          : [
              { person: 's1', name: 'Sabine Kehl', devices: 2 },
              { person: 's9', name: invitedDirector.name, devices: 1 },
            ],
      };
    },
    async recover(_house, code) {
      await Promise.resolve();
      const own = code.startsWith('OWN');
      houses = [
        own
          ? houseOf({ me: { person: 'g1', name: longPerson } })
          : houseOf({ role: 'director', me: { person: 's1', name: 'Sabine Kehl' } }),
      ];
      for (const listener of houseListeners) listener(houses);
      return { slot: 'h1', sheet: own ? { ...sheet, personName: longPerson } : sheet };
    },
    replaceSheet: () => Promise.resolve({ oldStillValid: false }),
    newSet: () => nextId(),
    async addMedia(slot, to, set, files, onProgress) {
      if (scene === 'educator-refused') refuseOnce();
      const author = houses.find((house) => house.slot === slot)?.me.name ?? '';
      const taken = shelf.add(to, set, files, author);
      onProgress?.(files.length);
      changed(slot);
      return taken;
    },
    async picture(_slot, id, size) {
      if (scene === 'parent-loading') return new Promise(() => undefined);
      return shelf.picture(id, size);
    },
    file: (_slot, id) => shelf.file(id),
    async joinPin(open) {
      tablet.pins = { ...tablet.pins, slot: 'h1p' };
      houses = [...houses, houseOf({ slot: 'h1p', role: 'place', stage: 'joining', digits: data.digits })];
      changed(open);
      return { slot: 'h1p' };
    },
    async unlock(open, person, pin) {
      const house = houses.find((one) => one.slot === open);
      if (!house) throw new EngineError('not_found');
      try {
        houses = [...houses, tablet.unlock(house, person, pin)];
      } finally {
        changed(open);
      }
      return { slot: 'h1p' };
    },
    async lock(open) {
      tablet.lock();
      houses = houses.filter((house) => house.slot !== 'h1p');
      changed(open);
    },
    touch: async () => undefined,
    async setPin(open, person, pin) {
      tablet.setPin(person, pin);
      changed(open);
    },
    async forget(slot) {
      houses = houses.filter((house) => house.slot !== slot);
      changed(slot);
    },
  };
}
