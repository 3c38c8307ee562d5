/**
 * @file Letters being written. They live in memory only: a letter is shown once, and a reload or the way back must not write new
 * ones by itself.
 */
import type { ErrorCode, Letter, PersonEntry } from '../../engine/contract';
import type { App } from '../state/app.svelte';
import { build, codeOf } from '../state/engine.svelte';

/** How long a letter's code is valid. */
const validDays = 14;

export interface Failure {
  readonly name: string;
  readonly code: ErrorCode;
}

/** A letter for somebody who was created just now or earlier. */
export function writeLetter(app: App, slot: string, person: string): Promise<Letter> {
  return build(app, slot, () => app.client.command(slot, 'create_invite', { person, validDays }));
}

class LetterRun {
  slot = $state('');
  wanted = $state(0);
  busy = $state(false);
  letters = $state.raw<readonly Letter[]>([]);
  failures = $state.raw<readonly Failure[]>([]);

  async write(
    app: App,
    slot: string,
    people: readonly PersonEntry[],
    one: (app: App, slot: string, person: string) => Promise<Letter> = writeLetter,
  ): Promise<void> {
    this.slot = slot;
    this.wanted = people.length;
    this.letters = [];
    this.failures = [];
    this.busy = true;
    for (const person of people) {
      try {
        const letter = await one(app, slot, person.person);
        this.letters = [...this.letters, letter];
      } catch (thrown) {
        this.failures = [...this.failures, { name: person.name, code: codeOf(thrown) }];
      }
    }
    this.busy = false;
  }

  clear(): void {
    this.letters = [];
    this.failures = [];
    this.wanted = 0;
  }
}

export const letterRun = new LetterRun();

/** Writes one letter per person and shows them. */
export function startLetters(app: App, slot: string, people: readonly PersonEntry[]): void {
  if (letterRun.busy || people.length === 0) return;
  app.go({ place: 'people', slot, view: 'letters' });
  void letterRun.write(app, slot, people);
}

/** For what lies behind the PINs of a group's tablet. */
function writePinLetter(app: App, slot: string, place: string): Promise<Letter> {
  return build(app, slot, () => app.client.command(slot, 'grant_pin', { place, validDays }));
}

/** Writes that letter and shows it. */
export function startPinLetter(app: App, slot: string, place: PersonEntry): void {
  if (letterRun.busy) return;
  app.go({ place: 'people', slot, view: 'letters' });
  void letterRun.write(app, slot, [place], writePinLetter);
}
