/**
 * @file A group's tablet: beside the house's open slot it keeps one behind personal PINs, whose secrets lie on this device only as files
 * that a PIN opens, and whose engine runs only while somebody is at it. Every guess is counted on the device before it is made.
 */
import type { Clock } from '../platform/clock';
import type { Pins, PinStore } from '../platform/pins';
import { EngineError, type PinState } from './contract';
import type { EngineEdge, EngineModule, Named, Row, Secrets, Visitor } from './edge';
import type { Slot } from './slot';

/** Whoever stops touching the screen is gone. */
const idleMsMax = 60_000;
/** Without the relay for this long, what lies behind the PINs stays closed: whether this tablet still belongs nobody knows. */
const contactMsMax = 72 * 60 * 60_000;
/** Wrong PINs in a row, whoever's, until what lies behind them is deleted. */
export const triesMax = 5;
/** Pause after so many wrong ones. */
const pausesMs = [0, 0, 5_000, 15_000, 30_000];
/** After it was locked, what is written still goes out. */
const drainMsMax = 10_000;
/** That the relay answered is noted this often. */
const contactNoteMs = 5 * 60_000;
const secretBytes = 32;

export interface TabletsDep {
  readonly clock: Clock;
  readonly pins: PinStore;
  readonly module: EngineModule;
  readonly origin: string;
  readonly newId: () => string;
  readonly slots: ReadonlyMap<string, Slot>;
  readonly load: (slot: string) => Promise<readonly Row[]>;
  readonly start: (slot: string, engine: EngineEdge) => Slot;
  /** Ends the engine; what is stored stays. */
  readonly end: (slot: string) => Promise<void>;
  /** Deletes all that is stored of a slot. */
  readonly erase: (slot: string) => Promise<void>;
  readonly publish: () => void;
}

export interface Tablets {
  load(): Promise<void>;
  /** Slots behind PINs, running or not. */
  slots(): readonly string[];
  /** Whether this slot lies behind PINs. */
  owns(slot: string): boolean;
  /** Whether pages may see this slot: not once it is locked. */
  isShown(slot: string): boolean;
  state(open: string): PinState;
  /** A new slot behind its first PIN. */
  join(open: string, visitor: Visitor, person: string, pin: string): Promise<{ slot: string }>;
  unlock(open: string, person: string, pin: string): Promise<{ slot: string }>;
  lock(open: string): void;
  /** What this slot holds was not stored: back to what is. */
  lockSlot(slot: string): void;
  /** Somebody touched the screen. */
  touch(open: string): void;
  /** While it is unlocked: another PIN, or none for this person. */
  setPin(open: string, person: string, pin: string | null): Promise<void>;
  /** Something of a house may have changed. */
  look(): void;
  /** The tablet is forgotten, or was ended: nothing stays. */
  forget(open: string): Promise<void>;
}

interface Running {
  readonly slot: string;
  readonly person: string;
  readonly secrets: Secrets;
  locked: boolean;
  cancel: () => void;
}

export function createTablets(dep: TabletsDep): Tablets {
  const { clock, module, publish } = dep;
  const known = new Map<string, Pins>();
  const running = new Map<string, Running>();
  /** One thing after the other for each tablet: two guesses at once would be counted as one. */
  const turns = new Map<string, Promise<unknown>>();
  const inTurn = <T>(open: string, work: () => Promise<T>): Promise<T> => {
    const result = (turns.get(open) ?? Promise.resolve()).then(work);
    turns.set(
      open,
      result.catch(() => undefined),
    );
    return result;
  };

  const note = async (open: string, change: Partial<Pins>): Promise<void> => {
    const pins = known.get(open);
    if (!pins) return;
    const changed = { ...pins, ...change, seenAt: Math.max(pins.seenAt, clock.now()) };
    known.set(open, changed);
    await dep.pins.put(open, changed);
    publish();
  };
  /** A clock that was set back makes no time of before. */
  const isClosed = (pins: Pins): boolean => Math.max(clock.now(), pins.seenAt) - pins.contactAt > contactMsMax;

  const begin = (open: string, slot: string, person: string, secrets: Secrets, engine: EngineEdge): void => {
    running.set(open, { slot, person, secrets, locked: false, cancel: () => undefined });
    dep.start(slot, engine);
    touch(open);
  };
  const touch = (open: string): void => {
    const at = running.get(open);
    if (!at || at.locked) return;
    at.cancel();
    at.cancel = clock.after(idleMsMax, () => {
      // Nothing can be read yet, and whoever compares the digits touches nothing.
      if (dep.slots.get(at.slot)?.house().stage === 'joining') touch(open);
      else lock(open);
    });
  };
  const lock = (open: string): void => {
    const at = running.get(open);
    if (!at || at.locked) return;
    at.cancel();
    at.locked = true;
    publish();
    void drain(open, at);
  };
  const drain = async (open: string, at: Running): Promise<void> => {
    const slot = dep.slots.get(at.slot);
    const settled = (): boolean => {
      const house = slot?.house();
      return !house || house.waiting === 0 || house.link !== 'online';
    };
    await slot?.until(settled, drainMsMax).catch(() => undefined);
    await inTurn(open, async () => {
      if (running.get(open) !== at || !at.locked) return;
      await note(open, { waiting: slot?.house().waiting ?? 0 });
      await halt(open, at);
    });
  };
  const halt = async (open: string, at: Running): Promise<void> => {
    at.cancel();
    at.secrets.seed.fill(0);
    at.secrets.local.fill(0);
    running.delete(open);
    await dep.end(at.slot);
    publish();
  };
  /** What lies behind the PINs is gone; that it is, stays. */
  const drop = async (open: string, why: 'tries' | 'ended'): Promise<void> => {
    const [pins, at] = [known.get(open), running.get(open)];
    if (!pins || pins.dropped) return;
    // Without the files nobody reads the rest, so they go first.
    await note(open, { files: [], secret: new Uint8Array(secretBytes), tries: 0, waiting: 0, dropped: why });
    if (at) await halt(open, at);
    await dep.erase(pins.slot);
  };

  const need = (open: string): Pins => {
    const pins = known.get(open);
    if (!pins || pins.dropped) throw new EngineError('not_found');
    return pins;
  };
  const unlock = async (open: string, person: string, pin: string): Promise<{ slot: string }> => {
    const at = running.get(open);
    // It was locked a moment ago and still sends.
    if (at?.locked) await halt(open, at);
    else if (at) return { slot: at.slot };
    const pins = need(open);
    const file = pins.files.find((one) => one.person === person)?.file;
    if (!file) throw new EngineError('not_found');
    if (isClosed(pins)) throw new EngineError('pin_closed');
    if (pins.notBefore > clock.now() && pins.notBefore - clock.now() <= Math.max(...pausesMs))
      throw new EngineError('pin_wait');
    const tries = pins.tries + 1;
    // Counted before it is tried: whoever ends the browser in between has used it up.
    await note(open, { tries, notBefore: clock.now() + (pausesMs[tries] ?? 0) });
    const secrets = tries > triesMax ? undefined : module.openPin(file, pin, pins.secret);
    if (!secrets) {
      if (tries < triesMax) throw new EngineError('pin_wrong');
      await drop(open, 'tries');
      throw new EngineError('pin_dropped');
    }
    const rows = await dep.load(pins.slot);
    if (rows.length === 0) {
      // It ended before the house had heard of it.
      await drop(open, 'ended');
      throw new EngineError('pin_dropped');
    }
    begin(open, pins.slot, person, secrets, module.Engine.open(dep.origin, secrets, rows));
    await note(open, { tries: 0, notBefore: 0, openedAt: clock.now(), waiting: 0 });
    return { slot: pins.slot };
  };

  /** Whoever works here no longer has no PIN here; and what is over is deleted. */
  const tidy = async (open: string): Promise<void> => {
    const [slot, pins, at] = [dep.slots.get(open), known.get(open), running.get(open)];
    if (!slot || !pins || pins.dropped) return;
    const house = slot.house();
    const behind = at && dep.slots.get(at.slot)?.house();
    if (house.stage === 'ended' || behind?.stage === 'ended') {
      await drop(open, 'ended');
      return;
    }
    if (house.link === 'online' && clock.now() - pins.contactAt > contactNoteMs)
      await note(open, { contactAt: clock.now() });
    else if (at && !at.locked && isClosed(pins)) lock(open);
    if (house.stage !== 'member') return;
    const { staff } = slot.query({ name: 'place', args: {} } satisfies Named) as {
      readonly staff: readonly { readonly person: string }[];
    };
    // Nobody at all: the names have not come yet.
    const files = pins.files.filter(({ person }) => staff.some((one) => one.person === person));
    if (staff.length === 0 || files.length === pins.files.length) return;
    await note(open, { files });
    if (at && !files.some(({ person }) => person === at.person)) lock(open);
  };
  let looking = false;

  return {
    async load() {
      for (const [open, pins] of await dep.pins.all()) known.set(open, pins);
    },
    slots: () => [...known.values()].filter((pins) => !pins.dropped).map((pins) => pins.slot),
    owns: (slot) => [...known.values()].some((pins) => pins.slot === slot),
    isShown: (slot) => [...running.values()].every((at) => at.slot !== slot || !at.locked),
    state(open) {
      const [pins, at] = [known.get(open), running.get(open)];
      if (!pins) return { people: [], triesLeft: triesMax, waiting: 0, closed: false };
      const shown = at && !at.locked ? { slot: at.slot, by: at.person } : {};
      const pause = pins.notBefore > clock.now() ? { waitUntil: pins.notBefore } : {};
      return {
        people: pins.files.map((file) => file.person),
        triesLeft: Math.max(0, triesMax - pins.tries),
        waiting: pins.waiting,
        closed: isClosed(pins),
        ...shown,
        ...pause,
        ...(pins.openedAt === undefined ? {} : { openedAt: pins.openedAt }),
        ...(pins.dropped ? { dropped: pins.dropped } : {}),
      };
    },
    join: (open, visitor, person, pin) =>
      inTurn(open, async () => {
        if (!module.isPinFit(pin)) throw new EngineError('pin_unfit');
        const before = known.get(open);
        if (before) {
          const at = running.get(open);
          if (at) await halt(open, at);
          await dep.erase(before.slot);
        }
        const [secrets, secret, slot] = [
          module.newSecrets(),
          crypto.getRandomValues(new Uint8Array(secretBytes)),
          dep.newId(),
        ];
        const [file, now] = [module.sealPin(secrets, pin, secret), clock.now()];
        const files = [{ person, file }];
        const fresh = { tries: 0, notBefore: 0, waiting: 0, contactAt: now, seenAt: now, openedAt: now };
        known.set(open, { slot, secret, files, ...fresh });
        await note(open, {});
        begin(open, slot, person, secrets, module.Engine.join(dep.origin, secrets, visitor));
        return { slot };
      }),
    unlock: (open, person, pin) => inTurn(open, () => unlock(open, person, pin)),
    lock,
    lockSlot(slot) {
      for (const [open, at] of running) if (at.slot === slot) lock(open);
    },
    touch,
    setPin: (open, person, pin) =>
      inTurn(open, async () => {
        const [pins, at] = [need(open), running.get(open)];
        if (!at || at.locked) throw new EngineError('not_allowed');
        if (pin !== null && !module.isPinFit(pin)) throw new EngineError('pin_unfit');
        const others = pins.files.filter((file) => file.person !== person);
        // Without any, nobody would come in again.
        if (pin === null && others.length === 0) throw new EngineError('not_allowed');
        const file = pin === null ? [] : [{ person, file: module.sealPin(at.secrets, pin, pins.secret) }];
        await note(open, { files: [...others, ...file] });
      }),
    look() {
      if (looking) return;
      looking = true;
      queueMicrotask(() => {
        looking = false;
        for (const open of known.keys()) inTurn(open, () => tidy(open)).catch(() => undefined);
      });
    },
    forget: (open) =>
      inTurn(open, async () => {
        const [pins, at] = [known.get(open), running.get(open)];
        if (!pins) return;
        known.delete(open);
        await dep.pins.remove(open);
        if (at) await halt(open, at);
        await dep.erase(pins.slot);
      }),
  };
}
