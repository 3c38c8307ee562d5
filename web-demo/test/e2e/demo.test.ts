/**
 * @file The demo house, as somebody meets it who tries Nestpost: the filler founds and fills it, prints letters that open in a
 * browser, stays at the door and lets staff in, and ends when asked to. A second run finds the house and founds nothing.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { House, Person, phone, tablet } from './people';

const binary =
  process.env['NESTPOST_DEMO_BIN'] ?? fileURLToPath(new URL('../../../target/debug/nestpost-demo', import.meta.url));
/** The groups of the demo house and how many children of each are sick today. */
const groups = [
  { name: 'Igel', children: 4, sick: ['Mila Brandt'] },
  { name: 'Eichhörnchen', children: 4, sick: [] },
];
/** Founding and filling, with a debug build on a busy machine. */
const fillMsMax = 180_000;
/** A house that is there takes a fraction of a second to open. */
const reopenMsMax = 10_000;

let house: House;
let folder: string;
let printed: string;
let door: ChildProcess | undefined;
const people: Person[] = [];

const order = () => ['--relay', house.origin, '--data', folder];
/** Today is the same day here as in the browsers. */
const env = { ...process.env, TZ: 'Europe/Berlin' };

/** Fills, prints and ends within the time; what it said. */
async function fillOnce(msMax: number): Promise<{ readonly out: string; readonly progress: string }> {
  const filler = spawn(binary, [...order(), '--once'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
    timeout: msMax,
    killSignal: 'SIGKILL',
  });
  const [out, progress, [code, signal]] = await Promise.all([
    text(filler.stdout),
    text(filler.stderr),
    once(filler, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  expect({ code, signal }, progress).toEqual({ code: 0, signal: null });
  return { out, progress };
}

/** The link of the letter to somebody, as printed. */
function linkTo(who: string): string {
  const lines = printed.split('\n');
  const letter = lines.findIndex((line) => line.includes(who));
  const [, link] = /^\s+link\s+(\S+)$/.exec(lines[letter + 1] ?? '') ?? [];
  if (link === undefined) throw new Error(`no letter to ${who}`);
  return link;
}

async function arrive(viewport: typeof phone): Promise<Person> {
  const person = await Person.arrive(house, viewport);
  people.push(person);
  return person;
}

beforeAll(async () => {
  house = await House.open();
  folder = mkdtempSync(join(tmpdir(), 'demo-'));
  printed = (await fillOnce(fillMsMax)).out;
}, fillMsMax + 20_000);

afterAll(async () => {
  door?.kill('SIGKILL');
  await Promise.all(people.map((person) => person.leave()));
  await house?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

it('prints letters to this relay, and keeps them beside its devices', () => {
  for (const who of ['Martin Vogel', 'Jan Krüger', 'Lena Brandt', 'Jonas Keller'])
    expect(linkTo(who)).toMatch(new RegExp(`^${house.origin}/#`));
  expect(readFileSync(join(folder, 'invites.txt'), 'utf8')).toBe(printed);
  expect(existsSync(join(folder, 'devices'))).toBe(true);
});

it('founds nothing a second time, and is done at once', async () => {
  const { out, progress } = await fillOnce(reopenMsMax);
  expect(out).toBe(printed);
  expect(progress).toMatch(/there already/);
  expect(progress).not.toMatch(/founding/);
});

it('greets a parent with the name of the house', async () => {
  const lena = await arrive(phone);
  const link = linkTo('Lena Brandt');
  await lena.page.goto('about:blank');
  await lena.page.goto(link);
  await lena.page.getByTestId('greeting-house').getByText('Kita Spatzennest', { exact: true }).waitFor();
  await lena.button('Beitreten').waitFor();
});

it('lets an educator in by itself, to a day with two groups and a sick child', async () => {
  door = spawn(binary, order(), { stdio: 'ignore', env });
  const jan = await arrive(tablet);
  await jan.join(linkTo('Jan Krüger'));
  await jan.enter();
  const day = jan.page.getByTestId('group-day');
  const tabs = jan.page.getByRole('group', { name: 'Gruppen' }).getByRole('button');
  await tabs.nth(groups.length - 1).waitFor();
  expect((await tabs.allInnerTexts()).map((name) => name.trim()).sort()).toEqual(groups.map(({ name }) => name).sort());
  for (const { name, children, sick } of groups) {
    await tabs.filter({ hasText: name }).click();
    await day.getByRole('heading', { name: new RegExp(name) }).waitFor();
    const told = async () => ({
      children: await day.getByTestId('day-child').count(),
      sick: (await day.locator('[data-testid="day-child"][data-status="sick"] .name').allInnerTexts()).sort(),
    });
    await expect.poll(told, { message: name, timeout: 30_000 }).toEqual({ children, sick });
  }
});

it('ends in good order when interrupted at the door', async () => {
  if (!door) throw new Error('nobody is at the door');
  expect({ code: door.exitCode, signal: door.signalCode }).toEqual({ code: null, signal: null });
  const ended = once(door, 'exit');
  door.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  door = undefined;
  // Its device is as it was left: the next run opens it.
  expect((await fillOnce(reopenMsMax)).out).toBe(printed);
});
