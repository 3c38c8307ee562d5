/**
 * @file What becomes of a device that is copied, sleeps, loses its connection to what it stores, or has a wrong clock; and of an engine
 * that is killed at some moment. Everything that was written arrives, once, and the person is told what they must know.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { child, closeFamily, openFamily, type Family } from './family';
import { wake } from './pictures';
import { Person, phone } from './people';

declare global {
  interface Window {
    /** Every worker that the page has started. */
    startedWorkers?: Worker[];
  }
}

const dayMs = 24 * 3_600_000;
/** Pauses between attempts grow to half a minute. */
const backMsMax = 60_000;
/** An engine that says nothing is replaced after this. */
const silentMsMax = 40_000;

let family: Family;
let frank: Person;
const written: string[] = [];

beforeAll(async () => {
  family = await openFamily(['Frank Vater']);
}, 240_000);
afterAll(async () => {
  await frank?.leave();
  await closeFamily(family);
});

async function openThread(person: Person, whose?: string): Promise<void> {
  await person.goTo('Nachrichten');
  const rows = person.page.getByTestId('thread-row');
  await (whose === undefined ? rows : rows.filter({ hasText: whose })).first().click();
  await person.page.getByTestId('thread').waitFor();
}
async function write(person: Person, text: string): Promise<void> {
  await openThread(person);
  await person.say(text);
  // What is shown is on the device.
  await person.page.getByTestId('message').filter({ hasText: text }).first().waitFor();
  written.push(text);
}
/** Each of it is there, once. */
async function arrives(whose: string): Promise<void> {
  const { dora } = family;
  await wake(dora);
  await openThread(dora, whose);
  const messages = dora.page.getByTestId('thread').getByTestId('message');
  for (const text of written) {
    await messages.filter({ hasText: text }).first().waitFor({ timeout: backMsMax });
    expect(await messages.filter({ hasText: text }).count(), text).toBe(1);
  }
}

it('brings what was written by a device whose clock is a day ahead, and then a day behind', async () => {
  const { house, dora } = family;
  const letter = await dora.printLetterOf(child, 'Frank Vater');
  frank = await Person.arriveOn(new Date(Date.now() + dayMs), house, phone);
  await dora.confirm('Frank Vater', await frank.join(letter));
  await frank.enter();
  await write(frank, 'Von morgen.');
  await frank.badge.waitFor({ state: 'detached', timeout: backMsMax });
  await frank.reopenOn(new Date(Date.now() - dayMs));
  await write(frank, 'Von gestern.');
  await frank.badge.waitFor({ state: 'detached', timeout: backMsMax });
  await frank.goTo('Heute');
  expect(await frank.page.getByTestId('alarm').count()).toBe(0);
  await arrives('Frank Vater');
  written.length = 0;
});

it('says that room is running out before there is none', async () => {
  const { house } = family;
  // Chromium tells a page that it has room whatever it has; others tell.
  await frank.page.context().route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch({ url: house.origin + new URL(route.request().url()).pathname });
    const told = 'navigator.storage.estimate = () => Promise.resolve({ quota: 100e6, usage: 95e6 });';
    await route.fulfill({ response, body: `${told}\n${await response.text()}` });
  });
  await frank.page.reload();
  await frank.goTo('Heute');
  const low = frank.page.locator('[data-testid="alarm"][data-code="storage_low"]');
  await low.getByText('Auf diesem Gerät wird der Platz knapp.').waitFor();
});

it('goes on after an engine that was killed with something under way', async () => {
  const { maria, house } = family;
  const page = await maria.page.context().newPage();
  await page.addInitScript(() => {
    const started: Worker[] = [];
    window.startedWorkers = started;
    window.Worker = class extends Worker {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        started.push(this);
      }
    };
  });
  await maria.page.close();
  maria.page = page;
  await page.clock.install();
  await page.goto(house.origin);
  await write(maria, 'Vorher.');
  const before = page.getByTestId('message').filter({ hasText: 'Vorher.' });
  await before.locator('[data-testid="item-state"]:not([data-state="local"])').waitFor({ timeout: backMsMax });
  // It is sealed and sent, and nobody answers.
  house.pause();
  await write(maria, 'Unterwegs, als die App starb.');
  await expect.poll(() => maria.rows('outbox'), { timeout: backMsMax }).toBe(1);
  await page.evaluate(() => {
    for (const worker of window.startedWorkers ?? []) worker.terminate();
  });
  await house.kill();
  await house.start();
  await page.clock.runFor(2 * silentMsMax);
  await maria.badge.waitFor({ state: 'detached', timeout: backMsMax });
  await arrives('Maria Mutter');
});

it('opens what it stores again when the browser has closed it', async () => {
  const { maria } = family;
  await maria.killBrowser();
  await maria.openBrowser();
  await openThread(maria);
  // Somebody wants the database in a newer version: the browser tells the engine, which must let go.
  const versions = await maria.page.evaluate(async () => {
    const names = (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith('nestpost-') ? [name] : []));
    return Promise.all(
      names.map(
        (name) =>
          new Promise<string>((resolve) => {
            const opening = indexedDB.open(name, 1_000);
            opening.onupgradeneeded = () => {
              // It stays as it is.
              opening.transaction?.abort();
            };
            opening.onsuccess = opening.onerror = () => {
              resolve(name);
            };
          }),
      ),
    );
  });
  expect(versions).toHaveLength(1);
  await write(maria, 'Nach der Unterbrechung.');
  await maria.badge.waitFor({ state: 'detached', timeout: backMsMax });
  expect(await maria.page.getByTestId('error').count()).toBe(0);
  await arrives('Maria Mutter');
});

it('fetches again what the browser has thrown away, and loses nothing that was not sent', async () => {
  const { maria, house } = family;
  // It takes nothing, and gives back what it has.
  await house.kill();
  await house.start({ settings: 'house_quota_bytes = 1' });
  await write(maria, 'Noch nicht geschickt.');
  await maria.loseRows();
  await maria.badge.waitFor();
  expect(await maria.badge.getAttribute('data-count')).toBe('1');
  await house.kill();
  await house.start();
  await wake(maria);
  await maria.badge.waitFor({ state: 'detached', timeout: backMsMax });
  await openThread(maria);
  const messages = maria.page.getByTestId('thread').getByTestId('message');
  for (const text of written) {
    await messages.filter({ hasText: text }).first().waitFor({ timeout: backMsMax });
    expect(await messages.filter({ hasText: text }).count(), text).toBe(1);
  }
  await arrives('Maria Mutter');
});

it('says so when the browser throws everything away while it runs, instead of going on with nothing', async () => {
  const { house, dora } = family;
  const letter = await dora.printNewLetterOf(child, 'Frank Vater');
  const lost = await Person.arrive(house, phone);
  try {
    await dora.confirm('Frank Vater', await lost.join(letter));
    await lost.enter();
    await openThread(lost);
    const devtools = await lost.page.context().newCDPSession(lost.page);
    await devtools.send('Storage.clearDataForOrigin', { origin: house.origin, storageTypes: 'indexeddb' });
    await lost.say('Ins Leere.');
    await lost.page.getByRole('heading', { name: 'Diese Kita lässt sich hier nicht öffnen' }).waitFor();
  } finally {
    await lost.leave();
  }
});

it('wakes up from a long sleep: what came meanwhile is there, and what it wrote goes out', async () => {
  const { maria, dora, house } = family;
  await openThread(maria);
  maria.suspend();
  try {
    // Meanwhile the line dies without a word to the one who sleeps.
    await house.kill();
    await house.start();
    await wake(dora);
    await openThread(dora, 'Maria Mutter');
    await dora.say('Während Sie schliefen.');
    await dora.settled();
  } finally {
    maria.resume();
  }
  await maria.page.getByTestId('thread').getByText('Während Sie schliefen.').waitFor({ timeout: backMsMax });
  await write(maria, 'Wieder wach.');
  await maria.badge.waitFor({ state: 'detached', timeout: backMsMax });
  await arrives('Maria Mutter');
});

it('tells whoever uses a copied device, and keeps what both have written', async () => {
  const { maria } = family;
  await maria.settled();
  await maria.killBrowser();
  const copy = await maria.copy();
  try {
    await write(copy, 'Aus der Kopie.');
    await copy.badge.waitFor({ state: 'detached', timeout: backMsMax });
    await copy.settled();
    await maria.openBrowser();
    await maria.setOffline(true);
    await write(maria, 'Aus dem Original.');
    await maria.setOffline(false);
    await wake(maria);
    await maria.badge.waitFor({ state: 'detached', timeout: backMsMax });
    await arrives('Maria Mutter');
    await write(copy, 'Zum zweiten Mal.');
    await copy.badge.waitFor({ state: 'detached', timeout: backMsMax });
    await arrives('Maria Mutter');
    await copy.goTo('Heute');
    await copy.page.locator('[data-testid="alarm"][data-code="device_copied"]').waitFor();
  } finally {
    await copy.leave();
  }
});
