/**
 * @file Whole ways through the app with the keyboard alone, in real browsers at a real relay: a house is founded, a mother joins with the
 * code of her letter, reports her child sick, writes, and looks at the pictures that the house shows.
 */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePhotos } from '../../drill/photos.mjs';
import { Keyboard, hasFocus } from './keyboard';
import { House, Person, desk, phone } from './people';
import { Album, sent, tiles } from './pictures';

let house: House;
let dora: Person;
let maria: Person;
let doras: Keyboard;
let marias: Keyboard;
/** On a machine that builds something else at the same time. */
const timeoutMs = 20_000;
const album = new Album();

beforeAll(async () => {
  house = await House.open();
  dora = await Person.arrive(house, desk);
  maria = await Person.arrive(house, phone);
  for (const { page } of [dora, maria]) page.setDefaultTimeout(timeoutMs);
  doras = new Keyboard(dora);
  marias = new Keyboard(maria);
});
afterAll(async () => {
  await Promise.all([dora?.leave(), maria?.leave()]);
  await house?.close();
  album.close();
});

const place = ({ page }: Person, name: string) =>
  page.getByRole('navigation', { name: 'Bereiche' }).getByRole('link', { name: new RegExp(`^${name}`) });
const gets = (wanted: Locator) => expect.poll(() => hasFocus(wanted)).toBe(true);

it('founds a house', async () => {
  const { page } = dora;
  const field = (label: string) => page.getByLabel(label).first();
  await doras.activate(dora.button(/^Eine Kita einrichten/));
  await gets(page.getByRole('heading', { level: 1 }));
  await doras.write(field('Name der Kita'), 'Kita Spatzennest');
  await doras.write(field('Ihr Name'), 'Dora Direktorin');
  // Too early: it says so, and whoever pressed goes on from there.
  await doras.activate(dora.button('Kita einrichten'));
  await page.getByText('Hier fehlt noch etwas.').first().waitFor();
  await doras.to(field('Hilfe bei Fragen'), 'Shift+Tab');
  await page.keyboard.type('0351 123 456');
  await doras.activate(page.getByText('Hat Ihnen jemand einen Einrichtungscode gegeben?'), 'Space');
  await field('Einrichtungscode').waitFor();
  await doras.activate(dora.button('Kita einrichten'));
  await page.getByTestId('sheet-code').waitFor();
  await gets(page.getByRole('heading', { level: 1 }));
  await doras.to(dora.button('Blatt drucken'));
  const code = await page.getByTestId('sheet-code').innerText();
  await doras.activate(dora.button('Gedruckt oder abgeschrieben'));
  await gets(field('Die letzten vier Zeichen im Code des Blatts'));
  await page.keyboard.type(code.slice(-4).toLowerCase());
  await page.keyboard.press('Enter');
  await doras.activate(dora.button('Ohne zweite Leitung öffnen'));
  await page.getByRole('heading', { name: 'Was wartet auf mich?' }).waitFor();
});

it('joins with a code from a letter, compares the digits and lets in', async () => {
  await dora.createGroup('Igel');
  await dora.createChild('Carla Kind', ['Maria Mutter']);
  const code = (await dora.printLetterOf('Carla Kind', 'Maria Mutter')).split('.').at(-1) ?? '';
  const { page } = maria;
  await marias.activate(maria.button(/^Ich habe einen Brief bekommen/));
  await gets(page.getByRole('heading', { level: 1 }));
  await marias.write(page.getByTestId('code-input'), code);
  await marias.press('Enter');
  await page.getByTestId('greeting-house').waitFor();
  await gets(page.getByRole('heading', { level: 1 }));
  await marias.activate(maria.button('Beitreten'));
  const digits = await maria.digits();

  await doras.activate(place(dora, 'Heute'));
  const compare = dora.button('Zahlen vergleichen');
  await doras.activate(compare);
  expect(await dora.digits()).toEqual(digits);
  await doras.press('Escape');
  await gets(compare);
  await doras.press('Enter');
  await doras.activate(dora.button('Bestätigen'));
  await compare.waitFor({ state: 'detached' });

  await page.getByTestId('joined').waitFor();
  await marias.activate(maria.button(/^Zu /));
  await page.getByTestId('child-card').waitFor();
});

it('reports a child sick, and takes it back', async () => {
  const { page } = maria;
  const card = page.getByTestId('child-card');
  const report = maria.button('Krank melden: Carla');
  await marias.activate(report);
  await page.getByTestId('sick-sheet').waitFor();
  await marias.press('Escape');
  await gets(report);
  await marias.press('Enter');
  await marias.pick(page.getByRole('radio', { name: 'Kommt nicht, nicht krank' }));
  await marias.pick(page.getByRole('radio', { name: 'Krank', exact: true }));
  await marias.write(page.getByLabel(/Was sollen wir wissen/), 'Fieber');
  await marias.activate(maria.button('Senden'));
  await expect.poll(() => card.getAttribute('data-status')).toBe('sick');
  await gets(report);
  await marias.activate(maria.button('Zurücknehmen'));
  await marias.activate(page.getByRole('dialog').getByRole('button', { name: 'Meldung zurücknehmen' }));
  await expect.poll(() => card.getAttribute('data-status')).toBe('expected');
});

it('writes a message, and goes back to where it came from', async () => {
  const { page } = maria;
  await marias.activate(place(maria, 'Nachrichten'));
  const row = page.getByTestId('thread-row').first();
  await marias.activate(row);
  await gets(page.getByTestId('thread').getByRole('heading'));
  const field = page.getByRole('textbox', { name: 'Nachricht', exact: true });
  await marias.write(field, 'Wir kommen um neun.');
  await marias.activate(maria.button('Senden'));
  await page.getByTestId('message').filter({ hasText: 'Wir kommen um neun.' }).waitFor();
  // Ready for the next one.
  await gets(field);
  await page.keyboard.type('Mit Opa.');
  await marias.activate(maria.button('Senden'));
  await page.getByTestId('message').filter({ hasText: 'Mit Opa.' }).waitFor();
  await gets(field);
  await marias.to(maria.button('Zurück'), 'Shift+Tab');
  await marias.press('Enter');
  await gets(row);
});

it('chooses pictures, says what is to be seen, and shows them', async () => {
  const { page } = dora;
  const paths = album.put(makePhotos(3, { first: 700, width: 320, height: 240 }));
  await doras.activate(place(dora, 'Bilder'));
  const show = dora.button('Bilder zeigen');
  await doras.activate(show);
  const files = page.getByTestId('choose-files');
  await doras.takeFiles(files, paths.slice(0, 2));
  await page.getByTestId('preview').nth(1).waitFor();
  // More of them, from the same place.
  await gets(files);
  await doras.takeFiles(files, paths.slice(2));
  await page.getByTestId('preview').nth(2).waitFor();
  await doras.to(dora.button('Bild 3 von 3'), 'Shift+Tab');
  await doras.press('Enter');
  await doras.activate(dora.button('Weglassen'));
  await gets(dora.button('Bild 2 von 2'));
  await doras.write(page.getByLabel('Was ist auf Bild 2 zu sehen? (freiwillig)'), 'Ein See');
  await doras.activate(dora.button('2 Bilder zeigen'));
  await page.getByTestId('choose-sheet').waitFor({ state: 'detached' });
  await gets(show);
  await sent(dora);
});

it('looks at pictures one by one, and is back at the last one', async () => {
  const { page } = maria;
  await marias.activate(place(maria, 'Bilder'));
  await tiles(maria).nth(1).waitFor();
  const spoken = page.getByTestId('viewer-name');
  await marias.activate(tiles(maria).first());
  await expect.poll(() => spoken.innerText()).toMatch(/^Bild 1 von 2/);
  for (const [key, number] of [
    ['ArrowRight', 2],
    ['ArrowLeft', 1],
    ['ArrowRight', 2],
  ] as const) {
    await marias.press(key);
    await expect.poll(() => spoken.innerText()).toMatch(new RegExp(`^Bild ${number} von 2`));
  }
  await marias.activate(maria.button('Voriges Bild'));
  await expect.poll(() => spoken.innerText()).toMatch(/^Bild 1 von 2/);
  await marias.activate(maria.button('Nächstes Bild'));
  await expect.poll(() => spoken.innerText()).toMatch(/^Bild 2 von 2/);
  await marias.press('Escape');
  await page.getByTestId('viewer').waitFor({ state: 'detached' });
  await gets(tiles(maria).nth(1));
  // With the button, too.
  await marias.press('Space');
  await page.getByTestId('viewer').waitFor();
  await gets(page.getByRole('dialog').getByRole('button', { name: 'Schließen' }));
  await marias.press('Enter');
  await page.getByTestId('viewer').waitFor({ state: 'detached' });
  await gets(tiles(maria).nth(1));
});
