/** @file Sample data of a group's tablet: who is here, what stands behind PINs. Decides nothing. */
import {
  EngineError,
  type Attendance,
  type AttendanceEvent,
  type EmergencyEntry,
  type Group,
  type House,
  type PinState,
} from '../src/engine/contract';
import * as data from './fixture-data';

const pin = '493827';
const triesMax = 5;
const none: Attendance = { presence: 'not_yet', marks: [] };
const at = (hour: number, minute: number) => data.at(hour, minute);

export class Tablet {
  #attendance: Record<string, Attendance> = {};
  pins: PinState;
  readonly staff = [
    { person: 's2', name: 'Ayşe Demir' },
    { person: 'me', name: 'Murat Aydın' },
    { person: 's1', name: 'Sabine Kehl' },
  ];

  constructor(scene: string) {
    const people = ['me', 's2'];
    const base: PinState = { people, triesLeft: triesMax, waiting: 0, closed: false, openedAt: at(7, 5) };
    this.pins =
      scene === 'tablet-new'
        ? { people: [], triesLeft: triesMax, waiting: 0, closed: false }
        : scene === 'tablet-dropped'
          ? { ...base, people: [], dropped: 'tries' }
          : scene === 'tablet-closed'
            ? { ...base, closed: true, waiting: 2 }
            : base;
    const came = (hour: number, minute: number): Attendance => ({
      presence: 'here',
      marks: [{ event: 'came', at: at(hour, minute), state: 'relay' }],
    });
    if (scene.startsWith('tablet') && scene !== 'tablet-new')
      this.#attendance = {
        g1c1: came(7, 32),
        g1c2: came(7, 48),
        g1c3: came(8, 5),
        g1c4: {
          presence: 'here',
          marks: [
            { event: 'came', at: at(8, 2), state: 'relay' },
            { event: 'came', at: at(8, 9), state: 'local' },
          ],
        },
        g1c6: {
          presence: 'left',
          marks: [
            { event: 'came', at: at(7, 40), state: 'relay' },
            { event: 'left', at: at(11, 30), state: 'relay' },
          ],
        },
      };
  }

  attendance(child: string): Attendance {
    return this.#attendance[child] ?? none;
  }

  allergies(child: string): { readonly allergies?: string } {
    if (child === 'g1c1') return { allergies: 'Nüsse, auch Spuren' };
    return child === 'g1c9' ? { allergies: 'Wespenstich: Notfallset im Schrank' } : {};
  }

  attend(child: string, event: AttendanceEvent): void {
    const marks = this.attendance(child).marks;
    const kept = event === 'none' ? marks.slice(0, -1) : [...marks, { event, at: Date.now(), state: 'local' as const }];
    const last = kept.at(-1)?.event;
    this.#attendance[child] = {
      presence: last === 'left' ? 'left' : last === 'came' ? 'here' : 'not_yet',
      marks: kept,
    };
  }

  emergency(children: readonly { readonly id: string; readonly name: string }[]): readonly EmergencyEntry[] {
    return children.map(({ id, name }, number) => ({
      id,
      name,
      allergies: this.allergies(id).allergies ?? '',
      contacts: number % 4 === 3 ? '' : `Mutter 0341 55 01 ${20 + number}\nOma 0152 334 45 ${60 + number}`,
      untimed: false,
    }));
  }

  place(groups: readonly Group[]) {
    return { name: 'Tablet Igel', pin: 'p1', groups: groups.slice(0, 1), staff: this.staff };
  }

  /** The house behind, once the PIN is right. */
  unlock(open: House, person: string, tried: string): House {
    if (tried !== pin) {
      const triesLeft = this.pins.triesLeft - 1;
      this.pins = { ...this.pins, triesLeft, ...(triesLeft === 0 ? { people: [], dropped: 'tries' } : {}) };
      throw new EngineError(triesLeft === 0 ? 'pin_dropped' : 'pin_wrong');
    }
    this.pins = { ...this.pins, triesLeft: triesMax, slot: 'h1p', by: person };
    return { ...open, slot: 'h1p', place: 'pin', me: { person: 'p1', name: 'Tablet Igel' } };
  }

  lock(): void {
    const gone: readonly string[] = ['slot', 'by'];
    const kept = Object.entries(this.pins).filter(([name]) => !gone.includes(name));
    this.pins = Object.fromEntries(kept) as unknown as PinState;
  }

  setPin(person: string, chosen: string | null): void {
    const others = this.pins.people.filter((one) => one !== person);
    this.pins = { ...this.pins, people: chosen === null ? others : [...others, person] };
  }
}
