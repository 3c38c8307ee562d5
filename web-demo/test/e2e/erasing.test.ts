/**
 * @file What becomes of something that was written, by hand: its author takes it back, two of the staff erase what is somebody else's, a
 * director keeps something from being shown and lets it be shown again; and a relay that is put back to a day before all that gets
 * back neither what was erased nor whose device was removed.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeFamily, openFamily, type Family } from './family';
import { Person, phone } from './people';

/** Pauses between attempts grow to half a minute. */
const backMsMax = 60_000;

let family: Family;
let erik: Person;

beforeAll(async () => {
  family = await openFamily();
  const { dora, house } = family;
  await dora.createEducator('Erik Erzieher', 'Igel');
  const letter = await dora.printLetter('Erik Erzieher');
  erik = await Person.arrive(house, phone);
  await dora.confirm('Erik Erzieher', await erik.join(letter));
  await erik.enter();
}, 300_000);
afterAll(async () => {
  await erik?.leave();
  await closeFamily(family);
});

const message = (person: Person, text: string) => person.page.getByTestId('message').filter({ hasText: text });
const fate = (person: Person) => person.page.getByTestId('fate');

async function openThread(person: Person): Promise<void> {
  await person.goTo('Nachrichten');
  await person.page.getByTestId('thread-row').first().click();
  await person.page.getByTestId('thread').getByRole('log').waitFor();
}
async function decide(person: Person, text: string, verb: string): Promise<void> {
  await message(person, text)
    .getByRole('button', { name: /^Was soll damit geschehen/ })
    .click();
  await fate(person).getByRole('button', { name: verb }).click();
  await fate(person).waitFor({ state: 'detached' });
}
async function openErasures(person: Person): Promise<void> {
  await person.goTo('Mehr');
  await person.press('Löschen und Einschränken');
}

it('lets whoever wrote something take it back', async () => {
  const { dora, maria } = family;
  await openThread(maria);
  await maria.say('Ups, falsches Kind.');
  await maria.say('Carla kommt später.');
  await openThread(dora);
  await message(dora, 'Ups, falsches Kind.').waitFor();
  await decide(maria, 'Ups, falsches Kind.', 'Zurücknehmen');
  for (const person of [maria, dora]) await message(person, 'Ups, falsches Kind.').waitFor({ state: 'detached' });
  await message(dora, 'Carla kommt später.').waitFor();
  // Nobody of a family decides about what the house wrote.
  await dora.say('Danke.');
  await message(maria, 'Danke.').waitFor();
  expect(await message(maria, 'Danke.').getByRole('button').count()).toBe(0);
});

it('erases what somebody else wrote once two of the staff want it, and keeps a ledger without what it said', async () => {
  const { dora, maria, house } = family;
  await maria.say('Der Nachbar trinkt.');
  await openThread(erik);
  await message(erik, 'Der Nachbar trinkt.').waitFor();
  await house.backUp();
  await decide(erik, 'Der Nachbar trinkt.', 'Endgültig löschen');
  await dora.goTo('Heute');
  await dora.page.getByTestId('erasure-duty').getByRole('button', { name: 'Ansehen' }).click();
  const wished = dora.page.getByTestId('wished');
  await wished.getByText('Der Nachbar trinkt.').waitFor();
  await wished.getByText('Gewünscht von: Erik Erzieher').waitFor();
  await wished.getByRole('button', { name: 'Zustimmen' }).click();
  await dora.page.getByRole('dialog').getByRole('button', { name: 'Endgültig löschen' }).click();
  const erased = dora.page.getByTestId('erased');
  await erased.filter({ hasText: 'Maria Mutter' }).waitFor();
  expect(await erased.first().innerText()).toMatch(/^Ein Eintrag, im Gespräch mit Maria Mutter\s+Gelöscht von .* mit /);
  for (const person of [maria, erik]) await message(person, 'Der Nachbar trinkt.').waitFor({ state: 'detached' });
  await openErasures(erik);
  await erik.page.getByTestId('erased').first().waitFor();
  expect(await erik.page.getByText('Nachbar').count()).toBe(0);
});

it('shows nobody what a director restricts, until that ends', async () => {
  const { dora, maria } = family;
  await erik.postBulletin('Ausflug', 'Wir fahren in den Zoo.');
  await maria.goTo('Aushänge');
  const bulletin = (person: Person) => person.page.getByTestId('bulletin').filter({ hasText: 'Zoo' });
  await bulletin(maria).waitFor();
  await dora.goTo('Aushänge');
  await bulletin(dora)
    .getByRole('button', { name: /^Was soll damit geschehen/ })
    .click();
  await fate(dora).getByRole('button', { name: 'Einschränken' }).click();
  for (const person of [maria, erik, dora]) await bulletin(person).waitFor({ state: 'detached' });
  await openErasures(erik);
  expect(await erik.button('Einschränkung aufheben').count()).toBe(0);
  await openErasures(dora);
  const restricted = dora.page.getByTestId('restricted');
  await restricted.getByText('Ausflug').waitFor();
  await restricted.getByRole('button', { name: 'Einschränkung aufheben' }).click();
  await restricted.waitFor({ state: 'detached' });
  await bulletin(maria).waitFor();
});

it('gets back from a backup neither what was erased nor a device that was removed, and nobody joins again', async () => {
  const { dora, maria, house, sheet } = family;
  const restored = (person: Person) => person.page.locator('[data-testid="alarm"][data-code="relay_restored"]');
  await erik.page.goto('about:blank');
  await dora.openStaff('Erik Erzieher');
  await dora.page.getByText('Gerät verloren oder gewechselt?').click();
  await dora.press(/^Gerät entfernen/);
  await dora.page.getByRole('dialog').getByRole('button', { name: 'Entfernen', exact: true }).click();
  await dora.press('Fertig');
  await dora.postBulletin('Nach der Sicherung', 'Das fehlt darin.');
  await maria.page.getByText('Das fehlt darin.').first().waitFor();
  await Promise.all([dora, maria].map((person) => person.settled()));

  await house.putBack();
  for (const person of [dora, maria]) await person.page.goto('about:blank');
  await house.start();
  // The relay takes it for a device of the house's, until the others are there.
  await erik.page.goto(erik.origin);
  await restored(erik).waitFor({ timeout: backMsMax });
  for (const person of [dora, maria]) await person.page.goto(person.origin);
  await erik.page.getByRole('heading', { name: 'Dieses Gerät wurde entfernt' }).waitFor({ timeout: backMsMax });
  for (const person of [dora, maria]) {
    await person.goTo('Heute');
    await restored(person).waitFor({ timeout: backMsMax });
    const alarms = person.page.getByTestId('alarm');
    expect(await alarms.allInnerTexts()).toEqual([expect.stringMatching(/aus einer Sicherung wiederhergestellt/)]);
    expect(await alarms.getByRole('button').count()).toBe(person === dora ? 1 : 0);
  }
  await openThread(maria);
  await maria.say('Geschrieben, während alles wartet.');
  await maria.badge.waitFor();

  await dora.press('Nachsehen und bestätigen');
  const dialog = dora.page.getByRole('dialog');
  await dialog.getByText('Von dem, was dieses Gerät kennt, fehlt nichts.').waitFor({ timeout: backMsMax });
  await dora.fill('Code vom Wiederherstellungsblatt', sheet.code);
  await dialog.getByRole('button', { name: 'Bestätigen' }).click();
  await dialog.waitFor({ state: 'detached' });
  await maria.badge.waitFor({ state: 'detached', timeout: backMsMax });
  for (const person of [dora, maria]) {
    await person.page.reload();
    await openThread(person);
    await message(person, 'Geschrieben, während alles wartet.').waitFor();
    expect(await person.page.getByText('Nachbar').count()).toBe(0);
    await person.goTo('Aushänge');
    await person.page.getByText('Das fehlt darin.').first().waitFor();
    await person.goTo('Heute');
    expect(await person.page.getByTestId('alarm').count()).toBe(0);
  }
});
