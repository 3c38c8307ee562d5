/** @file A visit at the relay's door: proves an invite's secret and brings back the greeting. Consumes nothing. */
import type { Clock } from '../platform/clock';
import { bytesOf, relayUrl, type Connect } from '../platform/socket';
import { EngineError, type InviteGreeting } from './contract';
import type { DoorEdge, EngineModule, Visitor } from './edge';
import { refusalOf } from './slot';

const patienceMs = 15_000;

export interface Visit {
  readonly visitor: Visitor;
  readonly greeting: InviteGreeting;
}

/** Throws `EngineError`: a `code_…`, `offline`, or what the relay makes of it. */
export function visit(
  dep: { readonly clock: Clock; readonly connect: Connect; readonly origin: string },
  module: EngineModule,
  code: string,
): Promise<Visit> {
  return new Promise((resolve, reject) => {
    let door: DoorEdge;
    try {
      door = new module.Door(dep.origin, code);
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
        if (step.type === 'send') socket.send(step.bytes as Uint8Array<ArrayBuffer>);
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
