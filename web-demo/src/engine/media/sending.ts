/**
 * @file Sends what is prepared: asks the relay for room, sends the parts that it lacks, tells the engine when it has all. Order is the
 * engine's, two at a time. Small records go first: before every part it waits for them, though not for ever. Whatever goes wrong is tried
 * again after pauses that grow; what the relay never takes is set aside, and stays here.
 */
import type { Clock } from '../../platform/clock';
import { EngineError, type House } from '../contract';
import type { HostCommands, OwnBlob, TransferEdge } from '../edge';
import type { Slot } from '../slot';
import type { Failed, Trouble } from './jobs';
import type { MediaWorker } from './remote';
import type { Tickets } from './tickets';

const atOnceMax = 2;
/** As many may be at the relay before anybody holds them there: it keeps room for so and so many only. */
const unheldMax = 20;
/** Records wait no longer for a part than parts for records. */
const smallFirstMs = 10_000;
const ticketsMax = 2;
/** A blob is announced so often in one go before others get their turn. */
const reservesMax = 3;
/** Pauses of a house after trouble that concerns all it sends. */
const pauseFirstMs = 1_000;
const pauseMaxMs = 60_000;
/** Somebody has to make room at the relay: that takes longer. */
const fullFirstMs = 60_000;
const fullMaxMs = 15 * 60_000;
const busyMaxMs = 10 * 60_000;
/** Pauses of one item that the relay does not take, and how often it is offered. */
const itemFirstMs = 5_000;
const itemMaxMs = 10 * 60_000;
const triesMax: Readonly<Partial<Record<Trouble, number>>> = { lost: 1, too_large: 3, mismatch: 3 };
const triesMaxElse = 8;

export type SendingSlot = Pick<Slot, 'id' | 'house' | 'transfers' | 'command' | 'until' | 'wantTicket'>;

export interface SendingDep {
  readonly clock: Clock;
  readonly worker: MediaWorker;
  readonly tickets: Tickets;
  readonly slots: () => Iterable<SendingSlot>;
  /** A house's relay has run out of room, or has room again. */
  readonly filled: () => void;
}

export interface Sending {
  /** Something has changed: there may be something to send, or to stop. */
  look(): void;
  forget(slot: string): void;
  /** Whether the relay had no room for this house's pictures when it was last asked. */
  isFull(slot: string): boolean;
}

/** What became of an attempt. `stopped`: by the person, or the network is away; nothing is wrong. */
type Outcome = 'sent' | 'stopped' | Failed;

interface Trial {
  readonly tries: number;
  /** Not before. */
  readonly at: number;
}

export function createSending(dep: SendingDep): Sending {
  const running = new Map<string, { readonly slot: string; readonly id: string; readonly ending: AbortController }>();
  const items = new Map<string, Trial>();
  const houses = new Map<string, Trial & { readonly trouble: Trouble }>();
  const online = new Set<string>();
  let cancelTimer = (): void => undefined;

  const look = (): void => {
    cancelTimer();
    const now = dep.clock.now();
    let wakeAt = Number.POSITIVE_INFINITY;
    const known = new Set<string>();
    for (const slot of dep.slots()) {
      const rows = slot.house().media.queued > 0 ? slot.transfers().filter(({ stage }) => stage !== 'failed') : [];
      for (const row of rows) known.add(row.id);
      stopGone(slot.id, rows);
      noteLink(slot);
      if (!maySend(slot.house())) continue;
      const house = houses.get(slot.id);
      if (house && house.at > now) {
        wakeAt = Math.min(wakeAt, house.at);
        continue;
      }
      // The answers to their holds wake us.
      if (rows.filter((row) => row.stage === 'sent').length >= unheldMax) continue;
      for (const row of rows) {
        if (row.stage !== 'ready' || running.has(row.id) || running.size >= atOnceMax) continue;
        const item = items.get(row.id);
        if (item && item.at > now) wakeAt = Math.min(wakeAt, item.at);
        else start(slot, row);
      }
    }
    for (const id of [...items.keys()]) if (!known.has(id)) items.delete(id);
    if (Number.isFinite(wakeAt)) cancelTimer = dep.clock.after(wakeAt - now, look);
  };
  /** A network that has come back is tried at once. */
  const noteLink = ({ id, house }: SendingSlot): void => {
    if (house().link !== 'online') online.delete(id);
    else if (!online.has(id)) {
      online.add(id);
      if (houses.get(id)?.trouble === 'network') houses.delete(id);
    }
  };
  const stopGone = (slot: string, rows: readonly TransferEdge[]): void => {
    for (const one of running.values())
      if (one.slot === slot && !rows.some((row) => row.id === one.id)) one.ending.abort();
  };
  const start = (slot: SendingSlot, row: TransferEdge): void => {
    const ending = new AbortController();
    running.set(row.id, { slot: slot.id, id: row.id, ending });
    void send(slot, row, ending.signal)
      .catch((thrown: unknown): Outcome => outcomeOf(thrown))
      .then((outcome) => judge(slot, row.id, ending.signal.aborted ? 'stopped' : outcome))
      .finally(() => {
        running.delete(row.id);
        look();
      });
  };

  const send = async (slot: SendingSlot, row: TransferEdge, signal: AbortSignal): Promise<Outcome> => {
    for (const blob of row.blobs) {
      const outcome = await sendBlob(slot, row.circle, blob, signal);
      if (outcome !== 'sent') return outcome;
    }
    const args = { id: row.id } satisfies HostCommands['media_sent']['args'];
    await slot.command({ name: 'media_sent', args });
    return 'sent';
  };
  const sendBlob = async (
    slot: SendingSlot,
    circle: string,
    { id: blob }: OwnBlob,
    signal: AbortSignal,
  ): Promise<Outcome> => {
    let failed: Failed = { trouble: 'refused' };
    for (let reserves = 0; reserves < reservesMax; reserves++) {
      const room = await withTicket(slot, (ticket) =>
        dep.worker.ask('reserve', { slot: slot.id, circle, blob, ticket }, signal),
      );
      if ('trouble' in room) return room;
      const outcome = await sendParts(slot, blob, room.missing, signal);
      if (outcome === 'sent' || outcome === 'stopped') return outcome;
      // Its room has expired, or the relay got something else: it knows best what it lacks now.
      if (outcome.trouble !== 'absent' && outcome.trouble !== 'mismatch') return outcome;
      failed = outcome;
    }
    return failed;
  };
  const sendParts = async (
    slot: SendingSlot,
    blob: string,
    parts: readonly number[],
    signal: AbortSignal,
  ): Promise<Outcome> => {
    for (const part of parts) {
      if (hasSmall(slot.house())) await slot.until((house) => !hasSmall(house), smallFirstMs).catch(() => undefined);
      if (signal.aborted || !maySend(slot.house())) return 'stopped';
      const outcome = await withTicket(slot, (ticket) =>
        dep.worker.ask('part', { slot: slot.id, blob, part, ticket }, signal),
      );
      if ('trouble' in outcome) return outcome;
    }
    return 'sent';
  };
  const withTicket = async <T extends object>(
    slot: SendingSlot,
    work: (ticket: string) => Promise<T | Failed>,
  ): Promise<T | Failed> => {
    let stale: string | undefined;
    for (let tickets = 0; ; tickets++) {
      const ticket = await dep.tickets.of(slot, stale);
      const outcome = await work(ticket);
      if (!('trouble' in outcome) || outcome.trouble !== 'ticket') return outcome;
      if (tickets === ticketsMax) return { trouble: 'network' };
      stale = ticket;
    }
  };

  const isFull = (slot: string): boolean => houses.get(slot)?.trouble === 'full';
  const judge = async (slot: SendingSlot, id: string, outcome: Outcome): Promise<void> => {
    const wasFull = isFull(slot.id);
    await weigh(slot, id, outcome);
    if (isFull(slot.id) !== wasFull) dep.filled();
  };
  const weigh = async (slot: SendingSlot, id: string, outcome: Outcome): Promise<void> => {
    if (outcome === 'stopped') return;
    if (outcome === 'sent') {
      houses.delete(slot.id);
      items.delete(id);
      return;
    }
    const now = dep.clock.now();
    const { trouble, afterMs = 0 } = outcome;
    const housePause = (first: number, max: number, min = 0): void => {
      const tries = (houses.get(slot.id)?.tries ?? 0) + 1;
      houses.set(slot.id, { tries, at: now + Math.max(min, grown(dep.clock, first, max, tries)), trouble });
    };
    switch (trouble) {
      case 'network':
      case 'ticket':
        housePause(pauseFirstMs, pauseMaxMs);
        break;
      case 'busy':
        housePause(pauseFirstMs, pauseMaxMs, Math.min(afterMs, busyMaxMs));
        break;
      case 'full':
        housePause(fullFirstMs, fullMaxMs, Math.min(afterMs, fullMaxMs));
        break;
      case 'absent':
      case 'mismatch':
      case 'too_large':
      case 'refused':
      case 'lost': {
        const tries = (items.get(id)?.tries ?? 0) + 1;
        if (trouble === 'absent') dep.tickets.doubt(slot.id);
        items.set(id, { tries, at: now + grown(dep.clock, itemFirstMs, itemMaxMs, tries) });
        if (tries < (triesMax[trouble] ?? triesMaxElse)) break;
        const fault = trouble === 'lost' ? 'lost' : 'refused';
        // Whoever removed it meanwhile, or lost the house, needs no answer.
        await slot
          .command({ name: 'media_failed', args: { id, fault } satisfies HostCommands['media_failed']['args'] })
          .catch(() => undefined);
        break;
      }
      default:
        trouble satisfies never;
    }
  };

  return {
    look,
    isFull,
    forget(slot) {
      for (const one of running.values()) if (one.slot === slot) one.ending.abort();
      houses.delete(slot);
      online.delete(slot);
    },
  };
}

function maySend(house: House): boolean {
  return house.stage === 'member' && house.link === 'online' && !house.media.paused;
}

/** Whether anything but pictures and files waits on this device. */
function hasSmall(house: House): boolean {
  return house.waiting - house.media.queued > 0;
}

/** A pause that doubles, shortened by chance so that devices do not come back all at once. */
function grown(clock: Clock, first: number, max: number, tries: number): number {
  const pause = Math.min(max, first * 2 ** (tries - 1));
  return pause / 2 + (pause / 2) * clock.chance();
}

/** What was thrown on the way: by the engine, which may know nothing of it any more, by the media worker, or while there is no ticket. */
function outcomeOf(thrown: unknown): Outcome {
  const code = thrown instanceof EngineError ? thrown.code : 'internal';
  return { trouble: code === 'internal' || code === 'not_found' ? 'refused' : 'network' };
}
