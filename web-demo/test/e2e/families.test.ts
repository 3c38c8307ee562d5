/**
 * @file Separated parents: both are told, each on their own, until a court decides otherwise for one of them; what they had stays, the
 * other child of theirs is not touched, a mistake is undone, and who must not be found is not.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { House, Person, desk, phone } from './people';

let house: House;
let dora: Person;
let maria: Person;
let falk: Person;

const carla = 'Carla Kind';
const paul = 'Paul Vater';

beforeAll(async () => {
  house = await House.open();
  dora = await Person.arrive(house, desk);
  await dora.found('Kita Spatzennest', 'Dora Direktorin');
  await dora.createGroup('Igel');
  await dora.createGroup('Füchse');
  await dora.createChild(carla, ['Maria Mutter', 'Falk Vater'], 'Igel');
  await dora.createChild(paul, [], 'Füchse');
  await dora.press('Elternteil anlegen');
  await dora.page.getByText('Der Elternteil ist schon eingetragen').click();
  const dialog = dora.page.getByRole('dialog');
  await dialog.getByRole('combobox').selectOption({ label: `Falk Vater (${carla})` });
  await dialog.getByRole('button', { name: 'Elternteil anlegen' }).click();
  await dora.page.getByRole('article', { name: 'Falk Vater' }).waitFor();
}, 300_000);
afterAll(async () => {
  await Promise.all([dora?.leave(), maria?.leave(), falk?.leave()]);
  await house?.close();
});

const card = (person: Person, child: string) => person.page.getByTestId('child-card').filter({ hasText: child });
const thread = (person: Person) => person.page.getByTestId('thread');
const told = (person: Person) => person.page.getByTestId('follows');

async function openThread(person: Person, words: string | RegExp): Promise<void> {
  await person.goTo('Nachrichten');
  await person.page.getByTestId('thread-row').filter({ hasText: words }).click();
  await thread(person).waitFor();
}

/** A guardian, as the director sees them beside a child. */
async function openGuardian(child: string, name: string): Promise<void> {
  await dora.openChild(child);
  await dora.press(`Rechte und Zugang: ${name}`);
  await dora.page.getByRole('heading', { name, level: 1 }).waitFor();
}

async function writeNote(child: string, title: string, body: string): Promise<void> {
  await dora.openChild(child);
  await dora.press('Notizen für die Familie');
  await dora.press('Notiz schreiben');
  await dora.fill('Überschrift', title);
  await dora.fill('Text', body);
  await dora.press('Notiz ablegen');
  await dora.page.getByTestId('note').filter({ hasText: title }).waitFor();
}

const notes = (person: Person) => person.page.getByTestId('boards').getByRole('button', { name: /Notizen zu Carla/ });

async function setInformation(informed: boolean): Promise<void> {
  await openGuardian(carla, 'Falk Vater');
  await dora.press('Rechte von Falk Vater ändern');
  const sheet = dora.page.getByTestId('relation-sheet');
  await sheet.getByRole('checkbox', { name: /Recht auf Auskunft/ }).setChecked(informed);
  await told(dora).waitFor();
  await dora.press('So festlegen');
  await sheet.waitFor({ state: 'detached' });
}

it('prints the letters of a whole group at once, each on a page of its own, and lets in whoever brings one', async () => {
  await dora.goTo('Personen');
  await dora.press('Gruppen');
  await dora.press(/Igel/);
  await dora.press('Briefe für die ganze Gruppe');
  await dora.page
    .getByRole('dialog')
    .getByRole('button', { name: /^2 Briefe/ })
    .click();
  const letters = dora.page.getByTestId('letter');
  await letters.nth(1).waitFor();
  const pdf = (await dora.page.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(2);
  const links = new Map<string | null, string | null>();
  for (const letter of await letters.all())
    links.set(await letter.getAttribute('data-person'), await letter.getAttribute('data-link'));
  await dora.press('Fertig');

  [maria, falk] = await Promise.all([Person.arrive(house, phone), Person.arrive(house, phone)]);
  for (const [person, name] of [
    [maria, 'Maria Mutter'],
    [falk, 'Falk Vater'],
  ] as const) {
    await dora.confirm(name, await person.join(links.get(name) ?? ''));
    await person.enter();
    await card(person, carla).waitFor();
  }
});

it('lets each parent write with the house alone, and whoever answers widens nothing', async () => {
  await openThread(maria, carla);
  await maria.say('Bitte nur an mich.');
  await openThread(falk, carla);
  await falk.say('Von Falk.');
  await openThread(dora, 'Maria Mutter');
  await thread(dora).getByText('Bitte nur an mich.').waitFor();
  expect(await thread(dora).getByText('Von Falk.').count()).toBe(0);
  await dora.say('Nur an Maria.');
  await openThread(dora, /Falk Vater.*Carla/s);
  await thread(dora).getByText('Von Falk.').waitFor();
  await dora.say('Nur an Falk.');
  await thread(maria).getByText('Nur an Maria.').waitFor();
  await thread(falk).getByText('Nur an Falk.').waitFor();
  for (const person of [maria, falk]) {
    const words = await thread(person).innerText();
    expect(words.includes('Nur an Maria.')).toBe(person === maria);
    expect(words.includes('Bitte nur an mich.')).toBe(person === maria);
    expect(words.includes('Nur an Falk.')).toBe(person === falk);
  }
});

it('tells both what the house tells everybody', async () => {
  await dora.postBulletin('Laternenfest', 'Um fünf am Tor.');
  for (const person of [maria, falk]) {
    await person.goTo('Aushänge');
    await person.page.getByTestId('bulletin').getByText('Um fünf am Tor.').waitFor();
    // Nothing of the other parent stands anywhere on the way.
    expect(await person.page.getByText(person === maria ? 'Falk' : 'Maria').count()).toBe(0);
  }
});

it('takes the reports of both, and shows the team both', async () => {
  for (const person of [maria, falk]) {
    await person.goTo('Heute');
    await person.press('Krank melden: Carla');
    await person.press('Senden');
    await person.page.getByTestId('sick-sheet').waitFor({ state: 'detached' });
  }
  await dora.goTo('Heute');
  await dora.page.getByTestId('group-card').filter({ hasText: 'Igel' }).click();
  await dora.page.getByTestId('day-child').filter({ hasText: carla }).click();
  const reports = dora.page.getByTestId('day-absence');
  await reports.nth(1).waitFor();
  expect((await reports.allInnerTexts()).map((text) => /Maria|Falk/.exec(text)?.[0]).toSorted()).toEqual([
    'Falk',
    'Maria',
  ]);
  await dora.press('Schließen');
});

it('shows both what the house notes about the child, and neither writes there', async () => {
  await writeNote(carla, 'Brille vergessen', 'Sie liegt im Fach.');
  for (const person of [maria, falk]) {
    await person.goTo('Nachrichten');
    await notes(person).click();
    await person.page.getByTestId('note').getByText('Sie liegt im Fach.').waitFor();
    expect(await person.button('Notiz schreiben').count()).toBe(0);
  }
});

it('says what a court order will mean before it is entered, and notes it for a later day until it is taken back', async () => {
  await openGuardian(carla, 'Falk Vater');
  await dora.press('Rechte von Falk Vater ändern');
  const sheet = dora.page.getByTestId('relation-sheet');
  await sheet.getByRole('radio', { name: 'Kein Sorgerecht' }).check();
  await told(dora).getByText('Falk Vater sieht nichts Neues mehr von Carla').waitFor();
  expect(await told(dora).getByText('Das Gespräch mit der Kita').count()).toBe(0);
  await sheet.getByRole('checkbox', { name: /Recht auf Auskunft/ }).uncheck();
  await told(dora).getByText('Das Gespräch mit der Kita über Carla ist beendet').waitFor();
  await sheet.getByRole('radio', { name: 'An einem späteren Tag' }).check();
  await dora.press('Für diesen Tag vormerken');
  const plan = dora.page.getByTestId('plan');
  await plan.getByText('Neue Rechte für Falk Vater').waitFor();
  expect(await plan.innerText()).toContain('wird nicht informiert');
  await plan.getByRole('button', { name: /Zurücknehmen/ }).click();
  await plan.waitFor({ state: 'detached' });
  await falk.goTo('Heute');
  expect(await card(falk, carla).getAttribute('data-status')).not.toBe('ended');
});

it('ends what a parent is told of one child: they keep what they had, without a reason, and the other child stays', async () => {
  await setInformation(false);
  await dora.page.getByTestId('reach').getByText('Nichts Neues von Carla').waitFor();
  await falk.goTo('Heute');
  await card(falk, carla).getByTestId('child-ended').waitFor();
  const words = await card(falk, carla).innerText();
  expect(words).toContain('Zugang beendet');
  expect(words).not.toMatch(/Gericht|Beschluss|Sorgerecht|Maria/);
  expect(
    await card(falk, carla)
      .getByRole('button', { name: /Krank melden/ })
      .count(),
  ).toBe(0);

  await openThread(falk, carla);
  await thread(falk).getByText('Nur an Falk.').waitFor();
  await falk.page.getByTestId('thread-ended').waitFor();
  expect(await falk.page.getByRole('textbox', { name: 'Nachricht', exact: true }).count()).toBe(0);

  await writeNote(carla, 'Neue Schuhe', 'Größe 27.');
  await maria.goTo('Nachrichten');
  await notes(maria).getByText('Neue Schuhe').waitFor();
  await openThread(falk, paul);
  await falk.say('Paul kommt später.');
  await openThread(dora, paul);
  await thread(dora).getByText('Paul kommt später.').waitFor();
  await dora.say('Danke, notiert.');
  // What is sent after the note and has arrived proves that the note had the time to.
  await thread(falk).getByText('Danke, notiert.').waitFor();
  await falk.goTo('Nachrichten');
  expect(await notes(falk).getByText('Neue Schuhe').count()).toBe(0);
  await falk.goTo('Heute');
  expect(await card(falk, paul).getAttribute('data-status')).toBe('expected');
});

it('undoes a mistake: everything is there again, also what was written meanwhile', async () => {
  await setInformation(true);
  await falk.goTo('Heute');
  await card(falk, carla)
    .getByRole('button', { name: /Krank melden/ })
    .waitFor();
  await falk.goTo('Nachrichten');
  await notes(falk).getByText('Neue Schuhe').waitFor();
  await openThread(falk, carla);
  await falk.say('Bin wieder da.');
  await openThread(dora, /Falk Vater.*Carla/s);
});

it('protects a parent: only the house’s heads go on knowing, and writing with them goes on', async () => {
  await dora.openChild(carla);
  await dora.sayWhomToCall(['Maria 0341 22222', 'Falk 0341 11111']);
  await openGuardian(carla, 'Maria Mutter');
  await dora.press('Schützen');
  const contacts = dora.page.getByTestId('protect-sheet').getByLabel('Wen wir für Carla');
  expect(await contacts.inputValue()).toBe('Maria 0341 22222\nFalk 0341 11111');
  await contacts.fill('Falk 0341 11111');
  await dora.press('Schutz einschalten');
  await dora.page.getByText(/^Geschützt\./).waitFor();
  await dora.page.getByTestId('contacts-apart').getByText('Maria 0341 22222').waitFor();
  expect(await dora.page.getByTestId('contacts-apart').innerText()).not.toContain('Falk');
  const reach = dora.page.getByTestId('reach').locator('[data-holds="true"]');
  expect(await reach.allInnerTexts()).toEqual([
    expect.stringContaining('getrennt von den anderen'),
    expect.stringContaining('Das eigene Gespräch'),
  ]);
  await openThread(maria, carla);
  await maria.say('Nur für die Leitung.');
  await openThread(dora, 'Maria Mutter');
  await thread(dora).getByText('Nur für die Leitung.').waitFor();
  await dora.openChild(carla);
  const care = dora.page.getByTestId('care');
  await care.getByText('Falk 0341 11111').waitFor();
  await care.getByTestId('care-apart').getByText('Maria 0341 22222').waitFor();
  await care.getByText('Keine Uhrzeiten festhalten').waitFor();
  // The other parent's app names her nowhere, once it has what came with the protection.
  await openThread(dora, /Falk Vater.*Carla/s);
  await dora.say('Bis morgen.');
  await openThread(falk, carla);
  await thread(falk).getByText('Bis morgen.').waitFor();
  for (const place of ['Heute', 'Nachrichten', 'Aushänge'] as const) {
    await falk.goTo(place);
    expect(await falk.page.getByText('Maria').count(), place).toBe(0);
  }
});

it('ends somebody’s access and takes them in again with a new letter', async () => {
  await openGuardian(paul, 'Falk Vater');
  await dora.press('Zugang beenden');
  const decision = dora.page.getByTestId('decision');
  await decision.getByText('auch nicht für andere Kinder').waitFor();
  await decision.getByRole('button', { name: 'Zugang beenden' }).click();
  await decision.waitFor({ state: 'detached' });
  await falk.page.locator('[data-screen="ended"]').waitFor();
  await falk.press('Ansehen, was da ist');
  await falk.page.getByTestId('ended-line').waitFor();
  await openThread(falk, carla);
  await thread(falk).getByText('Nur an Falk.').waitFor();
  await falk.page.getByTestId('thread-ended').waitFor();

  await dora.press('Wieder aufnehmen');
  await decision.getByRole('button', { name: 'Wieder aufnehmen' }).click();
  await decision.waitFor({ state: 'detached' });
  await falk.leave();
  const letter = await dora.printLetter('Falk Vater');
  falk = await Person.arrive(house, phone);
  await dora.confirm('Falk Vater', await falk.join(letter));
  await falk.enter();
  await card(falk, carla).waitFor();
  await card(falk, paul).waitFor();
});
