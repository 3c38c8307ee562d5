/**
 * @file What a guardian's browser is sent, byte for byte, over its whole life: it names nobody and nothing of another family, and
 * not the other guardian's devices and circles either, not even as pseudonyms. Of a guardian who is protected from the start, neither
 * the child's other guardians nor an educator who was not named are sent, keep or are shown anything at all.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { opcode, webSocketFrame } from './fake-relay';
import { readLog, type HouseLog } from './log';
import { House, Person, binary, desk, phone, tablet } from './people';
import { storedBytes } from './stores';
import { formsIn, foundIn, missingIn, type Named, type Traffic } from './traffic';
import {
  bytes,
  decode,
  encode,
  fields,
  frame,
  fromRelay,
  Key,
  list,
  messages,
  sort,
  struct,
  toRelay,
  type Fields,
} from './wire';

let house: House;
let dora: Person;
let erik: Person;
let maria: Person;
let frank: Person;
let olga: Person;
/** Protected from the start; only the director knows. */
let hanna: Person;
/** Everything that came to Maria, and to the educator. */
let hers: Traffic;
let educators: Traffic;
let log: HouseLog;

beforeAll(async () => {
  house = await House.open();
  dora = await Person.arriveRecorded(house, desk);
  await dora.found('Kita Spatzennest', 'Dora Direktorin');
  await dora.createGroup('Igel');
  await dora.createChild('Carla Kind', ['Maria Mutter', 'Frank Vater']);
  await dora.createChild('Otto Junge', ['Olga Mama']);
  const letters = {
    maria: await dora.printLetterOf('Carla Kind', 'Maria Mutter'),
    frank: await dora.printLetterOf('Carla Kind', 'Frank Vater'),
    olga: await dora.printLetterOf('Otto Junge', 'Olga Mama'),
  };
  await dora.createEducator('Erik Erzieher', 'Igel');
  const erikLetter = await dora.printLetter('Erik Erzieher');
  [erik, maria, frank, olga] = await Promise.all([
    Person.arriveRecorded(house, tablet),
    Person.arriveRecorded(house, phone),
    Person.arriveRecorded(house, phone),
    Person.arriveRecorded(house, phone),
  ]);
  // Maria is there before the others: she is online while they come.
  for (const [person, name, link] of [
    [maria, 'Maria Mutter', letters.maria],
    [erik, 'Erik Erzieher', erikLetter],
    [olga, 'Olga Mama', letters.olga],
    [frank, 'Frank Vater', letters.frank],
  ] as const) {
    await dora.confirm(name, await person.join(link));
    await person.enter();
  }

  await dora.openChild('Carla Kind');
  await dora.press('Elternteil anlegen');
  await dora.fill('Name des Elternteils', 'Hanna Heimlich');
  await dora.page.getByText('Darf niemand von dieser Person erfahren?').click();
  const dialog = dora.page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: /Von Anfang an schützen/ }).check();
  await dialog.getByRole('button', { name: 'Anlegen', exact: true }).click();
  await dora.page.getByRole('article', { name: 'Hanna Heimlich' }).waitFor();
  const herLetter = await dora.printLetter('Hanna Heimlich');
  hanna = await Person.arriveRecorded(house, phone);
  await dora.confirm('Hanna Heimlich', await hanna.join(herLetter));
  await hanna.enter();

  await erik.postBulletin('Laternenfest', 'Um fünf am Tor.');
  for (const [person, name, text] of [
    [olga, 'Olga Mama', 'Otto hat heute Opa dabei.'],
    [maria, 'Maria Mutter', 'Carla mag keinen Spinat.'],
    [frank, 'Frank Vater', 'Ich hole Carla heute ab.'],
  ] as const) {
    await person.goTo('Nachrichten');
    await person.page.getByTestId('thread-row').first().click();
    await person.say(text);
    await answer(name, text);
    await person.page.getByTestId('thread').getByText(`Gern, ${name}.`).waitFor();
  }
  await reportSick(olga);
  await reportSick(frank);
  await hanna.goTo('Nachrichten');
  await hanna.page.getByTestId('thread-row').first().click();
  await hanna.say('Bitte nichts nach außen.');
  await reportSick(hanna);
  await maria.goTo('Heute');
  await maria.page.getByText('gemeldet von Frank Vater').first().waitFor();

  // Another connection, after something has happened without her.
  await maria.killBrowser();
  await olga.goTo('Nachrichten');
  await olga.page.getByTestId('thread-row').first().click();
  await olga.say('Otto kommt morgen wieder.');
  await erik.postBulletin('Waldtag', 'Mit Stiefeln.');
  await maria.openBrowser();
  await sees(maria, 'Waldtag');

  // And everything once more: what she held of the house is lost, but not her keys.
  await maria.loseRows();
  await sees(maria, 'Laternenfest');
  await maria.goTo('Nachrichten');
  await maria.page.getByTestId('thread-row').first().click();
  await maria.page.getByTestId('thread').getByText('Carla mag keinen Spinat.').waitFor();
  // Nobody is sent the bytes of their own records twice, unless they ask for everything.
  await erik.loseRows();
  await sees(erik, 'Waldtag');

  [hers, educators] = [maria.traffic(), erik.traffic()];
  log = readLog([...dora.traffic().received, ...educators.received]);
}, 300_000);

afterAll(async () => {
  await Promise.all([dora, erik, maria, frank, olga, hanna].map((person) => person?.leave()));
  await house?.close();
});

async function answer(name: string, text: string): Promise<void> {
  await erik.goTo('Nachrichten');
  await erik.page.getByTestId('thread-row').filter({ hasText: name }).click();
  await erik.page.getByTestId('thread').getByText(text).waitFor();
  await erik.say(`Gern, ${name}.`);
}
async function reportSick(person: Person): Promise<void> {
  await person.goTo('Heute');
  await person.page.getByTestId('child-card').waitFor();
  await person.press(/^Krank melden/);
  await person.press('Senden');
  await person.badge.waitFor({ state: 'detached' });
}
async function sees(person: Person, title: string): Promise<void> {
  await person.goTo('Aushänge');
  await person.page.getByText(title).first().waitFor();
}

/** The places that show such words. */
async function saysAnywhere(person: Person, words: RegExp): Promise<readonly string[]> {
  const says: string[] = [];
  for (const place of ['Heute', 'Nachrichten', 'Aushänge', 'Bilder', 'Personen', 'Mehr'] as const) {
    if (place === 'Personen' && person !== dora) continue;
    await person.goTo(place);
    await person.page.getByRole('main').waitFor();
    if (words.test(await person.page.locator('body').innerText())) says.push(place);
  }
  return says;
}

/** The device that a browser logs in with. */
function deviceOf(traffic: Traffic): Buffer {
  const hellos = messages(traffic.sent, toRelay.hello).map(fields);
  const devices = new Set(hellos.map((hello) => bytes(hello.get(3)).toString('hex')));
  expect(devices.size).toBe(1);
  return Buffer.from([...devices].join(), 'hex');
}
/** Everything that stands for a person alone: the child's circle too, unless it is shared. */
function idsOf(person: Person, sorts: readonly number[]): readonly Named[] {
  const { ids, circles } = log.person(deviceOf(person.traffic()));
  return [...ids, ...circles.filter((circle) => sorts.includes(circle.sort)).flatMap((circle) => log.circle(circle))];
}
const kinds = (ids: readonly Named[]): readonly string[] => [...new Set(ids.map(({ what }) => what))].sort();

const everyKind = [
  'circle child',
  'circle private',
  'device',
  'document in child',
  'document in private',
  'key of an invite',
  'person',
  'recipient of a device',
  'record in child',
  'record in private',
];
const ownKind = everyKind.filter((what) => !what.endsWith('child'));

it('records whole lives: several connections, and one with everything from the start', () => {
  expect(hers.sockets).toBeGreaterThanOrEqual(4);
  const full = messages(hers.sent, toRelay.hello).filter((hello) => fields(hello).get(6) === true);
  expect(full.length).toBeGreaterThanOrEqual(1);
  // What cannot be read cannot be searched: every message is understood to its last byte.
  for (const frame of [...hers.received, ...hers.sent]) expect(encode(decode(frame)).equals(frame)).toBe(true);
});

it('names nothing of another family of the same group', () => {
  const ids = idsOf(olga, [sort.private, sort.child]);
  expect(kinds(ids)).toEqual(everyKind);
  expect(foundIn(hers.receivedBytes, ids)).toEqual([]);
});

it('names nothing of the other guardian of the same child but what is in the child’s circle', () => {
  const ids = idsOf(frank, [sort.private]);
  expect(kinds(ids)).toEqual(ownKind);
  expect(foundIn(hers.receivedBytes, ids)).toEqual([]);
});

it('names nothing of a protected guardian, to the child’s other guardian or to an educator who was not named', async () => {
  const ids = idsOf(hanna, [sort.private, sort.guarded]);
  expect(kinds(ids)).toEqual([...ownKind, 'circle guarded', 'record in guarded'].sort());
  expect(missingIn(dora.traffic().receivedBytes, ids)).toEqual([]);
  for (const [person, came] of [
    [maria, hers],
    [erik, educators],
  ] as const) {
    expect(foundIn(came.receivedBytes, ids)).toEqual([]);
    expect(await saysAnywhere(person, /Hanna|Heimlich/)).toEqual([]);
    const stored = Buffer.concat([...(await storedBytes(person.page)).values()]);
    expect(stored.length).toBeGreaterThan(0);
    expect(foundIn(stored, [...ids, { what: 'name', id: Buffer.from('Heimlich') }])).toEqual([]);
  }
  // What she reported is known, and not by whom.
  await maria.goTo('Heute');
  const card = await maria.page.getByTestId('child-card').innerText();
  expect(card.match(/gemeldet von/g)).toHaveLength(1);
  expect(await saysAnywhere(dora, /Heimlich/)).not.toEqual([]);
});

it('finds what is there: her own, and the families’ with the educator', () => {
  const own = idsOf(maria, [sort.private, sort.child]);
  expect(kinds(own)).toEqual(everyKind);
  expect(missingIn(hers.receivedBytes, own)).toEqual([]);
  for (const which of ['house', 'group', 'parents'] as const)
    expect(missingIn(hers.receivedBytes, log.circle(log.only(which)))).toEqual([]);
  for (const family of [idsOf(olga, [sort.private, sort.child]), idsOf(frank, [sort.private])])
    expect(missingIn(educators.receivedBytes, family)).toEqual([]);
});

it('would find an id in any form', () => {
  const [{ id } = { id: Buffer.alloc(0) }] = idsOf(olga, []);
  for (const shift of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.from('shifted').subarray(0, shift), id, Buffer.from('end')]);
    for (const form of ['hex', 'base64', 'base64url'] as const) {
      const planted = Buffer.concat([hers.receivedBytes, Buffer.from(`{"id":"${text.toString(form)}"}`)]);
      expect(formsIn(planted, id), form).not.toEqual([]);
    }
  }
});

it('keeps proof of a relay that signs another log than the one it showed, and saves it in a file that names nobody', async () => {
  // The operator's own key.
  const relay = new Key(readFileSync(join(house.data, 'relay.key')));
  const said = messages(hers.received, fromRelay.synced).flatMap((synced) => list(fields(synced).get(1)));
  const ofLog = said
    .map((signed) => fields(fields(signed).get(0)))
    .filter((claim) => !bytes(claim.get(2)).some(Boolean));
  const last = ofLog.at(-1);
  if (!last) throw new Error('she was given no word for the log');
  const other: Fields = new Map([...last, [4, Buffer.alloc(32, 6)]]);
  const lie = struct({ 0: other, 1: relay.sign('position', encode(other)) });
  maria.hear(webSocketFrame(opcode.binary, frame(fromRelay.signed, [lie])));

  await maria.goTo('Heute');
  const alarm = (code: string) => maria.page.locator(`[data-testid="alarm"][data-code="${code}"]`);
  await alarm('log_doubted').getByText('zwei verschiedene Listen').waitFor();
  expect(await alarm('relay_rewound').count(), 'one thing is said once').toBe(0);
  await maria.press('Ansehen');
  await maria.page.getByTestId('doubt').getByText('Danach verschwindet dieser Hinweis').waitFor();
  await maria.page.locator('[data-testid="evidence"][data-what="relay"]').getByText('Das ist bewiesen.').waitFor();
  const coming = maria.page.waitForEvent('download');
  await maria.press('Nachweis speichern');
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^nestpost-\d{4}-\d{2}-\d{2}\.evidence$/);
  const path = await download.path();
  const file = readFileSync(path);
  expect(fields(decode(file)).get(0)).toBe('nestpost evidence 1');
  expect(missingIn(file, [{ what: 'the lie', id: bytes(lie.get(1)) }])).toEqual([]);
  const names = ['Maria', 'Mutter', 'Carla', 'Frank', 'Dora', 'Spatzennest', 'Hanna', '0351'];
  expect(names.filter((name) => file.includes(name))).toEqual([]);
  expect(foundIn(file, idsOf(olga, [sort.private, sort.child]))).toEqual([]);
  // Whoever it is handed to reads it without the app.
  const told = execFileSync(binary, ['evidence', path], { encoding: 'utf8' });
  expect(told).toContain('case 1: the list of who belongs');
  expect(told).toContain('cases: 1, contradictions: 1, proven against the relay: 1');
});
