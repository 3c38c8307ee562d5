/**
 * @file A group's tablet: paired from the desk, open to whoever stands before it for the list of the day, behind a personal PIN for the
 * rest; without a network, locked, guessed at until nothing is left to guess, and reported as stolen.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { child, closeFamily, openFamily, type Family } from './family';
import { Person, tablet } from './people';

const name = 'Tablet Igel';
const pin = '493827';
const wrong = '135792';
/** Longer than a tablet opens what lies behind its PINs without hearing of the relay, and than it waits after a wrong PIN. */
const [closedMs, pauseMsMax] = [73 * 3_600_000, 31_000];
let family: Family;
let board: Person;

beforeAll(async () => {
  family = await openFamily();
  const { dora, house } = family;
  await dora.createEducator('Eva Erzieherin', 'Igel');
  await dora.createPlace(name, 'Igel');
  const letter = await dora.printLetter(name);
  board = await Person.arrive(house, tablet);
  await dora.confirm(name, await board.join(letter));
  await board.enter();
}, 240_000);
afterAll(async () => {
  await board.leave();
  await closeFamily(family);
});

const tile = () => board.page.getByTestId('board-child').filter({ hasText: 'Carla' });
const where = (is: string) => board.page.locator(`[data-testid="board-child"][data-where="${is}"]`);
async function type(digits: string): Promise<void> {
  await board.page.getByTestId('pin-pad').waitFor();
  await board.page.keyboard.type(digits);
}
async function choose(person: string): Promise<void> {
  await board.page.getByTestId('pin-person').filter({ hasText: person }).click();
}
async function enter(digits: string): Promise<void> {
  await type(digits);
  await board.press('Öffnen');
}
async function unlock(digits: string): Promise<void> {
  await board.press('Mit PIN öffnen');
  await enter(digits);
}
/** With the letter of what lies behind the PINs, as far as the first PIN. */
async function useLetter(letter: string): Promise<void> {
  await board.press('Bereich mit PIN einrichten');
  await board.page.getByTestId('code-input').fill(letter);
  await board.press('Weiter');
  await choose('Eva Erzieherin');
}
/** The first PIN, twice, and the digits at the desk. */
async function setUp(): Promise<void> {
  await type(pin);
  await board.press('Weiter');
  await type(pin);
  await board.press('Speichern');
  await family.dora.confirm(name, await board.digits());
  await board.page.getByTestId('lock-bar').filter({ hasText: 'Eva Erzieherin' }).waitFor();
}
/** Why what lies behind the PINs is not to be had. */
const shut = (why: string) => board.page.locator(`[data-testid="pin-state"][data-why="${why}"]`);
/** Names of the databases that houses keep their rows in. */
const databases = () =>
  board.page.evaluate(async () =>
    (await indexedDB.databases()).flatMap(({ name: one }) => (one?.startsWith('nestpost-') ? [one] : [])),
  );

it('shows the list of the day without a login, and takes a tap for who came and who left', async () => {
  await tile().waitFor();
  await tile().click();
  await where('here').waitFor();
  await board.press('Rückgängig');
  await where('expected').waitFor();
  await tile().click();
  await where('here').waitFor();
  const { maria } = family;
  await maria.goTo('Heute');
  await maria.page
    .getByTestId('child-presence')
    .filter({ hasText: /^Da seit/ })
    .waitFor();
});

it('has no way to messages, notices or pictures while it is locked', async () => {
  for (const place of ['messages', 'bulletins', 'pictures', 'people', 'more']) {
    await board.page.goto('about:blank');
    await board.page.goto(`${board.origin}/#/${place}`);
    await tile().waitFor();
    expect(await board.page.getByRole('navigation').count()).toBe(0);
  }
});

it('shows allergies and whom to call as the house wrote them', async () => {
  const { dora } = family;
  await dora.openChild(child);
  await dora.press('Ändern: Für den Tag');
  await dora.fill('Allergien, kurz', 'Nüsse');
  await dora.fill('Wen wir anrufen', 'Oma 0351 77 88');
  await dora.press('Speichern');
  await tile().getByText('Allergie: Nüsse').waitFor();
  await board.press('Notfallliste');
  await board.page.getByTestId('emergency-child').filter({ hasText: 'Oma 0351 77 88' }).waitFor();
  await board.press('Zurück');
});

it('takes a letter for what lies behind the PINs, on this tablet and nowhere else', async () => {
  const { dora, house } = family;
  await dora.openStaff(name);
  await dora.press('Bereich mit PIN freigeben');
  const letter = await dora.letterLink();
  const stranger = await Person.arrive(house, tablet);
  await stranger.page.goto(`${stranger.origin}/${new URL(letter).hash}`);
  await stranger.press('Beitreten');
  await stranger.page.getByText('Dieser Brief ist für den Bereich mit PIN').waitFor();
  await stranger.leave();

  const before = await databases();
  await useLetter(letter);
  await type('123456');
  await board.press('Weiter');
  await type('123456');
  await board.press('Speichern');
  await board.page.getByText('darf keine Zahlenfolge').waitFor();
  await setUp();
  expect((await databases()).length).toBe(before.length + 1);
});

it('is the app as elsewhere while it is open, and locks', async () => {
  const { maria } = family;
  await maria.goTo('Nachrichten');
  await maria.page.getByTestId('thread-row').first().click();
  await maria.say('Carla mag keinen Spinat.');
  await board.goTo('Nachrichten');
  await board.page.getByTestId('thread-row').first().click();
  await board.page.getByTestId('thread').getByText('Carla mag keinen Spinat.').waitFor();
  await board.say('Danke, wir achten darauf.');
  await board.press('Sperren');
  await tile().waitFor();
  expect(await board.page.getByText('Spinat').count()).toBe(0);
  // What was written goes out all the same.
  await maria.page.getByTestId('thread').getByText('Danke, wir achten darauf.').waitFor();
});

it('is locked after a reload, counts wrong PINs across it, and opens with the right one', async () => {
  await unlock(wrong);
  await board.page.getByText('Diese PIN war falsch.').waitFor();
  await board.page.getByTestId('pin-left').filter({ hasText: '4 Versuche' }).waitFor();
  await board.page.reload();
  await tile().waitFor();
  await board.press('Mit PIN öffnen');
  await board.page.getByTestId('pin-left').filter({ hasText: '4 Versuche' }).waitFor();
  await type(pin);
  await board.press('Öffnen');
  await board.page.getByTestId('lock-bar').waitFor();
  // Another of the team sets a PIN of their own.
  await board.press('PINs');
  await board.page
    .getByTestId('pin-row')
    .filter({ hasText: 'Dora' })
    .getByRole('button', { name: /^PIN setzen/ })
    .click();
  await type('862951');
  await board.press('Weiter');
  await type('862951');
  await board.press('Speichern');
  await board.page.getByTestId('pin-row').filter({ hasText: 'Dora' }).filter({ hasText: 'hat eine PIN' }).waitFor();
  await board.page.keyboard.press('Escape');
  await board.press('Sperren');
  await tile().waitFor();
  await board.press('Mit PIN öffnen');
  await choose('Dora');
  await type('862951');
  await board.press('Öffnen');
  await board.page.getByTestId('lock-bar').filter({ hasText: 'Dora' }).waitFor();
  await board.press('Sperren');
});

it('goes on without a network: whoever left has left, and everybody hears of it later, without a time if the house says so', async () => {
  const { dora, maria } = family;
  await dora.openChild(child);
  await dora.press('Ändern: Für den Tag');
  await dora.fill('Allergien, kurz', 'Nüsse und Milch');
  await dora.page.getByRole('checkbox', { name: /^Keine Uhrzeiten/ }).check();
  await dora.press('Speichern');
  // The same entry: whoever has one has the other.
  await tile().getByText('Allergie: Nüsse und Milch').waitFor();
  await board.setOffline(true);
  await board.page.reload();
  await tile().click();
  await where('left').getByText('noch nicht gesendet').waitFor();
  await board.setOffline(false);
  await maria.goTo('Heute');
  await maria.page
    .getByTestId('child-presence')
    .filter({ hasText: /^Abgeholt$/ })
    .waitFor();
});

it('closes what lies behind the PINs after three days without the relay; the list of the day and the emergency list stay', async () => {
  await board.setOffline(true);
  await board.page.reload();
  await tile().waitFor();
  await board.passTime(closedMs);
  await tile().click();
  await board.press('Carla ist wieder da');
  await where('here').getByText('noch nicht gesendet').waitFor();
  await shut('tablet-closed').getByText('72 Stunden').waitFor();
  expect(await board.button('Mit PIN öffnen').isDisabled()).toBe(true);
  await tile().getByText('Allergie: Nüsse und Milch').waitFor();
  await board.press('Notfallliste');
  await board.page.getByTestId('emergency-child').filter({ hasText: 'Oma 0351 77 88' }).waitFor();
  await board.press('Zurück');
  await board.setOffline(false);
  await shut('tablet-closed').waitFor({ state: 'detached' });
  await board.press('Mit PIN öffnen');
  await choose('Dora');
  await enter('862951');
  await board.page.getByTestId('lock-bar').waitFor();
  await board.press('Sperren');
});

it('deletes what lies behind the PINs after five wrong ones, until a director lets it in again', async () => {
  const { dora } = family;
  await board.press('Mit PIN öffnen');
  await choose('Eva Erzieherin');
  for (const left of ['4 Versuche', '3 Versuche', '2 Versuche', 'ein Versuch']) {
    await enter(wrong);
    await board.page.getByTestId('pin-left').filter({ hasText: left }).waitFor();
    // Each wrong one makes the pause longer.
    await board.passTime(pauseMsMax);
  }
  await enter(wrong);
  await shut('tablet-dropped-tries').getByText('fünfmal falsch').waitFor();
  expect(await board.button('Mit PIN öffnen').count()).toBe(0);
  await expect.poll(async () => (await databases()).length).toBe(1);
  await board.page.reload();
  await shut('tablet-dropped-tries').waitFor();
  await tile().waitFor();

  await dora.openStaff(name);
  await dora.press('Neu freigeben');
  await dora.page.getByRole('dialog').getByRole('button', { name: 'Neu freigeben' }).click();
  await useLetter(await dora.letterLink());
  await setUp();
  await board.goTo('Nachrichten');
  await board.page.getByTestId('thread-row').first().click();
  await board.page.getByTestId('thread').getByText('Carla mag keinen Spinat.').waitFor();
  await board.press('Sperren');
});

it('empties itself at its next contact after the director reported it as stolen, and says so', async () => {
  const { dora } = family;
  await board.setOffline(true);
  await board.page.reload();
  await dora.openStaff(name);
  await dora.press('Tablet verloren oder gestohlen');
  await dora.press('Tablet entfernen');
  await dora.settled();
  await tile().waitFor();
  await board.setOffline(false);
  await board.page.getByRole('heading', { name: /beendet|entfernt/ }).waitFor();
  expect(await board.page.getByText('Carla').count()).toBe(0);
  await board.page.reload();
  await board.page.getByRole('heading', { name: /beendet|entfernt/ }).waitFor();
  // Nothing of what lay behind the PINs is left.
  await expect.poll(async () => (await databases()).length).toBeLessThan(2);
});
