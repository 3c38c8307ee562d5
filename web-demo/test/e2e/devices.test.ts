/**
 * @file Devices that come and go: one more of one's own by camera and digits, one that was lost ended from another and by the director,
 * and what is left on a device that was ended.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { child, closeFamily, openFamily, type Family } from './family';
import { Person, phone, tablet } from './people';

let family: Family;
let second: Person;
let third: Person;
let erik: Person;

beforeAll(async () => {
  family = await openFamily(['Frank Vater']);
  const { dora, maria } = family;
  await dora.postBulletin('Laternenfest', 'Um fünf am Tor.');
  await maria.goTo('Aushänge');
  await maria.page.getByText('Um fünf am Tor.').first().waitFor();
}, 240_000);
afterAll(async () => {
  await Promise.all([second, third, erik].map((person) => person?.leave()));
  await closeFamily(family);
});

async function openDevices(person: Person): Promise<void> {
  await person.goTo('Mehr');
  await person.press('Ihre Geräte');
  await person.page.getByTestId('device').first().waitFor();
}
const device = (person: Person, name: string) => person.page.getByTestId('device').filter({ hasText: name });
const bulletin = (person: Person) => person.page.getByText('Um fünf am Tor.').first().waitFor();
/** Everything that a house has put down on a device, but the one row that says how it stands. */
async function rows(person: Person): Promise<number> {
  const tables = ['log', 'record', 'wrap', 'pending', 'outbox', 'intent', 'transfer'];
  return (await Promise.all(tables.map((table) => person.rows(table)))).reduce((sum, count) => sum + count, 0);
}
/** It hears of it, and nothing is left. */
async function empties(person: Person): Promise<void> {
  await person.page.getByRole('heading', { name: 'Dieses Gerät wurde entfernt' }).waitFor();
  while ((await rows(person)) > 0) await person.page.evaluate(() => new Promise(requestAnimationFrame));
}

it('lets a parent add a tablet whose camera sees the code, and shows the same digits on both', async () => {
  const { house, maria } = family;
  await openDevices(maria);
  await maria.press(/^Namen geben/);
  await maria.page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Telefon');
  await maria.press('Speichern');
  await device(maria, 'Telefon').waitFor();
  await maria.press('Weiteres Gerät hinzufügen');
  await maria.fill('Name des neuen Geräts', 'Tablet zu Hause');
  await maria.press('Code zeigen');
  second = await Person.arriveWithCamera(house, tablet);
  await second.holdBefore(maria, maria.page.getByTestId('qr'));
  await second.press(/^Ich habe einen Brief bekommen/);
  await second.press('Code scannen');
  await second.page.getByText('heißt „Tablet zu Hause“').waitFor();
  await second.press('Beitreten');
  const digits = await second.digits();
  await maria.page.getByText('Stehen auf beiden Geräten dieselben Zahlen?').waitFor();
  expect(await maria.digits()).toEqual(digits);
  await maria.press('Ja, hinzufügen');
  await maria.page.getByTestId('pair-done').waitFor();
  await second.enter();
  await second.goTo('Aushänge');
  await bulletin(second);
});

it('tells both devices what they are called, and nobody else', async () => {
  const { dora, maria } = family;
  await maria.press('Zu Ihren Geräten');
  for (const person of [maria, second]) {
    if (person === second) await openDevices(second);
    await device(person, 'Telefon').waitFor();
    await device(person, 'Tablet zu Hause').waitFor();
    expect(await person.page.getByTestId('alarm').count()).toBe(0);
  }
  await dora.openChild(child);
  const card = dora.page.getByRole('article', { name: 'Maria Mutter' });
  await card.getByText('Beigetreten, 2 Geräte').waitFor();
  await card.getByText('Gerät verloren oder gewechselt?').click();
  await card.getByTestId('person-device').nth(1).waitFor();
  expect(await card.innerText()).not.toMatch(/Telefon|Tablet/);
});

it('lists for the director whose device came how, and for no parent', async () => {
  const { dora, maria } = family;
  await dora.goTo('Mehr');
  await dora.press('Leitung');
  await dora.press('Was zuletzt geschehen ist');
  const devices = dora.page.getByTestId('confirmed').filter({ hasText: 'Maria Mutter' });
  await devices.nth(1).waitFor();
  expect(
    (await devices.allInnerTexts()).map((text) => /bestätigt von Dora|von einem anderen eigenen/.exec(text)?.[0]),
  ).toEqual(['von einem anderen eigenen', 'bestätigt von Dora']);
  await maria.goTo('Mehr');
  expect(await maria.button('Leitung').count()).toBe(0);
});

it('ends a lost phone from the tablet: it empties itself, and the tablet goes on', async () => {
  const { maria } = family;
  expect(await rows(maria)).toBeGreaterThan(0);
  await second.press('Entfernen: Telefon');
  await second.page.getByRole('dialog').getByRole('button', { name: 'Entfernen', exact: true }).click();
  await device(second, 'Telefon').waitFor({ state: 'detached' });
  await empties(maria);
  await second.page.getByText('Ein entferntes Gerät').click();
  await second.page.getByTestId('devices-past').getByText('Telefon').waitFor();
  await second.goTo('Nachrichten');
  await second.page.getByTestId('thread-row').first().click();
  await second.say('Mein Telefon ist weg.');
  await second.badge.waitFor({ state: 'detached' });
});

it('lets a director end what is left and print a letter, with which a new phone reads everything again', async () => {
  const { dora, house } = family;
  await dora.openChild(child);
  const card = dora.page.getByRole('article', { name: 'Maria Mutter' });
  await card.getByText('Gerät verloren oder gewechselt?').click();
  await card.getByRole('button', { name: /^Gerät entfernen, neuer Brief/ }).click();
  await dora.page.getByRole('dialog').getByRole('button', { name: 'Entfernen', exact: true }).click();
  const letter = dora.page.getByTestId('letter').first();
  await letter.waitFor();
  const link = await letter.getAttribute('data-link');
  await dora.press('Fertig');
  await empties(second);

  third = await Person.arrive(house, phone);
  await dora.confirm('Maria Mutter', await third.join(link ?? ''));
  await third.enter();
  await third.goTo('Aushänge');
  await bulletin(third);
  await third.goTo('Nachrichten');
  await third.page.getByTestId('thread-row').first().click();
  await third.page.getByTestId('thread').getByText('Mein Telefon ist weg.').waitFor();
});

it('goes the same way for an educator’s phone', async () => {
  const { dora, house } = family;
  await dora.createEducator('Erik Erzieher', 'Igel');
  const first = await dora.printLetter('Erik Erzieher');
  erik = await Person.arrive(house, phone);
  await dora.confirm('Erik Erzieher', await erik.join(first));
  await erik.enter();
  await erik.goTo('Nachrichten');
  await erik.page.getByTestId('thread-row').first().waitFor();

  await dora.openStaff('Erik Erzieher');
  await dora.page.getByText('Gerät verloren oder gewechselt?').click();
  await dora.press(/^Gerät entfernen, neuer Brief/);
  await dora.page.getByRole('dialog').getByRole('button', { name: 'Entfernen', exact: true }).click();
  const link = await dora.letterLink();
  await empties(erik);

  await erik.leave();
  erik = await Person.arrive(house, phone);
  await dora.confirm('Erik Erzieher', await erik.join(link));
  await erik.enter();
  await erik.goTo('Nachrichten');
  await erik.page.getByTestId('thread-row').first().click();
  await erik.page.getByTestId('thread').getByText('Mein Telefon ist weg.').waitFor();

  // What was decided about who works here is for all of them; of families it tells nothing.
  await erik.goTo('Mehr');
  await erik.press('Was zuletzt geschehen ist');
  const acts = erik.page.getByTestId('act');
  await acts.filter({ hasText: 'Erik Erzieher' }).first().waitFor();
  expect(await erik.page.getByRole('main').innerText()).not.toMatch(/Maria|Frank|Carla|Mila/);
  expect(await erik.page.getByTestId('lately').count()).toBe(0);
});
