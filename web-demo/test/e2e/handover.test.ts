/**
 * @file Who directs: a second director, what takes both, a director who goes, and the recovery sheet when nobody's device is left.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { House, Person, desk } from './people';

let house: House;
let dora: Person;
let rosa: Person;
let found: Person;
let sheet: { readonly house: string; readonly code: string };

beforeAll(async () => {
  house = await House.open();
  dora = await Person.arrive(house, desk);
}, 240_000);
afterAll(async () => {
  await Promise.all([dora, rosa, found].map((person) => person?.leave()));
  await house?.close();
});

async function openLead(person: Person): Promise<void> {
  await person.goTo('Mehr');
  await person.press('Leitung');
  await person.page.getByTestId('directors').waitFor();
}
async function openStaff(person: Person, name: string): Promise<void> {
  await person.goTo('Personen');
  await person.press('Team');
  await person.press(new RegExp(name));
}
async function endRole(person: Person, name: string): Promise<void> {
  await openStaff(person, name);
  await person.press('Rolle beenden');
}
const proposal = (person: Person) => person.page.getByTestId('proposal');

it('founds with a second director, who is confirmed at her own device', async () => {
  const letter = await dora.foundWithSecond(
    'Kita Spatzennest',
    'Dora Direktorin',
    'Rosa Leitung',
    undefined,
    (shown) => {
      sheet = shown;
    },
  );
  await dora.postBulletin('Willkommen', 'Schön, dass Sie da sind.');
  await dora.goTo('Nachrichten');
  await dora.page.locator('summary', { hasText: 'Neue Runde' }).click();
  await dora.press('Vertrauliche Runde anlegen');
  await dora.fill('Name der Runde', 'Sorge um ein Kind');
  await dora.page.getByRole('dialog').getByRole('button', { name: 'Anlegen', exact: true }).click();
  await dora.press('Notiz schreiben');
  await dora.fill('Überschrift', 'Erstes Gespräch');
  await dora.fill('Text', 'Bleibt unter uns.');
  await dora.press('Notiz ablegen');
  await dora.page.getByTestId('note').filter({ hasText: 'Erstes Gespräch' }).waitFor();
  await dora.settled();
  rosa = await Person.arrive(house, desk);
  await dora.confirm('Rosa Leitung', await rosa.join(letter));
  await rosa.enter();
  await openLead(rosa);
  expect(await rosa.page.getByTestId('directors').getByRole('button').count()).toBe(2);
});

it('gives whoever comes to direct the office, and not what was written to named persons', async () => {
  await rosa.goTo('Aushänge');
  await rosa.page.getByTestId('bulletin').getByText('Schön, dass Sie da sind.').waitFor();
  await rosa.goTo('Nachrichten');
  const boards = (person: Person) => person.page.getByTestId('board-row');
  await boards(rosa).filter({ hasText: 'Team' }).waitFor();
  expect(await rosa.page.locator('[data-testid="board-row"][data-sort="guarded"]').count()).toBe(0);
  expect(await rosa.page.getByText(/Sorge um ein Kind|Erstes Gespräch/).count()).toBe(0);
  await dora.goTo('Nachrichten');
  await boards(dora).filter({ hasText: 'Sorge um ein Kind' }).getByText('Erstes Gespräch').waitFor();
});

it('proposes to end a director; it is done only when the other one agrees', async () => {
  // The director concerned does not count; a third one has to be there to be asked.
  await endRole(dora, 'Rosa Leitung');
  const dialog = dora.page.getByRole('dialog');
  await dialog.getByText('Code vom Wiederherstellungsblatt').waitFor();
  await dora.press('Schließen');
  await dora.goTo('Mehr');
  await dora.press('Leitung');
  await dora.page.getByText('Die Kita auflösen').click();
  await dora.press('Kita auflösen');
  await dora.page.getByRole('dialog').getByRole('button', { name: 'Vorschlagen' }).click();
  await proposal(dora).waitFor();
  await rosa.goTo('Heute');
  await proposal(rosa).filter({ hasText: 'auflösen' }).waitFor();
  await proposal(rosa).getByRole('button', { name: 'Ablehnen' }).click();
  await proposal(rosa).waitFor({ state: 'detached' });
  await proposal(dora).waitFor({ state: 'detached' });
});

it('ends a director’s role with the sheet: her devices show nothing any more', async () => {
  await endRole(dora, 'Rosa Leitung');
  await dora.fill('Code vom Wiederherstellungsblatt', sheet.code);
  await dora.page.getByRole('dialog').getByRole('button', { name: 'Rolle beenden' }).click();
  await rosa.page.getByRole('heading', { name: /ist beendet|entfernt/ }).waitFor();
});

it('opens the house again from the sheet when no device is left, and makes the next sheet', async () => {
  await dora.leave();
  found = await Person.arrive(house, desk);
  await found.press('Mit dem Wiederherstellungsblatt öffnen');
  await found.fill('Code der Kita', sheet.house);
  await found.fill('Code des Blatts', sheet.code.replace(/^..../, 'ZZZZ'));
  await found.press('Weiter');
  await found.page.getByText('Hier stimmt ein Zeichen nicht.').waitFor();
  await found.fill('Code des Blatts', sheet.code);
  await found.press('Weiter');
  await found.page.getByRole('radio', { name: 'Dora Direktorin' }).check();
  await found.press('Kita öffnen');
  const next = await found.page.getByTestId('sheet-code').first().innerText();
  expect(next).not.toBe(sheet.code);
  await found.provePrinted({ code: next });
  await found.page.getByText('Das alte Blatt gilt nicht mehr: Vernichten Sie es.').waitFor();
  await found.press('Weiter');
  await found.page.getByRole('heading', { name: 'Was wartet auf mich?' }).waitFor();
  await found.goTo('Aushänge');
  await found.page.getByText('Schön, dass Sie da sind.').first().waitFor();
  await found.goTo('Mehr');
  await found.press('Ihre Geräte');
  await found.page.getByTestId('device').first().waitFor();
  expect(await found.page.getByTestId('device').count()).toBe(1);

  const stranger = await Person.arrive(house, desk);
  await stranger.press('Mit dem Wiederherstellungsblatt öffnen');
  await stranger.fill('Code der Kita', sheet.house);
  await stranger.fill('Code des Blatts', sheet.code);
  await stranger.press('Weiter');
  await stranger.page.getByText('Dieses Blatt gilt hier nicht.').waitFor();
  await stranger.leave();
});
