/** @file Tickets for blobs: each house's engine gets one over its session; it is good for a day or so, and then the next is asked for. */
import type { Clock } from '../../platform/clock';
import { EngineError, type ErrorCode } from '../contract';
import type { Slot } from '../slot';

/** A house that is online has a ticket within this. */
const patienceMs = 15_000;

export interface Tickets {
  /** A ticket as the relay wants it, other than `stale`, which it did not take any more. Throws `offline`, `not_found`. */
  of(slot: Pick<Slot, 'id' | 'wantTicket'>, stale?: string): Promise<string>;
  /** The relay knows nothing of what we ask for: a ticket that it does not know would explain it. */
  doubt(slot: string): void;
  /** One has come. */
  came(slot: string, bytes: Uint8Array): void;
  forget(slot: string): void;
}

interface Waiting {
  readonly resolve: (ticket: string) => void;
  readonly reject: (error: EngineError) => void;
}

export function createTickets(clock: Clock): Tickets {
  const known = new Map<string, string>();
  const waiting = new Map<string, { readonly all: Waiting[]; readonly cancel: () => void }>();

  const end = (slot: string, settle: (one: Waiting) => void): void => {
    const ended = waiting.get(slot);
    waiting.delete(slot);
    ended?.cancel();
    for (const one of ended?.all ?? []) settle(one);
  };
  const refuse = (slot: string, code: ErrorCode): void => {
    end(slot, (one) => {
      one.reject(new EngineError(code));
    });
  };

  return {
    of(slot, stale) {
      const ticket = known.get(slot.id);
      if (ticket !== undefined && ticket !== stale) return Promise.resolve(ticket);
      return new Promise((resolve, reject) => {
        const others = waiting.get(slot.id);
        if (others) {
          others.all.push({ resolve, reject });
          return;
        }
        const cancel = clock.after(patienceMs, () => {
          refuse(slot.id, 'offline');
        });
        waiting.set(slot.id, { all: [{ resolve, reject }], cancel });
        slot.wantTicket();
      });
    },
    doubt: (slot) => void known.delete(slot),
    came(slot, bytes) {
      const ticket = base64url(bytes);
      known.set(slot, ticket);
      end(slot, (one) => {
        one.resolve(ticket);
      });
    },
    forget(slot) {
      known.delete(slot);
      refuse(slot, 'not_found');
    },
  };
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
