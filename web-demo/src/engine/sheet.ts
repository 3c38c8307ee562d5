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
import { createSlot, type Slot, type SlotDep } from './slot';

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
  /** Missing where the old one could not be replaced; it is still good then. */
  readonly sheet?: RecoverySheet;
}

/** What a sheet opens. Throws `code_mistyped`, `code_unknown`, `offline`. */
export async function look(dep: SheetDep, module: EngineModule, house: string, code: string): Promise<Unfolded> {
  return unfolded(dep, module, house, code, (slot) => {
    const { name, fingerprint } = slot.house();
    const { staff } = slot.query({ name: 'people', args: {} }) as { readonly staff: readonly PersonEntry[] };
    const directors = staff.filter((one) => one.role === 'director' && one.stage !== 'ended');
    return Promise.resolve({
      houseName: name,
      fingerprint,
      people: directors.map(({ person, name: called, devices }) => ({ person, name: called, devices })),
    });
  });
}

/** Adds a device to a person, ends their others if wanted, and replaces the sheet. */
export async function recover(
  dep: SheetDep,
  module: EngineModule,
  house: string,
  code: string,
  wanted: { readonly person: string; readonly endOthers: boolean },
): Promise<Recovered> {
  const { person } = wanted;
  const { engine, secrets, next } = await unfolded(dep, module, house, code, async (slot) => {
    const id = slot.houseId();
    if (id === undefined) throw new EngineError('internal');
    const others = devicesOf(slot, person);
    const made = module.newSecrets();
    const added = module.Engine.pair(dep.origin, made, id, person);
    await slot.command({ name: 'add_device', args: { answer: added.answer() ?? '' } });
    await sent(slot);
    for (const { device } of wanted.endOthers ? others : []) {
      await slot.command({ name: 'end_device', args: { device } });
      await sent(slot);
    }
    const renewed = (await slot.command({ name: 'renew_sheet', args: {} })) as RecoverySheet;
    await sent(slot);
    return { engine: added, secrets: made, next: renewed };
  });
  try {
    await unfolded(dep, module, next.house, next.code, async (slot) => {
      for (const { device } of devicesOf(slot, slot.house().me.person)) {
        await slot.command({ name: 'end_device', args: { device } });
        await sent(slot);
      }
    });
  } catch (thrown) {
    // Both sheets are good then, and the new one is there to be printed.
    if (!(thrown instanceof EngineError)) throw thrown;
  }
  return { engine, secrets, sheet: next };
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
