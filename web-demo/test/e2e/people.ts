/** @file People at their devices: a real relay with the embedded app, a browser profile each, and what they do with their hands. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const binary = process.env['NESTPOST_BIN'] ?? join(root, 'target/debug/nestpost');
const executablePath = process.env['NESTPOST_CHROMIUM'] ?? '/usr/bin/chromium';
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const phone = { width: 390, height: 844 };
export const tablet = { width: 1180, height: 820 };
export const desk = { width: 1440, height: 900 };

/** A relay with the app embedded, on one port of the loopback interface for its whole life, however often it is stopped. */
export class House {
  readonly data = mkdtempSync(join(tmpdir(), 'house-'));
  private child: ChildProcess | undefined;

  private constructor(private readonly port: number) {}

  static async open(): Promise<House> {
    const house = new House(await freePort());
    await house.start();
    return house;
  }

  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  async start(): Promise<void> {
    const child = spawn(binary, ['serve', '--listen', `127.0.0.1:${this.port}`, '--data', this.data], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
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

  /** `SIGKILL`: as a power cut. */
  async kill(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) =>
      child.once('exit', () => {
        resolve();
      }),
    );
    child.kill('SIGKILL');
    await ended;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Somebody with a browser profile of their own on disk, so that a killed browser can be opened again. */
export class Person {
  readonly requests: string[] = [];
  private context!: BrowserContext;
  page!: Page;

  private constructor(
    private readonly house: House,
    private readonly profile: string,
    private readonly viewport: { width: number; height: number },
  ) {}

  static async arrive(house: House, viewport: { width: number; height: number }, path = '/'): Promise<Person> {
    const person = new Person(house, mkdtempSync(join(tmpdir(), 'profile-')), viewport);
    await person.openBrowser(path);
    return person;
  }

  async openBrowser(path = '/'): Promise<void> {
    this.context = await chromium.launchPersistentContext(this.profile, {
      executablePath,
      headless: true,
      args,
      viewport: this.viewport,
      locale: 'de-DE',
      timezoneId: 'Europe/Berlin',
      reducedMotion: 'reduce',
    });
    this.context.on('request', (request) => this.requests.push(request.url()));
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    await this.page.goto(path.startsWith('http') ? path : this.house.origin + path);
  }

  /** The browser is gone, from one moment to the next. */
  async killBrowser(): Promise<void> {
    await this.context.close();
  }

  async setOffline(offline: boolean): Promise<void> {
    await this.context.setOffline(offline);
  }

  async leave(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
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
  async goTo(place: 'Heute' | 'Nachrichten' | 'Aushänge' | 'Personen' | 'Mehr'): Promise<void> {
    const places = this.page.getByRole('navigation', { name: 'Bereiche' });
    await places.getByRole('link', { name: new RegExp(`^${place}`) }).click();
  }

  /** Sets up a house, confirms the recovery sheet, arrives at the director's home. */
  async found(name: string, own: string): Promise<void> {
    await this.press(/^Eine Kita einrichten/);
    await this.fill('Name der Kita', name);
    await this.fill('Ihr Name', own);
    await this.fill('Hilfe bei Fragen', '0351 123 456');
    await this.press('Kita einrichten');
    await this.page.getByTestId('sheet-code').first().waitFor();
    await this.page.getByLabel('Das Blatt ist gedruckt und liegt sicher.').check();
    await this.press('Kita öffnen');
    await this.page.getByRole('heading', { name: 'Was wartet auf mich?' }).waitFor();
  }

  async createGroup(name: string): Promise<void> {
    await this.goTo('Personen');
    await this.press('Gruppen');
    await this.press('Gruppe anlegen');
    await this.fill('Name der Gruppe', name);
    await this.create();
    await this.page.getByText(name).first().waitFor();
  }

  async createChild(name: string, guardians: readonly string[]): Promise<void> {
    await this.goTo('Personen');
    await this.press('Kinder');
    await this.press('Kind anlegen');
    await this.fill('Name des Kindes', name);
    await this.create();
    await this.page.getByRole('heading', { name }).first().waitFor();
    for (const guardian of guardians) {
      await this.press('Elternteil anlegen');
      await this.fill('Name des Elternteils', guardian);
      await this.create();
      await this.page.getByRole('article', { name: guardian }).waitFor();
    }
  }

  async createEducator(name: string, group: string): Promise<void> {
    await this.goTo('Personen');
    await this.press('Team');
    await this.press('Person im Team anlegen');
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox').fill(name);
    await dialog.getByRole('checkbox', { name: group }).check();
    await this.create();
    await this.page.getByRole('article', { name }).waitFor();
  }

  private async create(): Promise<void> {
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Anlegen', exact: true }).click();
    await dialog.waitFor({ state: 'detached', timeout: 10_000 }).catch(async () => {
      throw new Error(`the form stays: ${await dialog.innerText()}`);
    });
  }

  /** Prints the letter of somebody whose card is on screen; the link its QR code carries. */
  async printLetter(name: string): Promise<string> {
    await this.press(`Brief drucken: ${name}`);
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
    await this.page.goto(link);
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
