/**
 * @file A parent's own recovery sheet: it counts once it is printed and the relay has it, and not before; with it a lost phone is
 * replaced while nobody of the Kita is there.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeFamily, openFamily, type Family } from './family';
import { Person, desk, tablet, type Sheet } from './people';

let family: Family;
let first: Sheet;
let second: Sheet;
let back: Person | undefined;

beforeAll(async () => {
  family = await openFamily();
  const { dora, maria } = family;
  await dora.postBulletin('Laternenfest', 'Um fünf am Tor.');
  await maria.goTo('Aushänge');
  await maria.page.getByText('Um fünf am Tor.').first().waitFor();
  await maria.goTo('Nachrichten');
  await maria.page.getByTestId('thread-row').first().click();
  await maria.say('Wer bringt Laternen mit?');
  await maria.settled();
}, 240_000);
afterAll(async () => {
  await back?.leave();
  await closeFamily(family);
});

const devices = (person: Person) => person.page.getByTestId('device');
async function openDevices(person: Person): Promise<void> {
  await person.goTo('Mehr');
  await person.press('Ihre Geräte');
  await devices(person).first().waitFor();
}
/** What the sheet on the screen says. */
async function read(person: Person): Promise<Sheet> {
  await person.page.getByTestId('sheet').getByText('für Maria Mutter, Kita').waitFor();
  return {
    code: await person.page.getByTestId('sheet-code').innerText(),
    house: await person.page.getByTestId('sheet-house').innerText(),
  };
}
async function draw(person: Person): Promise<Sheet> {
  await person.press(/^(Blatt machen|Neues Blatt machen)$/);
  await person.page.getByText('Wer das Blatt findet, kann dasselbe').waitFor();
  await person.press('Blatt machen');
  return read(person);
}
async function typeIn(person: Person, sheet: Sheet): Promise<void> {
  await person.press(/^Mit dem Wiederherstellungsblatt/);
  await person.fill('Code des Blatts', sheet.code);
  await person.fill('Code der Kita', sheet.house);
  await person.press('Weiter');
}
/** Whether a device that has nothing gets in with it; nothing is done there. */
async function opens(sheet: Sheet): Promise<boolean> {
  const finder = await Person.arrive(family.house, desk);
  try {
    await typeIn(finder, sheet);
    const welcome = finder.page.getByRole('heading', { name: 'Willkommen zurück, Maria Mutter' });
    await welcome.or(finder.page.getByText('Dieses Blatt gilt hier nicht.')).waitFor();
    return await welcome.isVisible();
  } finally {
    await finder.leave();
  }
}
const counts = (person: Person) => person.page.getByText('Das Blatt gilt jetzt.').waitFor();

it('draws a sheet that opens nothing as long as nobody has said that it is printed', async () => {
  const { maria } = family;
  await openDevices(maria);
  const never = await draw(maria);
  await maria.page.getByText('Noch gilt dieses Blatt nicht.').waitFor();
  await maria.page.reload();
  await openDevices(maria);
  expect(await devices(maria).count()).toBe(1);
  expect(await opens(never)).toBe(false);
});

it('asks for its last characters, and says when it counts', async () => {
  const { maria } = family;
  first = await draw(maria);
  await maria.provePrinted({ code: 'ZZZZ' });
  await maria.page.getByText('Das steht nicht am Ende des Codes.').waitFor();
  await maria.press('Blatt noch einmal zeigen');
  expect(await read(maria)).toEqual(first);
  await maria.provePrinted(first);
  await counts(maria);
  expect(await maria.page.getByTestId('sheet-code').count()).toBe(0);
  await maria.press('Fertig');
  const row = devices(maria).filter({ hasText: 'Wiederherstellungsblatt' });
  await row.getByText(/^Auf diesem Gerät gedruckt am .*20\d\d/).waitFor();
  expect(await maria.page.getByTestId('alarm').count()).toBe(0);
});

it('leaves the earlier one as it is where the page of a second one is left', async () => {
  const { maria } = family;
  for (const leave of ['back', 'reload'] as const) {
    await draw(maria);
    await maria.page.getByText('sondern das bisherige').waitFor();
    if (leave === 'back') await maria.page.goBack();
    else {
      await maria.page.reload();
      await openDevices(maria);
    }
    await devices(maria).filter({ hasText: 'Wiederherstellungsblatt' }).waitFor();
  }
  expect(await opens(first)).toBe(true);
});

it('says without a network that the earlier one counts until there is one', async () => {
  const { house, maria } = family;
  // Nothing answers. Without a network, a line that stands would only be silent for a while.
  await house.kill();
  second = await draw(maria);
  await maria.provePrinted(second);
  await maria.page.getByText('Das Blatt gilt, sobald dieses Gerät wieder Netz hat.').waitFor();
  await house.start();
  await counts(maria);
  await maria.page.getByText('Das bisherige gilt nicht mehr.').waitFor();
  await maria.press('Fertig');
  expect(await opens(first)).toBe(false);
});

it('replaces a lost phone while nobody of the Kita is there, and then itself', async () => {
  const { dora, house, maria } = family;
  for (const away of [dora, maria]) await away.setOffline(true);
  back = await Person.arrive(house, tablet);
  await typeIn(back, second);
  await back.page.getByRole('heading', { name: 'Willkommen zurück, Maria Mutter' }).waitFor();
  expect(await back.page.getByRole('radio').count()).toBe(0);
  await back.press('Mit diesem Gerät weitermachen');
  const third = await read(back);
  // Nothing has come in its place yet.
  expect(await opens(second)).toBe(true);
  await back.provePrinted(third);
  await counts(back);
  await back.press('Fertig');
  expect(await opens(second)).toBe(false);
  await back.goTo('Aushänge');
  await back.page.getByText('Um fünf am Tor.').first().waitFor();
  await back.goTo('Nachrichten');
  await back.page.getByTestId('thread-row').first().click();
  await back.page.getByTestId('thread').getByText('Wer bringt Laternen mit?').waitFor();
  await back.say('Mit dem Blatt wieder da.');
  await back.badge.waitFor({ state: 'detached' });
  await openDevices(back);
  expect(await devices(back).count()).toBe(2);
  // Whoever finds the phone has nothing.
  await maria.setOffline(false);
  await maria.page.getByRole('heading', { name: 'Dieses Gerät wurde entfernt' }).waitFor();
});
