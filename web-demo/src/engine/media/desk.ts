/** @file Everything about pictures and files that the serving worker does for all houses: puts the parts together and wakes them. */
import type { Clock } from '../../platform/clock';
import type { Taken } from '../contract';
import type { Slot } from '../slot';
import { createAdding, type Offer } from './adding';
import { createLane } from './lane';
import { createLibrary } from './library';
import { createPreparing } from './preparing';
import type { MediaWorker } from './remote';
import { createSending } from './sending';
import { createTickets } from './tickets';

/** Many changes come together; what follows from them need not follow each. */
const lookPauseMs = 50;
/** After a start, people come first. */
const startPauseMs = 1_000;

export interface DeskDep {
  readonly clock: Clock;
  readonly worker: MediaWorker;
  /** Houses by their slots. */
  readonly slots: ReadonlyMap<string, Slot>;
  /** Whether the browser thinks that there is a network at all. */
  readonly connected: () => boolean;
  /** What `isFull` says may have changed. */
  readonly filled: () => void;
}

export interface Desk {
  /** The houses are here. `slots`: all of this device, damaged ones too. */
  started(slots: () => readonly string[]): void;
  /** A house's header may have changed. */
  published(): void;
  /** What is shown of a house may have changed. */
  changed(slot: string): void;
  ticket(slot: string, bytes: Uint8Array): void;
  /** Whether the relay had no room for this house's pictures when it was last asked. */
  isFull(slot: string): boolean;
  add(slot: string, offer: Offer, onProgress: (done: number) => void): Promise<Taken>;
  picture(slot: string, id: string, size: 'thumb' | 'full'): Promise<Blob>;
  file(slot: string, id: string): Promise<Blob>;
  /** Stops everything for a house that is being forgotten, and deletes its files. */
  forget(slot: string): Promise<void>;
}

export function createDesk({ clock, worker, slots, connected, filled }: DeskDep): Desk {
  const tickets = createTickets(clock);
  const local = createLane(1);
  const all = () => slots.values();
  const slot = (id: string): Slot | undefined => slots.get(id);
  const adding = createAdding({ clock, worker, local, slot });
  const preparing = createPreparing({ clock, worker, local, slots: all });
  const sending = createSending({ clock, worker, tickets, slots: all, filled });
  const library = createLibrary({ clock, worker, tickets, preparing, local, slot, held: adding.held, connected });
  let lookDue = false;

  const lookSoon = (): void => {
    if (lookDue) return;
    lookDue = true;
    clock.after(lookPauseMs, () => {
      lookDue = false;
      preparing.look();
      sending.look();
      library.look();
    });
  };

  return {
    started(known) {
      clock.after(startPauseMs, () => {
        // Of houses that were forgotten while the browser was ended. Where nothing is kept, there is nothing to delete.
        local.run(0, () => worker.ask('sweep', { slots: known() })).catch(() => undefined);
        for (const id of slots.keys()) library.changed(id);
      });
    },
    published: lookSoon,
    changed(id) {
      lookSoon();
      library.changed(id);
    },
    ticket: tickets.came,
    isFull: sending.isFull,
    add: (id, offer, onProgress) =>
      adding.add(id, offer, onProgress).finally(() => {
        // What was sealed and then not taken lies there for nobody.
        library.changed(id);
      }),
    picture: library.picture,
    file: library.file,
    async forget(id) {
      tickets.forget(id);
      sending.forget(id);
      preparing.forget(id);
      library.forget(id);
      // What cannot be deleted now is at the next start; without its secrets nobody reads it.
      await worker.ask('forget', { slot: id }).catch(() => undefined);
    },
  };
}
