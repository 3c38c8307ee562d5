/**
 * @file Somebody who belongs to no house writes to one by its public link: offline first, then sealed in their browser; staff read it,
 * see to it and delete it, families know nothing of it, and an old link ends.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeFamily, openFamily, type Family } from './family';
import { Person, phone } from './people';

let family: Family;
let kim: Person;
let link = '';

beforeAll(async () => {
  family = await openFamily();
}, 240_000);
afterAll(async () => {
  await kim?.leave();
  await closeFamily(family);
});

const inquiry = () => family.dora.page.getByTestId('inquiry');
const shownLink = () => family.dora.page.getByTestId('intake-link');

async function write(text: string): Promise<void> {
  await kim.fill('Ihr Name', 'Kim Muster');
  await kim.fill('Wie wir Sie erreichen', '0341 4711');
  await kim.fill('Ihre Nachricht', text);
}

it('has no link before a director opens one', async () => {
  const { dora, maria } = family;
  await dora.goTo('Mehr');
  await dora.press('Anfragen von außen');
  await dora.page.getByText('Zurzeit kann von außen niemand schreiben.').waitFor();
  await dora.press('Link freischalten');
  link = await shownLink().innerText();
  expect(link).toContain('/#i=');
  await maria.goTo('Mehr');
  expect(await maria.page.getByText('Anfragen von außen').count()).toBe(0);
});

it('keeps what somebody outside typed without a network, and takes it from there', async () => {
  const { house, dora } = family;
  kim = await Person.arriveIdle(house, phone);
  await kim.page.goto(link);
  await kim.page.getByTestId('outside').waitFor();
  await kim.press('Absenden');
  await kim.page.getByText('Hier fehlt noch etwas.').first().waitFor();
  await kim.setOffline(true);
  await kim.page.getByText('Sie sind ohne Netz. Schreiben Sie ruhig').waitFor();
  await write('Haben Sie im Herbst einen Platz?');
  await kim.press('Absenden');
  await kim.page.locator('[data-testid="error"][data-code="offline"]').waitFor();
  await kim.setOffline(false);
  await kim.press('Absenden');
  await kim.page.getByTestId('outside-sent').waitFor();
  await inquiry().waitFor();
  for (const text of ['Kim Muster', '0341 4711', 'Haben Sie im Herbst einen Platz?'])
    await inquiry().getByText(text).waitFor();
  await dora.press('Ich kümmere mich');
  await inquiry().getByText('Dora Direktorin kümmert sich').waitFor();
});

it('leaves nothing of a house on the device of somebody outside', async () => {
  const names = await kim.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ''));
  expect(names.filter((name) => /^nestpost-.{8,}/.test(name))).toEqual([]);
});

it('deletes an entry after asking', async () => {
  const { dora } = family;
  await inquiry().getByRole('button', { name: 'Löschen' }).click();
  await dora.page.getByRole('dialog').getByRole('button', { name: 'Löschen' }).click();
  await dora.page.getByText('Noch keine Anfragen').waitFor();
});

it('ends a link when a director makes a new one', async () => {
  const { dora } = family;
  await dora.press('Neuen Link erstellen');
  await dora.page.getByRole('dialog').getByRole('button', { name: 'Neuen Link erstellen' }).click();
  await dora.page.getByRole('dialog').waitFor({ state: 'detached' });
  await dora.page.waitForFunction(
    (old) => document.querySelector('[data-testid="intake-link"]')?.textContent !== old,
    link,
  );
  await kim.press('Noch eine Nachricht');
  await write('Und im Winter?');
  await kim.press('Absenden');
  await kim.page.locator('[data-testid="error"][data-code="code_unknown"]').waitFor();
  await kim.page.goto('about:blank');
  await kim.page.goto(await shownLink().innerText());
  await write('Und im Winter?');
  await kim.press('Absenden');
  await kim.page.getByTestId('outside-sent').waitFor();
  await inquiry().getByText('Und im Winter?').waitFor();
});
