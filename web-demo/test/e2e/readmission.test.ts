/**
 * @file A guardian whose phone is gone, and with it everything this device held: the director prints one more letter, the digits are
 * compared at the door again, and the new phone reads what was written before.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { child, closeFamily, openFamily, type Family } from './family';
import { Person, phone } from './people';

let family: Family;

beforeAll(async () => {
  family = await openFamily();
  const { dora, maria } = family;
  await dora.postBulletin('Laternenfest', 'Um fünf am Tor.');
  await maria.goTo('Aushänge');
  await maria.page.getByText('Um fünf am Tor.').first().waitFor();
  await openThread(maria);
  await maria.say('Carla mag keinen Spinat.');
  await maria.settled();
  // Profile, keys, everything.
  await maria.leave();
}, 240_000);
afterAll(() => closeFamily(family));

async function openThread(person: Person): Promise<void> {
  await person.goTo('Nachrichten');
  await person.page.getByTestId('thread-row').first().click();
}
const thread = (person: Person) => person.page.getByTestId('thread');

it('lets a guardian join again with a new letter, and shows what was written before', async () => {
  const { dora, house } = family;
  const letter = await dora.printNewLetterOf(child, 'Maria Mutter');
  const maria = await Person.arrive(house, phone);
  family = { ...family, maria };
  await dora.confirm('Maria Mutter', await maria.join(letter));
  await maria.enter();

  await maria.goTo('Aushänge');
  await maria.page.getByText('Um fünf am Tor.').first().waitFor();
  await openThread(maria);
  const own = thread(maria).getByTestId('message').filter({ hasText: 'Carla mag keinen Spinat.' });
  await own.waitFor();
  expect(await own.getAttribute('data-mine')).toBe('true');
  await maria.goTo('Heute');
  await maria.page.getByTestId('child-card').filter({ hasText: child }).waitFor();
});

it('goes on with the new phone, in both directions', async () => {
  const { dora, maria } = family;
  await openThread(maria);
  await maria.say('Wir haben ein neues Telefon.');
  await openThread(dora);
  await thread(dora).getByText('Wir haben ein neues Telefon.').waitFor();
  await dora.say('Schön, dass Sie wieder da sind.');
  await thread(maria).getByText('Schön, dass Sie wieder da sind.').waitFor();
  await maria.badge.waitFor({ state: 'detached' });
  expect(await maria.page.getByTestId('alarm').count()).toBe(0);
});

it('shows the director that there are two devices now', async () => {
  const { dora } = family;
  await dora.openChild(child);
  await dora.page.getByRole('article', { name: 'Maria Mutter' }).getByText('Beigetreten, 2 Geräte').waitFor();
});
