/** @file Everything the serving worker does: one engine per house slot, all calls of all pages, the badge on the app's icon. */
import type { Clock } from '../platform/clock';
import type { KeyStore } from '../platform/keystore';
import type { PinStore } from '../platform/pins';
import type { Connect } from '../platform/socket';
import type { openSlot } from '../platform/storage';
import {
  EngineError,
  type Alarm,
  type Bulletin,
  type House,
  type InviteGreeting,
  type RecoverySheet,
  type Thread,
} from './contract';
import { visit, writeOutside, type Visit } from './door';
import type { EngineEdge, EngineModule, FoundArgs, Named, Secrets } from './edge';
import { createDesk } from './media/desk';
import type { MediaWorker } from './media/remote';
import { isRepeatable, type Call, type FromEngine, type Result, type ToEngine } from './messages';
import { look, recover, replace } from './sheet';
import { createSlot, refusalOf, type Slot } from './slot';
import { createTablets } from './tablets';
import { followCode } from './typo';

/** A relay that can be reached founds a house or takes a join within this. */
const beginPatienceMs = 30_000;
/** Pauses between attempts to build an engine again that its device does not store for; at first there is none. */
const rebuildPauseFirstMs = 1_000;
const rebuildPauseMaxMs = 60_000;
/** With less than this the device soon takes nothing more; how often that is looked at. */
const roomBytesMin = 20_000_000;
const roomPauseMs = 10 * 60_000;
/** Many changes come together; the icon need not follow each. */
const badgePauseMs = 1_000;

export interface HostDep {
  readonly clock: Clock;
  readonly connect: Connect;
  readonly origin: string;
  readonly keys: KeyStore;
  readonly pins: PinStore;
  readonly openSlot: typeof openSlot;
  readonly media: MediaWorker;
  /** Whether the browser thinks that there is a network at all. */
  readonly connected: () => boolean;
  readonly post: (message: FromEngine) => void;
  readonly fatal: (thrown: unknown) => void;
  /** Bytes that the browser would still keep for this origin, where it says so. */
  readonly room: () => Promise<number | undefined>;
  /** Number on the app's icon, where there is one. */
  readonly badge: (count: number) => void;
  readonly newId: () => string;
  /** Of which build of the app this is. */
  readonly build: string;
}

export interface Host {
  receive(message: ToEngine): void;
}

export async function startHost(dep: HostDep, module: EngineModule): Promise<Host> {
  const server = dep.newId();
  const slots = new Map<string, Slot>();
  const damaged = new Map<string, House>();
  const desk = createDesk({
    clock: dep.clock,
    worker: dep.media,
    slots,
    connected: dep.connected,
    filled: () => {
      publish();
    },
  });
  let greeted: { readonly code: string; readonly visit: Visit } | undefined;
  let low = false;
  let cancelBadge = (): void => undefined;
  let lastState = '';
  const carriedOut = new Set<string>();
  let started = false;

  /** A relay without room for pictures is one without room, whoever hears of it first. */
  const houseOf = (slot: Slot): House => {
    const house = slot.house();
    const told = !desk.isFull(slot.id) || house.alarms.some((alarm) => alarm.code === 'quota_full');
    const warned = low && house.stage === 'member' && house.alarms.every((alarm) => alarm.code !== 'storage_full');
    const more: Alarm[] = [
      ...(told ? [] : [{ code: 'quota_full' } as const]),
      ...(warned ? [{ code: 'storage_low' } as const] : []),
    ];
    const alarmed: House = more.length === 0 ? house : { ...house, alarms: [...house.alarms, ...more] };
    return house.place === 'open' ? { ...alarmed, pins: tablets.state(slot.id) } : alarmed;
  };
  const state = (): FromEngine => ({
    kind: 'state',
    server,
    build: dep.build,
    houses: [...[...slots.values()].filter(({ id }) => tablets.isShown(id)).map(houseOf), ...damaged.values()],
  });
  const publish = (): void => {
    if (!started) return;
    const message = state();
    const text = JSON.stringify(message);
    if (text === lastState) return;
    lastState = text;
    dep.post(message);
    countLater();
  };
  /** Said before it is too late: what is written then would have no place. */
  const lookAtRoom = (): void => {
    dep.clock.after(roomPauseMs, lookAtRoom);
    dep
      .room()
      .then((bytes) => {
        low = bytes !== undefined && bytes < roomBytesMin;
        publish();
      })
      // A browser that does not say.
      .catch(() => undefined);
  };
  const countLater = (): void => {
    cancelBadge();
    cancelBadge = dep.clock.after(badgePauseMs, () => {
      dep.badge([...slots.values()].reduce((sum, slot) => sum + unreadOf(slot), 0));
    });
  };
  const losses = new Map<string, { readonly at: number; readonly pause: number }>();
  /** The storage did not take what an engine holds: back to what is stored, at once, or after a while if that happens again. */
  const rebuild = (id: string): void => {
    const [now, last] = [dep.clock.now(), losses.get(id)];
    const again = last !== undefined && now - last.at < 2 * rebuildPauseMaxMs;
    const pause = again ? Math.min(rebuildPauseMaxMs, Math.max(rebuildPauseFirstMs, 2 * last.pause)) : 0;
    losses.set(id, { at: now, pause });
    dep.clock.after(pause, () => {
      const old = slots.get(id);
      // Forgotten meanwhile.
      if (!old) return;
      // Its secrets are gone with whoever was at it.
      if (tablets.owns(id)) {
        tablets.lockSlot(id);
        return;
      }
      reopen(id, true)
        .then(() => {
          dep.post({ kind: 'changed', slot: id });
          return old.stop();
        })
        .catch((thrown: unknown) => {
          if (refusalOf(thrown)) rebuild(id);
          else dep.fatal(thrown);
        });
    });
  };
  const slotDep = {
    clock: dep.clock,
    connect: dep.connect,
    origin: dep.origin,
    fatal: dep.fatal,
    lost: rebuild,
    published() {
      publish();
      desk.published();
      tablets.look();
    },
    changed(slot: string) {
      dep.post({ kind: 'changed', slot });
      countLater();
      desk.changed(slot);
      tablets.look();
    },
    ticket: desk.ticket,
  };

  const start = (id: string, engine: EngineEdge): Slot => {
    const slot = createSlot(slotDep, id, engine, dep.openSlot(id, module.tables()));
    slots.set(id, slot);
    publish();
    return slot;
  };
  /** A new slot with secrets that are on the device before anything is done with them. */
  const begin = async (make: (secrets: Secrets) => EngineEdge): Promise<Slot> => {
    const secrets = module.newSecrets();
    const engine = make(secrets);
    const id = dep.newId();
    await dep.keys.put(id, secrets);
    return start(id, engine);
  };
  /** Nothing runs before anything is published: `published` may ask. */
  const tablets = createTablets({
    clock: dep.clock,
    pins: dep.pins,
    module,
    origin: dep.origin,
    newId: dep.newId,
    slots,
    load: (id) => dep.openSlot(id, module.tables()).load(),
    start,
    async end(id) {
      const slot = slots.get(id);
      slots.delete(id);
      await slot?.stop();
    },
    async erase(id) {
      await dep.openSlot(id, module.tables()).remove();
      await desk.forget(id);
    },
    publish,
  });
  const forget = async (id: string): Promise<void> => {
    await tablets.forget(id);
    const slot = slots.get(id);
    slots.delete(id);
    damaged.delete(id);
    await slot?.stop();
    // Without its secrets what remains is unreadable, so they go first.
    await dep.keys.remove(id);
    await dep.openSlot(id, module.tables()).remove();
    await desk.forget(id);
    publish();
  };
  const orForget = async <T>(slot: Slot, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (thrown) {
      await forget(slot.id);
      throw thrown;
    }
  };

  const slotOf = (id: string): Slot => {
    const slot = slots.get(id);
    if (!slot) throw new EngineError('not_found');
    return slot;
  };
  const found = async (args: FoundArgs): Promise<{ slot: string; sheet: RecoverySheet }> => {
    const slot = await begin((secrets) => module.Engine.found(dep.origin, secrets, args));
    await orForget(
      slot,
      slot.until((house) => house.stage === 'member', beginPatienceMs),
    );
    const sheet = (await slot.command({ name: 'recovery_sheet', args: {} })) as RecoverySheet;
    return { slot: slot.id, sheet };
  };
  const openInvite = async (code: string): Promise<InviteGreeting> => {
    const opened = await visit(dep, module, code);
    greeted = { code, visit: opened };
    return opened.greeting;
  };
  const join = async (code: string): Promise<{ slot: string }> => {
    const { visitor, greeting } = greeted?.code === code ? greeted.visit : await visit(dep, module, code);
    if (greeting.pin) throw new EngineError('code_tablet');
    for (const slot of slots.values()) {
      if (slot.houseId() === visitor.house && slot.house().stage === 'member')
        throw new EngineError('code_already_member');
    }
    const slot = await begin((secrets) => module.Engine.join(dep.origin, secrets, visitor));
    greeted = undefined;
    await orForget(
      slot,
      slot.until((house) => house.digits !== undefined || house.stage === 'member', beginPatienceMs),
    );
    return { slot: slot.id };
  };

  const joinPin = async (open: string, code: string, person: string, pin: string): Promise<{ slot: string }> => {
    const { visitor, greeting } = greeted?.code === code ? greeted.visit : await visit(dep, module, code);
    if (!greeting.pin || slotOf(open).houseId() !== visitor.house) throw new EngineError('code_tablet');
    const joined = await tablets.join(open, visitor, person, pin);
    greeted = undefined;
    try {
      await slotOf(joined.slot).until((house) => house.digits !== undefined, beginPatienceMs);
    } catch (thrown) {
      await tablets.forget(open);
      throw thrown;
    }
    return joined;
  };

  const recovered = async (call: Extract<Call, { method: 'recover' }>) => {
    const { engine, secrets, sheet } = await recover(dep, module, call.house, call.code, call);
    const id = dep.newId();
    await dep.keys.put(id, secrets);
    const slot = start(id, engine);
    await orForget(
      slot,
      slot.until((house) => house.stage === 'member', beginPatienceMs),
    );
    return { slot: slot.id, sheet };
  };

  const answer = async (call: Call, onProgress: (done: number) => void): Promise<unknown> => {
    // Locked, and still sending: nobody reads there any more.
    if ('slot' in call && !tablets.isShown(call.slot)) throw new EngineError('not_found');
    switch (call.method) {
      case 'query':
        return slotOf(call.slot).query(call.query);
      case 'command':
        return slotOf(call.slot).command(call.command);
      case 'found':
        return found(call.args);
      case 'open_invite':
        return openInvite(call.code);
      case 'check_code':
        return followCode(module.checkCode, call.code);
      case 'join':
        return join(call.code);
      case 'unfold_sheet':
        return look(dep, module, call.house, call.code);
      case 'write_outside':
        return writeOutside(dep, module, call.link, call.words);
      case 'recover':
        return recovered(call);
      case 'replace_sheet':
        return replace(dep, module, call.house, call.code, call.next);
      case 'add_media':
        return desk.add(call.slot, call.offer, onProgress);
      case 'picture':
        return desk.picture(call.slot, call.id, call.size);
      case 'file':
        return desk.file(call.slot, call.id);
      case 'join_pin':
        return joinPin(call.slot, call.code, call.person, call.pin);
      case 'unlock':
        return tablets.unlock(call.slot, call.person, call.pin);
      case 'lock':
        return tablets.lock(call.slot);
      case 'touch':
        return tablets.touch(call.slot);
      case 'set_pin':
        return tablets.setPin(call.slot, call.person, call.pin);
      case 'forget':
        return forget(call.slot);
      default:
        // A page of another build asks for what this one does not know.
        call satisfies never;
        throw new EngineError('app_mixed');
    }
  };
  const respond = async (page: string, id: number, call: Call): Promise<void> => {
    if (!isRepeatable(call)) {
      // A page that heard of us after it had asked asks once more.
      const mark = `${page} ${id}`;
      if (carriedOut.has(mark)) return;
      carriedOut.add(mark);
      dep.post({ kind: 'got', server, page, id });
    }
    let result: Result;
    try {
      result = {
        ok: await answer(call, (done) => {
          dep.post({ kind: 'progress', page, id, done });
        }),
      };
    } catch (thrown) {
      result = { error: refusalOf(thrown)?.code ?? 'internal' };
    }
    dep.post({ kind: 'reply', page, id, result });
  };

  const reopen = async (id: string, ran = false): Promise<void> => {
    const rows = await dep.openSlot(id, module.tables()).load();
    if (rows.length === 0 && ran) {
      // Its person must hear that everything is gone, not find the app as new.
      slots.delete(id);
      damaged.set(id, damagedHouse(id));
      publish();
    }
    // Secrets without a single row: it ended between the two, before anything was sent.
    else if (rows.length === 0) await forget(id);
    else start(id, module.Engine.open(dep.origin, await dep.keys.get(id), rows));
  };
  // Whether there are houses at all stands in the storage: without it nothing may look as if there were none.
  await tablets.load();
  const known = await dep.keys.slots();
  for (const id of known) {
    await reopen(id).catch((thrown: unknown) => {
      // A trap of the module has no code and ends everything; damaged storage ends one house, and its person must see that.
      const code = refusalOf(thrown)?.code;
      // Nor is a house damaged whose rows a newer app has written.
      if (code === undefined || code === 'app_mixed') throw thrown;
      damaged.set(id, damagedHouse(id));
    });
  }
  started = true;
  publish();
  lookAtRoom();
  desk.started(() => [...slots.keys(), ...damaged.keys(), ...tablets.slots()]);

  return {
    receive(message) {
      switch (message.kind) {
        case 'call':
          void respond(message.page, message.id, message.call);
          break;
        case 'hello':
          dep.post(state());
          break;
        case 'wake':
          for (const slot of slots.values()) slot.wake(message.sleptMs);
          break;
      }
    },
  };
}

/** A house whose storage cannot be read any more: nothing is left to do but forget it and join again. */
function damagedHouse(slot: string): House {
  return {
    slot,
    name: '',
    fingerprint: '',
    role: 'guardian',
    stage: 'ended',
    link: 'offline',
    waiting: 0,
    media: { queued: 0, failed: 0, paused: false },
    alarms: [{ code: 'storage_refused' }],
    me: { person: '', name: '' },
    helpLine: '',
    notice: '',
  };
}

/** What a person has not read in a house; 0 where there is nothing to ask yet. */
function unreadOf(slot: Slot): number {
  if (slot.house().stage !== 'member') return 0;
  const ask = <T>(name: string, count: (answer: T) => number): number => {
    try {
      return count(slot.query({ name, args: {} } satisfies Named) as T);
    } catch {
      return 0;
    }
  };
  const threads = ask('threads', (list: readonly Thread[]) => list.reduce((sum, thread) => sum + thread.unread, 0));
  const bulletins = ask(
    'bulletins',
    (list: readonly Bulletin[]) => list.filter((one) => !one.read && !one.mine).length,
  );
  return threads + bulletins;
}
