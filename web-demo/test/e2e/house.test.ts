/**
 * @file The main job, by hand, in real browsers against the real relay: a house is founded, letters are printed, people join at the
 * door, write, report, answer; offline, with killed browsers and a killed relay; and an outsider gets nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { House, Person, desk, phone, tablet } from './people';

let house: House;
let dora: Person;
let erik: Person;
let maria: Person;
let frank: Person;

beforeAll(async () => {
  house = await House.open();
  dora = await Person.arrive(house, desk);
  await dora.found('Kita Spatzennest', 'Dora Direktorin');
  await dora.createGroup('Igel');
  await dora.createChild('Carla Kind', ['Maria Mutter', 'Frank Vater']);
  const letters = {
    maria: await dora.printLetterOf('Carla Kind', 'Maria Mutter'),
    frank: await dora.printLetterOf('Carla Kind', 'Frank Vater'),
  };
  await dora.createEducator('Erik Erzieher', 'Igel');
  const erikLetter = await dora.printLetter('Erik Erzieher');
  [erik, maria, frank] = await Promise.all([
    Person.arrive(house, tablet),
    Person.arrive(house, phone),
    Person.arrive(house, phone),
  ]);
  for (const [person, name, link] of [
    [erik, 'Erik Erzieher', erikLetter],
    [maria, 'Maria Mutter', letters.maria],
    [frank, 'Frank Vater', letters.frank],
  ] as const) {
    await dora.confirm(name, await person.join(link));
    await person.enter();
  }
}, 240_000);

afterAll(async () => {
  await Promise.all([dora, erik, maria, frank].map((person) => person?.leave()));
  await house?.close();
});

it('shows a used letter for what it is', async () => {
  await dora.openChild('Carla Kind');
  const card = dora.page.getByRole('article', { name: 'Maria Mutter' });
  await card.waitFor();
  expect(await card.getAttribute('data-stage')).toBe('member');
});

it('brings a bulletin to every family, and says where it is', async () => {
  await erik.postBulletin('Laternenfest', 'Um fünf am Tor.');
  for (const person of [dora, maria, frank]) {
    await person.goTo('Aushänge');
    await person.page.getByText('Laternenfest').first().waitFor();
  }
  const mark = erik.page.getByTestId('bulletin').filter({ hasText: 'Laternenfest' }).getByTestId('item-state');
  await expect.poll(() => mark.getAttribute('data-state'), { timeout: 15_000 }).toMatch(/relay|house/);
});

it('carries a message into one thread and nowhere else', async () => {
  await maria.goTo('Nachrichten');
  await maria.page.getByTestId('thread-row').first().click();
  await maria.say('Carla hat heute Oma dabei.');
  await erik.goTo('Nachrichten');
  await erik.page.getByTestId('thread-row').filter({ hasText: 'Maria Mutter' }).click();
  await erik.page.getByTestId('thread').getByText('Carla hat heute Oma dabei.').waitFor();
  await erik.say('Gern, bis gleich.');
  await maria.page.getByTestId('thread').getByText('Gern, bis gleich.').waitFor();
  await frank.goTo('Nachrichten');
  await frank.page.getByTestId('thread-row').first().click();
  await frank.page.getByText('Noch nichts geschrieben.').first().waitFor();
});

it('takes a sick note in three taps, offline, through a killed browser, to the group and the other guardian', async () => {
  await maria.goTo('Heute');
  await maria.page.getByTestId('child-card').waitFor();
  await maria.setOffline(true);
  await maria.press(/^Krank melden/);
  await maria.press('Senden');
  await maria.badge.waitFor();
  expect(await maria.badge.getAttribute('data-count')).toBe('1');
  await maria.page.reload();
  await maria.badge.waitFor();
  await maria.killBrowser();

  await house.kill();
  await maria.openBrowser();
  await maria.badge.waitFor();
  await house.start();

  await erik.goTo('Heute');
  await expect
    .poll(() => erik.page.getByTestId('day-child').first().getAttribute('data-status'), { timeout: 30_000 })
    .toBe('sick');
  await maria.badge.waitFor({ state: 'detached' });
  await frank.goTo('Heute');
  await frank.page.getByText('gemeldet von Maria Mutter').first().waitFor();
});

it('opens and reads without any network', async () => {
  await frank.killBrowser();
  await house.kill();
  await frank.openBrowser();
  await frank.page.getByTestId('child-card').waitFor();
  await frank.page.getByTestId('offline-line').waitFor();
  await frank.goTo('Aushänge');
  await frank.page.getByText('Laternenfest').first().waitFor();
  await house.start();
  await frank.page.getByTestId('offline-line').waitFor({ state: 'detached' });
});

describe('what a browser asks for', () => {
  const own = () => new URL(house.origin).host;
  /** What left the browser, if it could. */
  const asked = (person: Person) =>
    person.requests.map((url) => new URL(url)).filter(({ protocol }) => /^(?:http|ws)s?:$/.test(protocol));
  const foreign = (person: Person) =>
    asked(person)
      .filter(({ host }) => host !== own())
      .map(String);

  it('goes to nobody but its own relay, from pages and workers alike', () => {
    for (const person of [dora, erik, maria, frank]) {
      // Without the page and the engine's line nothing was recorded, and nothing would be proven.
      const kinds = new Set(asked(person).map(({ protocol, pathname }) => `${protocol}${pathname}`));
      expect(kinds).toContain('http:/');
      expect(kinds).toContain('ws:/ws');
      expect(foreign(person)).toEqual([]);
    }
  });

  it('would be seen if a worker asked somebody else', async () => {
    const stranger = await Person.arrive(house, phone);
    try {
      // Where the app's content security policy does not hold.
      await stranger.page.goto('about:blank');
      await stranger.page.evaluate(() => {
        const code = "new WebSocket('wss://localhost:1/')";
        new Worker(URL.createObjectURL(new Blob([code])));
      });
      await expect.poll(() => foreign(stranger)).toEqual(['wss://localhost:1/']);
    } finally {
      await stranger.leave();
    }
  });
});
