/**
 * @file The recovery sheet, typed in on a device that has nothing. For as long as it takes, it is a device of its own that lives in
 * memory: what it opens is not stored, and it is forgotten at the end.
 */
import type { SlotStorage } from '../platform/storage';
import {
  EngineError,
  type DeviceEntry,
  type House,
  type PersonEntry,
  type RecoverySheet,
  type Unfolded,
} from './contract';
import type { EngineEdge, EngineModule, Secrets } from './edge';
import { createSlot, refusalOf, type Slot, type SlotDep } from './slot';

/** A house comes from the relay within this, and takes what is sent. */
const patienceMs = 60_000;
/** A relay that has hung up so often does not know this sheet. */
const refusalsMax = 2;

const nowhere: SlotStorage = {
  load: () => Promise.resolve([]),
  write: () => Promise.resolve(),
  remove: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

export type SheetDep = Pick<SlotDep, 'clock' | 'connect' | 'origin' | 'fatal'>;

export interface Recovered {
  /** The device that was added: its engine, and the secrets that it was made with. */
  readonly engine: EngineEdge;
  readonly secrets: Secrets;
  /** The next one, drawn. */
  readonly sheet: RecoverySheet;
}

/** What a sheet opens. Throws `code_mistyped`, `code_unknown`, `offline`. */
export async function look(dep: SheetDep, module: EngineModule, house: string, code: string): Promise<Unfolded> {
  return unfolded<Unfolded>(dep, module, house, code, (slot) => {
    const { name, fingerprint, me } = slot.house();
    if (isOwn(slot)) {
      const devices = devicesOf(slot, me.person).filter((one) => !one.sheet).length;
      return Promise.resolve({ houseName: name, fingerprint, own: true, people: [{ ...me, devices }] });
    }
    const directors = staffOf(slot).filter((one) => one.role === 'director' && one.stage !== 'ended');
    return Promise.resolve({
      houseName: name,
      fingerprint,
      own: false,
      people: directors.map(({ person, name: called, devices }) => ({ person, name: called, devices })),
    });
  });
}

/** Adds a device to a person, ends their others if wanted, and draws the next sheet. The one that was typed in stays good. */
export async function recover(
  dep: SheetDep,
  module: EngineModule,
  house: string,
  code: string,
  wanted: { readonly person: string; readonly endOthers: boolean },
): Promise<Recovered> {
  const { person } = wanted;
  return unfolded<Recovered>(dep, module, house, code, async (slot) => {
    const id = slot.houseId();
    if (id === undefined) throw new EngineError('internal');
    // Before anything is changed: what comes after must not fail for want of it.
    const sheet = (await slot.command({ name: 'draw_sheet', args: {} })) as RecoverySheet;
    const own = isOwn(slot);
    const others = wanted.endOthers ? devicesOf(slot, person).filter((one) => !one.sheet) : [];
    const end = () => endAll(slot, others);
    // A sheet of one's own takes up room among the devices; a house needs a director at any time.
    if (own) await end();
    const secrets = module.newSecrets();
    const engine = module.Engine.pair(dep.origin, secrets, id, person);
    await slot.command({ name: 'add_device', args: { answer: engine.answer() ?? '' } });
    await sent(slot);
    if (!own) await end();
    return { engine, secrets, sheet };
  });
}

/**
 * The house's next sheet is printed: it comes to count, and ends the one that was typed in. Again: what is left of that. Whoever goes
 * cannot make the keys of those who stay, so the next one does.
 */
export async function replace(
  dep: SheetDep,
  module: EngineModule,
  house: string,
  code: string,
  next: string,
): Promise<{ readonly oldStillValid: boolean }> {
  await unfolded(dep, module, house, code, async (slot) => {
    const { id } = (await slot.command({ name: 'renew_sheet', args: { code: next } })) as { readonly id: string };
    await sent(slot);
    if (!devicesOf(slot, slot.house().me.person).some((one) => one.device === id)) throw new EngineError('lost_race');
  });
  try {
    await unfolded(dep, module, house, next, (slot) =>
      endAll(
        slot,
        devicesOf(slot, slot.house().me.person).filter((one) => one.sheet),
      ),
    );
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    return { oldStillValid: true };
  }
  return { oldStillValid: false };
}

async function endAll(slot: Slot, devices: readonly DeviceEntry[]): Promise<void> {
  for (const { device } of devices) {
    await slot.command({ name: 'end_device', args: { device } });
    await sent(slot);
  }
}

/** The house's sheet sees who belongs and is none of them; families do not see that. */
function isOwn(slot: Slot): boolean {
  try {
    return staffOf(slot).some((one) => one.person === slot.house().me.person);
  } catch (thrown) {
    if (refusalOf(thrown)?.code === 'not_allowed') return true;
    throw thrown;
  }
}

function staffOf(slot: Slot): readonly PersonEntry[] {
  return (slot.query({ name: 'people', args: {} }) as { readonly staff: readonly PersonEntry[] }).staff;
}

/** Live devices of a person, but the one that asks. */
function devicesOf(slot: Slot, person: string): readonly DeviceEntry[] {
  const devices = slot.query({ name: 'devices', args: { person } }) as readonly DeviceEntry[];
  return devices.filter((one) => !one.ended && !one.this);
}

async function sent(slot: Slot): Promise<void> {
  await slot.until((house) => house.waiting === 0, patienceMs);
}

/** Runs `work` on the sheet, and forgets it. */
async function unfolded<R>(
  dep: SheetDep,
  module: EngineModule,
  house: string,
  code: string,
  work: (slot: Slot) => Promise<R>,
): Promise<R> {
  const engine = module.Engine.unfoldSheet(dep.origin, house, code);
  const ignore = (): void => undefined;
  const slot = createSlot(
    { ...dep, changed: ignore, published: ignore, lost: ignore, ticket: ignore },
    'sheet',
    engine,
    nowhere,
  );
  try {
    let refusals = 0;
    let link: House['link'] = 'offline';
    await slot.until((state) => {
      if (link === 'connecting' && state.link === 'offline') refusals += 1;
      link = state.link;
      return refusals >= refusalsMax || (state.stage === 'member' && state.link === 'online');
    }, patienceMs);
    if (slot.house().stage !== 'member') throw new EngineError('code_unknown');
    return await work(slot);
  } finally {
    await slot.stop();
  }
}
