/** @file People at their devices: a real relay with the embedded app, a browser profile each, and what they do with their hands. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { Line } from './line';
import type { Traffic } from './traffic';

const root = fileURLToPath(new URL('../../..', import.meta.url));
export const binary = process.env['NESTPOST_BIN'] ?? join(root, 'target/debug/nestpost');
/** Today's relay and native device on the clock of another day. */
export const thenBinary = process.env['NESTPOST_THEN_BIN'] ?? join(root, 'target/debug/nestpost-then');
const executablePath = process.env['NESTPOST_CHROMIUM'] ?? '/usr/bin/chromium';

/** Major version of the browser that tests drive. */
export function browserMajor(): number {
  const told = execFileSync(executablePath, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return majorOf(/[\d.]+/.exec(told)?.[0] ?? '');
}

export function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** From here on every place has a link of its own. */
const roomyWidth = 832;
export const phone = { width: 390, height: 844 };
export const tablet = { width: 1180, height: 820 };
export const desk = { width: 1440, height: 900 };

/** What a recovery sheet says. */
export interface Sheet {
  readonly house: string;
  readonly code: string;
}

/** How a relay is started this time. */
export interface Start {
  readonly settings?: string;
  /** What it takes for the present; the machine's clock without it. */
  readonly now?: Date;
}

/** A relay with the app embedded, on one port of the loopback interface for its whole life, however often it is stopped. */
export class House {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    readonly data: string,
    private readonly now: Date | undefined,
  ) {}

  static async open(start: Start = {}): Promise<House> {
    const house = new House(await freePort(), mkdtempSync(join(tmpdir(), 'house-')), undefined);
    await house.start(start);
    return house;
  }

  /** With a data folder that is there already, on the clock of its day. */
  static async openThen(data: string, now: Date): Promise<House> {
    const house = new House(await freePort(), data, now);
    await house.start();
    return house;
  }

  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  private get settings(): string {
    return `${this.data}.toml`;
  }

  private get backup(): string {
    return `${this.data}.backup`;
  }

  /** `settings`: TOML, for this start alone. */
  async start({ settings = '', now = this.now }: Start = {}): Promise<void> {
    writeFileSync(this.settings, settings);
    const place = ['--listen', `127.0.0.1:${this.port}`, '--data', this.data];
    const child = now
      ? spawn(thenBinary, ['relay', '--now', now.toISOString(), ...place], { stdio: ['ignore', 'pipe', 'ignore'] })
      : spawn(binary, ['serve', '--config', this.settings, ...place], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => {
        reject(new Error(`the relay ended with ${code}`));
      });
      createInterface(child.stdout).on('line', (line) => {
        if (line.includes('listening on')) resolve();
      });
    });
  }

  /** It holds its connections and says nothing, like a network that has died. */
  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  /** `SIGKILL`: as a power cut. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** In good order. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** To another relay, which answers on the same port; `settings` as at a start. */
  async move(name: string, settings: string): Promise<void> {
    await this.stop();
    const [file, old] = [`${this.data}.house`, `${this.data}.old`];
    execFileSync(binary, ['export-house', '--data', this.data, name, file]);
    renameSync(this.data, old);
    execFileSync(binary, ['import-house', '--data', this.data, file]);
    for (const gone of [file, old]) rmSync(gone, { recursive: true, force: true });
    await this.start({ settings });
  }

  /** A backup of everything, as an operator makes one of a relay that stands still. */
  async backUp(): Promise<void> {
    await this.stop();
    cpSync(this.data, this.backup, { recursive: true });
    await this.start();
  }

  /** What happened since is lost. It stands still until it is started. */
  async putBack(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true });
    renameSync(this.backup, this.data);
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) =>
      child.once('exit', () => {
        resolve();
      }),
    );
    child.kill(signal);
    await ended;
  }

  async close(): Promise<void> {
    await this.kill();
    for (const folder of [this.data, this.backup]) rmSync(folder, { recursive: true, force: true });
    rmSync(this.settings, { force: true });
  }
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly bytes: number;
  readonly args: string;
}

function processes(): readonly Process[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,pss=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, kibibytes, args = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), bytes: 1024 * Number(kibibytes), args }];
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** A profile that outlives the port of its relay: its origin has none. */
export interface Place {
  readonly profile: string;
  readonly origin: string;
  /** What this browser takes for the present; the machine's clock without it. */
  readonly now?: Date;
}

/** Runs in a page or a worker: whoever asks for the time gets one that is so much later. */
function moveClock(ms: number): void {
  const Real = Date;
  globalThis.Date = class extends Real {
    static override now(): number {
      return Real.now() + ms;
    }
    constructor(...given: number[]) {
      if (given.length > 0) super(...(given as [number]));
      else super(Real.now() + ms);
    }
  } as DateConstructor;
}

/** Somebody with a browser profile of their own on disk, so that a killed browser can be opened again. */
export class Person {
  /** Every address that pages and their workers have asked, WebSockets included. */
  readonly requests: string[] = [];
  private readonly profile: string;
  private context!: BrowserContext;
  private version = '';
  private now: Date | undefined;
  private extra: readonly string[] = [];
  page!: Page;

  private constructor(
    private readonly house: House,
    private readonly viewport: Viewport,
    private readonly line?: Line,
    private readonly place?: Place,
  ) {
    this.profile = place?.profile ?? mkdtempSync(join(tmpdir(), 'profile-'));
    this.now = place?.now;
  }

  static async arrive(house: House, viewport: Viewport): Promise<Person> {
    const person = new Person(house, viewport);
    await person.openBrowser();
    return person;
  }

  /** Somebody who has opened a browser and gone nowhere yet. */
  static async arriveIdle(house: House, viewport: Viewport): Promise<Person> {
    const person = new Person(house, viewport);
    await person.startBrowser();
    return person;
  }

  /** Somebody over whose line every byte is kept, from the first on. */
  static async arriveRecorded(house: House, viewport: Viewport): Promise<Person> {
    const person = new Person(house, viewport, await Line.to(house.port));
    await person.openBrowser();
    return person;
  }

  /** Somebody whose camera sees what it is shown. */
  static async arriveWithCamera(house: House, viewport: Viewport): Promise<Person> {
    const person = new Person(house, viewport);
    person.extra = [
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${person.film}`,
    ];
    await person.openBrowser();
    return person;
  }

  private get film(): string {
    return join(this.profile, 'film.mjpeg');
  }

  /** Before the camera is opened: what it sees, as another's screen shows it. */
  async holdBefore(other: Person, image: Locator): Promise<void> {
    await image.scrollIntoViewIfNeeded();
    const at = await image.boundingBox();
    if (!at) throw new Error('it is not on the screen');
    const margin = 24;
    const even = (pixels: number) => 2 * Math.round((pixels + 2 * margin) / 2);
    const clip = { x: at.x - margin, y: at.y - margin, width: even(at.width), height: even(at.height) };
    writeFileSync(this.film, await other.page.screenshot({ clip, type: 'jpeg', quality: 90 }));
  }

  /** Somebody whose browser may keep nothing for any page. */
  static async arriveWithoutStorage(house: House, viewport: Viewport): Promise<Person> {
    const person = new Person(house, viewport);
    const blocked = 2;
    const preferences = { profile: { default_content_setting_values: { cookies: blocked } } };
    mkdirSync(join(person.profile, 'Default'));
    writeFileSync(join(person.profile, 'Default', 'Preferences'), JSON.stringify(preferences));
    await person.openBrowser();
    return person;
  }

  static async arriveAt(place: Place, house: House, viewport: Viewport): Promise<Person> {
    const person = new Person(house, viewport, undefined, place);
    await person.openBrowser();
    return person;
  }

  /** Somebody whose device has a clock of its own. */
  static async arriveOn(now: Date, house: House, viewport: Viewport): Promise<Person> {
    const profile = mkdtempSync(join(tmpdir(), 'profile-'));
    return Person.arriveAt({ profile, origin: house.origin, now }, house, viewport);
  }

  /** The device with everything on it, once more, while its browser is closed: a backup of it, put back elsewhere. */
  async copy(): Promise<Person> {
    const profile = mkdtempSync(join(tmpdir(), 'profile-'));
    // What says that a browser has the profile open stays where it is.
    cpSync(this.profile, profile, { recursive: true, filter: (path) => !/\/Singleton[A-Z]\w+$/.test(path) });
    const person = new Person(this.house, this.viewport, undefined, { profile, origin: this.origin });
    await person.openBrowser();
    return person;
  }

  /** Closes the browser and opens it again on another day. */
  async reopenOn(now: Date): Promise<void> {
    await this.killBrowser();
    this.now = now;
    await this.openBrowser();
  }

  /** The origin under which this browser reaches the relay. */
  get origin(): string {
    return this.place?.origin ?? this.line?.origin ?? this.house.origin;
  }

  /** What went over the line so far. */
  traffic(): Traffic {
    return this.recorded.traffic();
  }

  /** From now on the relay takes no more than so many bytes a second from this browser. */
  slowTo(bytesPerSecond: number): void {
    this.recorded.slowTo(bytesPerSecond);
  }

  /** From now on the relay is told something else than this browser says. */
  lie(change: (chunk: Buffer) => Buffer): void {
    this.recorded.lie(change);
  }

  /** The browser hears this between what the relay says. */
  hear(bytes: Buffer): void {
    this.recorded.say(bytes);
  }

  private get recorded(): Line {
    if (!this.line) throw new Error('there is no line of their own');
    return this.line;
  }

  async openBrowser(path = '/'): Promise<void> {
    await this.startBrowser();
    await this.page.goto(this.origin + path);
  }

  /** The browser without any page of the relay's. */
  async startBrowser(): Promise<void> {
    this.context = await chromium.launchPersistentContext(this.profile, {
      executablePath,
      headless: true,
      args: [...args, ...this.extra, ...(this.place ? [this.lead(this.place)] : [])],
      viewport: this.viewport,
      locale: 'de-DE',
      timezoneId: 'Europe/Berlin',
      reducedMotion: 'reduce',
      // A shell of this day would stand between a profile and the app that it is to meet.
      serviceWorkers: this.place ? 'block' : 'allow',
    });
    if (this.now) await this.live(this.now);
    this.version = this.context.browser()?.version() ?? '';
    this.context.on('request', (request) => this.requests.push(request.url()));
    const watch = (page: Page) => page.on('websocket', (socket) => this.requests.push(socket.url()));
    this.context.pages().forEach(watch);
    this.context.on('page', watch);
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
  }

  /** A flag that leads an origin without a port to the house. */
  private lead({ origin }: Place): string {
    return `--host-resolver-rules=MAP ${new URL(origin).hostname} 127.0.0.1:${this.house.port}`;
  }

  /** Pages and the engine's worker take another day for the present. */
  private async live(now: Date): Promise<void> {
    const moved = `(${moveClock.toString()})(${now.getTime() - Date.now()});\n`;
    // What a test hands out comes from no address: without this, Chromium keeps such a worker from the loopback interface.
    await this.context.grantPermissions(['local-network-access']);
    await this.context.addInitScript(moved);
    await this.context.route('**/assets/worker-*.js', async (route) => {
      // Not by the name in the address: only the browser is led from there to the house.
      const response = await route.fetch({ url: this.house.origin + new URL(route.request().url()).pathname });
      await route.fulfill({ response, body: moved + (await response.text()) });
    });
  }

  /** So much time has gone by for the engine from one moment to the next, until the page is loaded again. */
  async passTime(ms: number): Promise<void> {
    const workers = this.page.workers().filter((worker) => worker.url().includes('/assets/worker-'));
    if (workers.length !== 1) throw new Error(`${workers.length} engines`);
    await workers[0]?.evaluate(moveClock, ms);
  }

  /** The browser is gone, from one moment to the next. */
  async killBrowser(): Promise<void> {
    await this.context.close();
  }

  /** `SIGKILL`: as a phone does that needs the memory. */
  async crashBrowser(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.context.once('close', () => {
        resolve();
      });
    });
    process.kill(this.mainProcess(processes()).pid, 'SIGKILL');
    await closed;
  }

  /** What all processes of this browser hold in memory; each page that several share counts once, divided among them. */
  memoryBytes(): number {
    return this.ownProcesses().reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** As a phone does in a pocket: nothing runs, no timer goes off, and lines stay as they are. */
  suspend(): void {
    for (const { pid } of this.ownProcesses()) process.kill(pid, 'SIGSTOP');
  }

  resume(): void {
    for (const { pid } of this.ownProcesses()) process.kill(pid, 'SIGCONT');
  }

  private ownProcesses(): readonly Process[] {
    const all = processes();
    const own = new Set([this.mainProcess(all).pid]);
    // In no particular order: until nothing more is found.
    for (let before = 0; before < own.size;) {
      before = own.size;
      for (const { pid, parent } of all) if (own.has(parent)) own.add(pid);
    }
    return all.filter(({ pid }) => own.has(pid));
  }

  private mainProcess(all: readonly Process[]): Process {
    const own = all.filter(
      ({ args }) => args.includes(`--user-data-dir=${this.profile} `) && !args.includes('--type='),
    );
    if (own.length !== 1) throw new Error(`${own.length} browsers of this profile`);
    return own[0]!;
  }

  /** The device loses what it holds of its houses, not its keys, and starts again. */
  async loseRows(): Promise<void> {
    // A page of the same origin without the app: nobody writes meanwhile.
    await this.page.goto(`${this.origin}/healthz`);
    await this.page.evaluate(async () => {
      const names = (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith('nestpost-') ? [name] : []));
      for (const name of names) {
        const stores = ['log', 'record', 'wrap'];
        await new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open(name);
          opening.onerror = () => {
            reject(new Error('the database does not open'));
          };
          opening.onsuccess = () => {
            const transaction = opening.result.transaction(stores, 'readwrite');
            for (const store of stores) transaction.objectStore(store).clear();
            transaction.oncomplete = () => {
              opening.result.close();
              resolve();
            };
          };
        });
      }
    });
    await this.page.goto(this.origin);
  }

  async setOffline(offline: boolean): Promise<void> {
    await this.context.setOffline(offline);
  }

  async leave(): Promise<void> {
    await this.context.close();
    await this.line?.close();
    rmSync(this.profile, { recursive: true, force: true });
  }

  get browserVersion(): string {
    return this.version;
  }

  /** How many rows of a table lie on this device, over all its houses. */
  async rows(table: string): Promise<number> {
    return this.page.evaluate(async (name) => {
      const databases = (await indexedDB.databases()).flatMap((one) =>
        one.name?.startsWith('nestpost-') ? [one.name] : [],
      );
      const counts = databases.map(
        (database) =>
          new Promise<number>((resolve, reject) => {
            const opening = indexedDB.open(database);
            opening.onerror = () => {
              reject(new Error('the database does not open'));
            };
            opening.onsuccess = () => {
              const counting = opening.result.transaction(name).objectStore(name).count();
              counting.onsuccess = () => {
                opening.result.close();
                resolve(counting.result);
              };
            };
          }),
      );
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    }, table);
  }

  /** Nothing is on its way any more, seen marks included. */
  async settled(): Promise<void> {
    for (const table of ['pending', 'outbox', 'intent'])
      while ((await this.rows(table)) > 0) await this.page.evaluate(() => new Promise(requestAnimationFrame));
  }

  button(name: string | RegExp) {
    return this.page.getByRole('button', { name });
  }

  async press(name: string | RegExp): Promise<void> {
    await this.button(name).first().click();
  }

  async fill(label: string | RegExp, text: string): Promise<void> {
    await this.page.getByLabel(label).first().fill(text);
  }

  /** Writes into the open thread. */
  async say(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Nachricht', exact: true }).fill(text);
    await this.page.getByRole('button', { name: 'Senden' }).click();
  }

  /** What says how much exists only on this device. */
  get badge() {
    return this.page.getByTestId('waiting-badge');
  }

  /** One of the main places. */
  async goTo(place: 'Heute' | 'Nachrichten' | 'Aushänge' | 'Bilder' | 'Personen' | 'Mehr'): Promise<void> {
    const press = (bar: string, name: string) =>
      this.page
        .getByRole('navigation', { name: bar, exact: true })
        .getByRole('link', { name: new RegExp(`^${name}`) })
        .click();
    // On a phone, notices share a place with the messages.
    const shared = place === 'Aushänge' && this.viewport.width < roomyWidth;
    await press('Bereiche', shared ? 'Nachrichten' : place);
    if (shared) await press('Nachrichten und Aushänge', place);
  }

  /** Sets up a house, confirms the recovery sheet, arrives at the director's home. */
  async found(name: string, own: string, setupCode?: string): Promise<Sheet> {
    const sheet = await this.untilSheet(name, own, setupCode);
    await this.press('Ohne zweite Leitung öffnen');
    await this.page.getByRole('heading', { name: 'Was wartet auf mich?' }).waitFor();
    return sheet;
  }

  private async untilSheet(name: string, own: string, setupCode?: string): Promise<Sheet> {
    await this.press(/^Eine Kita einrichten/);
    await this.fill('Name der Kita', name);
    await this.fill('Ihr Name', own);
    await this.fill('Hilfe bei Fragen', '0351 123 456');
    if (setupCode !== undefined) {
      await this.page.getByText('Hat Ihnen jemand einen Einrichtungscode gegeben?').click();
      await this.fill('Einrichtungscode', setupCode);
    }
    await this.press('Kita einrichten');
    const code = this.page.getByTestId('sheet-code').first();
    await code.waitFor();
    const sheet = {
      code: await code.innerText(),
      house: await this.page.getByTestId('sheet-house').first().innerText(),
    };
    await this.provePrinted(sheet);
    return sheet;
  }

  /** Has a sheet on paper, and types what its code ends with. */
  async provePrinted({ code }: Pick<Sheet, 'code'>): Promise<void> {
    await this.press('Gedruckt oder abgeschrieben');
    await this.fill('Die letzten vier Zeichen im Code des Blatts', code.slice(-4));
    await this.press('Bestätigen');
  }

  /** Like {@link found}, with a second director; the link of their letter. */
  async foundWithSecond(
    name: string,
    own: string,
    second: string,
    setupCode?: string,
    onsheet?: (sheet: Sheet) => void,
  ): Promise<string> {
    const sheet = await this.untilSheet(name, own, setupCode);
    onsheet?.(sheet);
    await this.fill('Name der zweiten Leitung', second);
    await this.press('Brief schreiben');
    const letter = this.page.getByTestId('letter');
    await letter.waitFor();
    const link = await letter.getAttribute('data-link');
    if (!link) throw new Error('the letter has no link');
    await this.press('Zur Kita');
    await this.page.getByRole('heading', { name: 'Was wartet auf mich?' }).waitFor();
    return link;
  }

  async createGroup(name: string): Promise<void> {
    await this.goTo('Personen');
    await this.press('Gruppen');
    await this.press('Gruppe anlegen');
    await this.fill('Name der Gruppe', name);
    await this.create();
    await this.page.getByText(name).first().waitFor();
  }

  /** In the first group, unless another is named. */
  async createChild(name: string, guardians: readonly string[], group?: string): Promise<void> {
    await this.goTo('Personen');
    await this.press('Kinder');
    await this.press('Kind anlegen');
    await this.fill('Name des Kindes', name);
    if (group !== undefined) await this.page.getByRole('dialog').getByRole('radio', { name: group }).check();
    await this.create();
    await this.page.getByRole('heading', { name }).first().waitFor();
    for (const guardian of guardians) {
      await this.press('Elternteil anlegen');
      await this.fill('Name des Elternteils', guardian);
      await this.create();
      await this.page.getByRole('article', { name: guardian }).waitFor();
    }
  }

  /** The letter of one of a child's guardians. */
  async printLetterOf(child: string, guardian: string): Promise<string> {
    await this.openChild(child);
    return this.printLetter(guardian);
  }

  /** One more letter, for another device of a guardian who has joined. */
  async printNewLetterOf(child: string, guardian: string): Promise<string> {
    await this.openChild(child);
    const card = this.page.getByRole('article', { name: guardian });
    await card.getByText('Gerät verloren oder gewechselt?').click();
    return this.printLetter(guardian, 'Neuer Brief (weiteres Gerät)');
  }

  /** Whom to call for the child whose page is open. */
  async sayWhomToCall(lines: readonly string[]): Promise<void> {
    await this.press('Ändern: Für den Tag');
    const sheet = this.page.getByRole('dialog');
    await sheet.getByLabel('Wen wir anrufen').fill(lines.join('\n'));
    await sheet.getByRole('button', { name: 'Speichern' }).click();
    await sheet.waitFor({ state: 'detached' });
  }

  /** What an educator reads of a child. */
  async openDayOf(name: string): Promise<void> {
    await this.goTo('Heute');
    await this.page.getByTestId('day-child').filter({ hasText: name }).click();
  }

  /** A child's page, as the director reads it. */
  async openChild(name: string): Promise<void> {
    await this.goTo('Personen');
    await this.press('Kinder');
    await this.press(new RegExp(name));
  }

  /** `today`: a substitute, for no other day. */
  async createEducator(name: string, group: string, today = false): Promise<void> {
    await this.goTo('Personen');
    await this.press('Team');
    await this.press('Person im Team anlegen');
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox').fill(name);
    if (today) await dialog.getByLabel('Nur zur Vertretung').check();
    await dialog.getByRole('checkbox', { name: group }).check();
    await this.create();
    await this.page.getByRole('article', { name }).waitFor();
  }

  /** A group's tablet; its card is on screen afterwards. */
  async createPlace(name: string, group: string): Promise<void> {
    await this.goTo('Personen');
    await this.press('Team');
    await this.press('Person im Team anlegen');
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox').fill(name);
    await dialog.getByRole('radio', { name: /^Gruppengerät/ }).check();
    await dialog.getByRole('checkbox', { name: group }).check();
    await this.create();
    await this.page.getByRole('article', { name }).waitFor();
  }

  async openStaff(name: string): Promise<void> {
    await this.goTo('Personen');
    await this.press('Team');
    await this.press(new RegExp(name));
  }

  /** To everybody this person may write to. */
  async postBulletin(title: string, text: string): Promise<void> {
    await this.goTo('Aushänge');
    await this.press('Aushang schreiben');
    await this.fill('Überschrift', title);
    await this.fill('Text', text);
    await this.press('Aushängen');
    await this.page.getByTestId('bulletin').filter({ hasText: title }).waitFor();
  }

  private async create(): Promise<void> {
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Anlegen', exact: true }).click();
    await dialog.waitFor({ state: 'detached', timeout: 10_000 }).catch(async () => {
      throw new Error(`the form stays: ${await dialog.innerText()}`);
    });
  }

  /** Prints the letter of somebody whose card is on screen; the link its QR code carries. */
  async printLetter(name: string, verb = 'Brief drucken'): Promise<string> {
    await this.press(`${verb}: ${name}`);
    return this.letterLink();
  }

  /** Of the letter that has just been written. */
  async letterLink(): Promise<string> {
    const letter = this.page.getByTestId('letter').first();
    await letter.waitFor();
    const link = await letter.getAttribute('data-link');
    if (!link) throw new Error('the letter has no link');
    await this.press('Fertig');
    return link;
  }

  /** With the link of a letter: greeting, join, and the digits to compare. */
  async join(link: string): Promise<readonly string[]> {
    await this.page.goto('about:blank');
    await this.page.goto(`${this.origin}/${new URL(link).hash}`);
    await this.button('Beitreten').waitFor();
    await this.press('Beitreten');
    return this.digits();
  }

  async digits(): Promise<readonly string[]> {
    await this.page.getByTestId('digits-group').nth(5).waitFor();
    return this.page.getByTestId('digits-group').allInnerTexts();
  }

  /** At the door: compares the digits of whoever waits and confirms. */
  async confirm(name: string, digits: readonly string[]): Promise<void> {
    await this.goTo('Heute');
    const waiting = this.page.getByTestId('pending-join').filter({ hasText: name });
    await waiting.getByRole('button', { name: 'Zahlen vergleichen' }).click();
    const shown = await this.digits();
    if (shown.join() !== digits.join()) throw new Error('the screens show different digits');
    await this.press('Bestätigen');
    await waiting.waitFor({ state: 'detached' });
  }

  /** After the confirmation, into the house. */
  async enter(): Promise<void> {
    await this.page.getByTestId('joined').waitFor();
    await this.press(/^Zu /);
  }
}
