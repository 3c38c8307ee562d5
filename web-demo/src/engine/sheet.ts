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
/** How many a person can have, the sheet among them; the core refuses more. */
const devicesMax = 4;
/** The one that was typed in, and the next, until that has ended it. */
const sheetsMeanwhile = 2;
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
  /** Missing where the old one could not be replaced. */
  readonly sheet?: RecoverySheet;
  /** What was typed in opens the house as before: nothing came in its place, or that could not end it. */
  readonly oldStillValid: boolean;
}

interface Made extends Pick<Recovered, 'engine' | 'secrets'> {
  readonly next?: RecoverySheet;
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

/** Adds a device to a person, ends their others if wanted, and replaces the sheet, if that finds room among the person's devices. */
export async function recover(
  dep: SheetDep,
  module: EngineModule,
  house: string,
  code: string,
  wanted: { readonly person: string; readonly endOthers: boolean },
): Promise<Recovered> {
  const { person } = wanted;
  const { engine, secrets, next } = await unfolded<Made>(dep, module, house, code, async (slot) => {
    const id = slot.houseId();
    if (id === undefined) throw new EngineError('internal');
    const own = isOwn(slot);
    const others = wanted.endOthers ? devicesOf(slot, person) : [];
    const end = async () => {
      for (const { device } of others) {
        await slot.command({ name: 'end_device', args: { device } });
        await sent(slot);
      }
    };
    // A sheet of one's own takes up room among the devices; a house needs a director at any time.
    if (own) await end();
    const made = module.newSecrets();
    const added = module.Engine.pair(dep.origin, made, id, person);
    await slot.command({ name: 'add_device', args: { answer: added.answer() ?? '' } });
    await sent(slot);
    if (!own) await end();
    const kept = devicesOf(slot, person).filter((one) => !one.sheet).length;
    if (own && kept + sheetsMeanwhile > devicesMax) return { engine: added, secrets: made };
    try {
      const renewed = (await slot.command({ name: 'renew_sheet', args: {} })) as RecoverySheet;
      await sent(slot);
      return { engine: added, secrets: made, next: renewed };
    } catch (thrown) {
      // The device is among theirs by now, and must not be forgotten.
      if (!(thrown instanceof EngineError)) throw thrown;
      return { engine: added, secrets: made };
    }
  });
  if (!next) return { engine, secrets, oldStillValid: true };
  try {
    await unfolded(dep, module, next.house, next.code, async (slot) => {
      for (const { device } of devicesOf(slot, slot.house().me.person).filter((one) => one.sheet)) {
        await slot.command({ name: 'end_device', args: { device } });
        await sent(slot);
      }
    });
  } catch (thrown) {
    // Both sheets are good then, and the new one is there to be printed.
    if (!(thrown instanceof EngineError)) throw thrown;
    return { engine, secrets, sheet: next, oldStillValid: true };
  }
  return { engine, secrets, sheet: next, oldStillValid: false };
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
