/** @file What somebody with a phone waits for, measured in real browsers at a real relay on the same machine: `npm run figures`. */
import type { Page, Request } from 'playwright-core';
import { closeFamily, openFamily, type Family } from '../e2e/family';
import { House, Person, phone, tablet } from '../e2e/people';
import { pictureFigures } from './pictures';

export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'bytes' | 'times';
  readonly values: readonly number[];
}
export interface Report {
  readonly chromium: string;
  readonly figures: readonly Figure[];
}
export type Progress = (step: string) => void;

declare global {
  interface Window {
    /** When what is waited for was first on screen, to the frame: since the page's navigation began, and by the machine's clock. */
    shown?: Promise<{ readonly sinceStart: number; readonly at: number }>;
    /** When the next press of a button reached the browser, by the machine's clock. */
    pressed?: Promise<number>;
  }
}

/** How much slower than it is a parent's page is made. */
const throttle = 4;
const homeOfParent = '[data-testid="child-card"]';
const sickChild = '[data-testid="day-child"][data-status="sick"]';

export async function measure(runs: number, progress: Progress): Promise<Report> {
  const first = await firstLoads(runs, progress);
  const family = await openFamily();
  let erik: Person | undefined;
  try {
    progress('an educator joins');
    erik = await letEducatorIn(family);
    const sick = await sickNotes(runs, family, erik, progress);
    const offline = await offlineStarts(runs, family, progress);
    const pictures = await pictureFigures(runs, progress);
    return { chromium: family.maria.browserVersion, figures: [...first, ...offline, ...sick, ...pictures] };
  } finally {
    await erik?.leave();
    await closeFamily(family);
  }
}

/* ---------- the first visit ---------- */

/** Each with a profile of its own: from the start of the navigation until one of the two ways can be pressed. */
async function firstLoads(runs: number, progress: Progress): Promise<readonly Figure[]> {
  const usable: number[] = [];
  const loaded: number[] = [];
  const wasm: number[] = [];
  const visited: number[] = [];
  const house = await House.open();
  try {
    for (let run = 1; run <= runs; run++) {
      progress(`first load ${run}`);
      const guest = await Person.arriveIdle(house, phone);
      try {
        const finished: Request[] = [];
        guest.page.context().on('requestfinished', (request) => finished.push(request));
        await guest.page.addInitScript(watchFor, 'button');
        await guest.page.goto(guest.origin);
        usable.push((await shown(guest.page)).sinceStart);
        await guest.button(/^Ich habe einen Brief bekommen/).waitFor();
        await readyForOffline(guest.page);

        const answers = await Promise.all(finished.map(answer));
        const byThePage = answers.filter((one) => !one.forOffline);
        loaded.push(sum(byThePage));
        wasm.push(sum(byThePage.filter(({ path }) => path.endsWith('.wasm'))));
        visited.push(sum(answers));
      } finally {
        await guest.leave();
      }
    }
  } finally {
    await house.close();
  }
  return [
    { name: 'first_load', unit: 'ms', values: usable },
    { name: 'first_load_transferred', unit: 'bytes', values: loaded },
    { name: 'wasm_transferred', unit: 'bytes', values: wasm },
    { name: 'first_visit_transferred', unit: 'bytes', values: visited },
  ];
}

interface Answer {
  readonly path: string;
  /** Heads and body as they went over the line; nothing for what came from a cache. */
  readonly bytes: number;
  /** Fetched by the service worker, to be there without a network. */
  readonly forOffline: boolean;
}

async function answer(request: Request): Promise<Answer> {
  const { responseHeadersSize, responseBodySize } = await request.sizes();
  const { pathname: path } = new URL(request.url());
  // Chromium does not count the body of a worker's own script, and takes the head off again for what a cache held.
  const uncounted = responseBodySize === 0 && /worker[^/]*\.js$/.test(path);
  const length = uncounted ? Number((await request.response())?.headers()['content-length']) : responseBodySize;
  return { path, bytes: responseHeadersSize + length, forOffline: request.serviceWorker() !== null };
}

const sum = (answers: readonly Answer[]): number => answers.reduce((total, { bytes }) => total + bytes, 0);

/** The shell of the app lies on the device. */
async function readyForOffline(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

/* ---------- without a network ---------- */

/** The relay is dead and the browser new: from the start of the navigation until the child's card is there. */
async function offlineStarts(runs: number, { house, maria }: Family, progress: Progress): Promise<readonly Figure[]> {
  const values: number[] = [];
  await readyForOffline(maria.page);
  await maria.settled();
  await house.kill();
  for (let run = 1; run <= runs; run++) {
    progress(`offline start ${run}`);
    await maria.killBrowser();
    await maria.startBrowser();
    await maria.page.addInitScript(watchFor, homeOfParent);
    await maria.page.goto(maria.origin);
    values.push((await shown(maria.page)).sinceStart);
    await maria.page.getByTestId('offline-line').waitFor();
  }
  await house.start();
  return [{ name: 'offline_start', unit: 'ms', values }];
}

/* ---------- a sick note ---------- */

async function letEducatorIn({ house, dora }: Family): Promise<Person> {
  await dora.createEducator('Erik Erzieher', 'Igel');
  const letter = await dora.printLetter('Erik Erzieher');
  const erik = await Person.arrive(house, tablet);
  await dora.confirm('Erik Erzieher', await erik.join(letter));
  await erik.enter();
  await erik.page.getByTestId('day-child').waitFor();
  return erik;
}

/** From the press of "Senden" until the educator's list shows it, as it is and with the parent's page slowed down. */
async function sickNotes(
  runs: number,
  { maria }: Family,
  erik: Person,
  progress: Progress,
): Promise<readonly Figure[]> {
  await maria.goTo('Heute');
  await erik.goTo('Heute');
  const devtools = await maria.page.context().newCDPSession(maria.page);
  const setRate = (rate: number) => devtools.send('Emulation.setCPUThrottlingRate', { rate });
  const plain: number[] = [];
  const slow: number[] = [];
  // Chromium throttles a page's own thread; whether its workers too is measured, not believed.
  const slower = { page: [] as number[], worker: [] as number[] };
  // In turns: whatever gets faster with time gets faster for both.
  for (let run = 1; run <= runs; run++) {
    progress(`sick note ${run}`);
    plain.push(await sickNote(maria, erik));
    progress(`sick note ${run}, page throttled ${throttle} times`);
    const before = await pace(maria.page);
    await setRate(throttle);
    const after = await pace(maria.page);
    slower.page.push(after.page / before.page);
    slower.worker.push(after.worker / before.worker);
    slow.push(await sickNote(maria, erik));
    await setRate(1);
  }
  await devtools.detach();
  return [
    { name: 'sick_note', unit: 'ms', values: plain },
    { name: 'sick_note_throttled', unit: 'ms', values: slow },
    { name: 'throttled_page', unit: 'times', values: slower.page },
    { name: 'throttled_worker', unit: 'times', values: slower.worker },
  ];
}

async function sickNote(maria: Person, erik: Person): Promise<number> {
  await Promise.all([maria.settled(), erik.settled()]);
  await maria.press(/^Krank melden/);
  await maria.page.getByTestId('sick-sheet').waitFor();
  await erik.page.evaluate(watchFor, sickChild);
  await maria.page.evaluate(() => {
    window.pressed = new Promise((resolve) => {
      const listen = (event: Event) => {
        resolve(Date.now() - (performance.now() - event.timeStamp));
      };
      addEventListener('click', listen, { capture: true, once: true });
    });
  });
  await maria.press('Senden');
  const { at } = await shown(erik.page);
  const pressed = await maria.page.evaluate(() => window.pressed ?? Promise.reject(new Error('nobody listens')));

  // Back to where it was, for the next one.
  await maria.press('Zurücknehmen');
  await maria.press('Meldung zurücknehmen');
  await erik.page.locator(sickChild).waitFor({ state: 'detached' });
  await maria.badge.waitFor({ state: 'detached' });
  return at - pressed;
}

/** How long the page's thread and the engine's worker take for the same work, in milliseconds. */
async function pace(page: Page): Promise<{ readonly page: number; readonly worker: number }> {
  const [worker] = page.workers();
  if (!worker) throw new Error('the page has no worker');
  return { page: await page.evaluate(work), worker: await worker.evaluate(work) };
}

function work(): number {
  const rounds = 20_000_000;
  const once = () => {
    const begun = performance.now();
    let value = 1;
    for (let round = 0; round < rounds; round++) value = (Math.imul(value, 31) + round) | 0;
    return value === 0 ? Infinity : performance.now() - begun;
  };
  // The best of a few: the first ones are compiled on the way.
  return Math.min(...Array.from({ length: 5 }, once));
}

/* ---------- in a page ---------- */

/** Runs in the page, where nothing from here is known. */
function watchFor(selector: string): void {
  window.shown = new Promise((resolve) => {
    const look = () => {
      if (!document.querySelector(selector)) return;
      // What is laid out by the next frame is painted in it.
      requestAnimationFrame(() => {
        if (!document.querySelector(selector)?.getClientRects().length) return look();
        observer.disconnect();
        resolve({ sinceStart: performance.now(), at: Date.now() });
      });
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    look();
  });
}

const shown = (page: Page) => page.evaluate(() => window.shown ?? Promise.reject(new Error('nobody watches')));
