/**
 * @file What was planned for a day happens on it: a court order that a director entered before is carried out by whichever device of the
 * team is there, whoever planned it is not, and the parent concerned is told no reason; a substitute's access ends with its day.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { House, Person, desk, phone } from './people';

const carla = 'Carla Kind';
const today = new Date();
/** Noon (UTC) of the next day in Berlin, on which orders are due: near midnight, 24 hours later would be a day too early for the core. */
const tomorrow = (() => {
  const day = new Date(`${today.toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' })}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return day;
})();

let house: House;
let dora: Person;
let erik: Person;
let falk: Person;
let vera: Person;

beforeAll(async () => {
  house = await House.open();
  dora = await Person.arrive(house, desk);
  await dora.found('Kita Spatzennest', 'Dora Direktorin');
  await dora.createGroup('Igel');
  await dora.createChild(carla, ['Maria Mutter', 'Falk Vater'], 'Igel');
  await dora.createEducator('Erik Erzieher', 'Igel');
  const letter = await dora.printLetter('Erik Erzieher');
  erik = await Person.arriveOn(today, house, desk);
  falk = await Person.arrive(house, phone);
  await dora.confirm('Erik Erzieher', await erik.join(letter));
  await erik.enter();
  const other = await dora.printLetterOf(carla, 'Falk Vater');
  await dora.confirm('Falk Vater', await falk.join(other));
  await falk.enter();
  await card().waitFor();
  await dora.createEducator('Vera Vertretung', 'Igel', true);
  const pass = await dora.printLetter('Vera Vertretung');
  vera = await Person.arrive(house, phone);
  await dora.confirm('Vera Vertretung', await vera.join(pass));
  await vera.enter();
}, 240_000);
afterAll(async () => {
  await Promise.all([dora, erik, falk, vera].map((person) => person?.leave()));
  await house?.close();
});

const card = () => falk.page.getByTestId('child-card').filter({ hasText: carla });
const bulletin = async (title: string) => {
  await falk.goTo('Aushänge');
  await falk.page.getByTestId('bulletin').filter({ hasText: title }).waitFor();
  await falk.goTo('Heute');
};
async function openFalk(): Promise<void> {
  await dora.openChild(carla);
  await dora.press('Rechte und Zugang: Falk Vater');
  await dora.page.getByRole('heading', { name: 'Falk Vater', level: 1 }).waitFor();
}

it('changes nothing before its day, whichever device of the team is there', async () => {
  await openFalk();
  await dora.press('Rechte von Falk Vater ändern');
  const sheet = dora.page.getByTestId('relation-sheet');
  await sheet.getByRole('radio', { name: 'Kein Sorgerecht' }).check();
  await sheet.getByRole('checkbox', { name: /Recht auf Auskunft/ }).uncheck();
  await sheet.getByRole('radio', { name: 'An einem späteren Tag' }).check();
  await dora.press('Für diesen Tag vormerken');
  await dora.page.getByTestId('plan').getByText('Neue Rechte für Falk Vater').waitFor();
  await dora.settled();
  await dora.killBrowser();

  await erik.reopenOn(new Date());
  await erik.postBulletin('Noch heute', 'Alles wie bisher.');
  // It came after whatever this device would have decided first.
  await erik.settled();
  await bulletin('Noch heute');
  expect(await card().getAttribute('data-status')).toBe('expected');
  await vera.postBulletin('Von der Vertretung', 'Ich bin heute da.');
  await bulletin('Von der Vertretung');
});

it('is carried out on the day by another device of the team: the parent sees that it ended, and no reason', async () => {
  await erik.reopenOn(tomorrow);
  await card().getByTestId('child-ended').waitFor({ timeout: 30_000 });
  const words = await card().innerText();
  expect(words).toContain('Zugang beendet');
  expect(words).not.toMatch(/Gericht|Beschluss|Sorgerecht|Maria|Dora|Erik/);
});

it('ends a substitute’s access on the day after the last one: they read nothing, and take the rest off their device', async () => {
  const ended = vera.page.locator('[data-screen="ended"]');
  await ended.waitFor({ timeout: 30_000 });
  await vera.page.reload();
  await ended.getByRole('heading', { name: 'Ihr Zugang ist beendet' }).waitFor();
  expect(await vera.page.getByText(/Spatzennest|Vertretung/).count()).toBe(0);
  await vera.press('Von diesem Gerät entfernen');
  await vera.page.getByRole('dialog').getByRole('button', { name: 'Von diesem Gerät entfernen' }).click();
  await vera.button(/^Eine Kita einrichten/).waitFor();
  expect(await vera.rows('log')).toBe(0);
});

it('is listed as done, with who planned it and who carried it out', async () => {
  await dora.openBrowser();
  await openFalk();
  await dora.page.getByTestId('plan').waitFor({ state: 'detached' });
  await dora.page.getByText('Vorbei', { exact: true }).click();
  const over = dora.page.getByTestId('plan-over');
  expect(await over.getAttribute('data-stage')).toBe('done');
  await over.getByText('Vorgemerkt von Dora Direktorin').waitFor();
  await dora.page.getByTestId('reach').getByText('Nichts Neues von Carla').waitFor();
  await dora.goTo('Mehr');
  await dora.press('Leitung');
  await dora.press('Was zuletzt geschehen ist');
  await dora.page
    .getByTestId('act')
    .filter({ hasText: 'Falk Vater' })
    .filter({ hasText: 'Erik Erzieher' })
    .first()
    .waitFor();
});
