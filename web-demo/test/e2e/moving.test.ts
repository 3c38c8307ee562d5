/**
 * @file A house that moves to another relay and gets another address (J8): the old address leads to the new relay, too; two directors
 * say that it goes on there, and who opens the new one adds it as a device of theirs.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { House, Person, desk, phone } from './people';

let house: House;
let dora: Person;
let rosa: Person;
let there: Person;

beforeAll(async () => {
  house = await House.open();
  dora = await Person.arrive(house, desk);
  const letter = await dora.foundWithSecond('Kita Spatzennest', 'Dora Direktorin', 'Rosa Leitung');
  rosa = await Person.arrive(house, desk);
  await dora.confirm('Rosa Leitung', await rosa.join(letter));
  await rosa.enter();
  await dora.createGroup('Igel');
  await dora.postBulletin('Laternenfest', 'Um fünf am Tor.');
  await dora.settled();
}, 240_000);
afterAll(async () => {
  await Promise.all([dora, rosa, there].map((person) => person?.leave()));
  await house?.close();
});

const alarm = (person: Person, code: string) => person.page.locator(`[data-testid="alarm"][data-code="${code}"]`);

it('goes on at another relay once two directors say so, and shows its new address to those who are at the old one', async () => {
  await dora.goTo('Mehr');
  const name = await dora.page.getByTestId('fingerprint').first().innerText();
  const address = house.origin.replace('localhost', '127.0.0.1');
  await house.move(name, `origins = ['${house.origin}', '${address}']`);
  for (const person of [dora, rosa]) {
    await person.goTo('Heute');
    await alarm(person, 'relay_moved').waitFor();
  }
  await dora.press('Umzug bestätigen');
  const dialog = dora.page.getByRole('dialog');
  await dialog.getByLabel('Neue Adresse').fill(address);
  await dialog.getByRole('button', { name: 'Vorschlagen' }).click();
  await dialog.waitFor({ state: 'detached' });

  const proposal = rosa.page.locator('[data-testid="proposal"][data-what="confirm_move"]');
  await proposal.getByRole('button', { name: 'Zustimmen' }).click();
  const asked = rosa.page.getByRole('dialog');
  await asked.getByText(`Die neue Adresse ist ${address}`).waitFor();
  await asked.getByRole('button', { name: 'Umzug bestätigen' }).click();
  for (const person of [dora, rosa]) {
    await alarm(person, 'address_new').getByText(address).waitFor();
    await alarm(person, 'relay_moved').waitFor({ state: 'detached' });
  }

  // The new address is a device of its own.
  await alarm(dora, 'address_new').getByRole('button', { name: 'Code anzeigen' }).click();
  await dora.press('Weiteres Gerät hinzufügen');
  await dora.fill('Name des neuen Geräts', 'Neue Adresse');
  await dora.press('Code zeigen');
  const code = await dora.page.getByTestId('pair-code').innerText();
  const profile = mkdtempSync(join(tmpdir(), 'profile-'));
  there = await Person.arriveAt({ profile, origin: address }, house, phone);
  await there.press(/^Ich habe einen Brief bekommen/);
  await there.page.getByTestId('code-input').fill(code);
  await there.press('Weiter');
  await there.press('Beitreten');
  expect(await dora.digits()).toEqual(await there.digits());
  await dora.press('Ja, hinzufügen');
  await dora.page.getByTestId('pair-done').waitFor();
  await there.enter();
  await there.goTo('Aushänge');
  await there.page.getByText('Um fünf am Tor.').first().waitFor();
  expect(await alarm(there, 'address_new').count()).toBe(0);
}, 120_000);
