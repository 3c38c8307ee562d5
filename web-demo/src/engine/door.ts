/** @file At the relay's door, without a house: proves an invite's secret and brings back the greeting, or hands in what an outsider wrote. */
import type { Clock } from '../platform/clock';
import { bytesOf, relayUrl, type Connect } from '../platform/socket';
import { EngineError, type InviteGreeting, type OutsideWords } from './contract';
import type { DoorStep, EngineModule, OutsiderStep, Visitor } from './edge';
import { refusalOf } from './slot';

const patienceMs = 15_000;

export interface Visit {
  readonly visitor: Visitor;
  readonly greeting: InviteGreeting;
}

interface DoorDep {
  readonly clock: Clock;
  readonly connect: Connect;
  readonly origin: string;
}

/** A conversation that asks to send until it has what it wants. */
interface Talk<S> {
  received(bytes: Uint8Array): { readonly type: 'send'; readonly bytes: Uint8Array } | S;
  free(): void;
}

/** Throws `EngineError`: a `code_…`, `offline`, or what the relay makes of it. */
export async function visit(dep: DoorDep, module: EngineModule, code: string): Promise<Visit> {
  return converse<Extract<DoorStep, { type: 'opened' }>>(dep, () => new module.Door(dep.origin, code));
}

/** Hands in what somebody outside wrote. Throws likewise. */
export async function writeOutside(
  dep: DoorDep,
  module: EngineModule,
  link: string,
  { name, contact, text }: OutsideWords,
): Promise<void> {
  const now = dep.clock.now();
  await converse<Extract<OutsiderStep, { type: 'sent' }>>(
    dep,
    () => new module.Outsider(dep.origin, link, name, contact, text, now),
  );
}

function converse<S extends { readonly type: string }>(dep: DoorDep, open: () => Talk<S>): Promise<S> {
  return new Promise((resolve, reject) => {
    let door: Talk<S>;
    try {
      door = open();
    } catch (thrown) {
      reject(refusalOf(thrown) ?? new EngineError('internal'));
      return;
    }
    const socket = dep.connect(relayUrl(dep.origin));
    socket.binaryType = 'arraybuffer';
    let over = false;
    const end = (work: () => void): void => {
      if (over) return;
      over = true;
      cancel();
      socket.close();
      door.free();
      work();
    };
    const offline = (): void => {
      end(() => {
        reject(new EngineError('offline'));
      });
    };
    const cancel = dep.clock.after(patienceMs, offline);
    socket.addEventListener('error', offline);
    socket.addEventListener('close', offline);
    socket.addEventListener('message', (event) => {
      if (over) return;
      try {
        const step = door.received(bytesOf(event));
        if (isSend(step)) socket.send(step.bytes as Uint8Array<ArrayBuffer>);
        else
          end(() => {
            resolve(step);
          });
      } catch (thrown) {
        end(() => {
          reject(refusalOf(thrown) ?? new EngineError('internal'));
        });
      }
    });
  });
}

type Send = Extract<DoorStep, { type: 'send' }>;
function isSend(step: { readonly type: string }): step is Send {
  return step.type === 'send';
}
