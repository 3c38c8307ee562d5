/**
 * @file The shapes that cross to the WASM module, as `wasm/src/convert.rs` has them. Both sides are held to
 * `wasm/golden/*.json`. Nothing outside `src/engine` knows them.
 */
import type { Alarm, InviteGreeting, Role } from './contract';

export interface Secrets {
  readonly seed: Uint8Array;
  readonly local: Uint8Array;
}

/** One row of a slot's storage. */
export interface Row {
  readonly table: string;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Sets a row; `value: null` deletes it. */
export interface Write {
  readonly table: string;
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/** A command or query of the page. */
export interface Named {
  readonly name: string;
  readonly args: unknown;
}

/** A command or query as the core reads it: `{name: args}`. */
export type Call = Readonly<Record<string, unknown>>;

export function callOf({ name, args }: Named): Call {
  return { [name]: args };
}

/** Inputs that carry something. */
export interface Inputs {
  readonly stored: { readonly id: number };
  readonly store_failed: { readonly id: number };
  readonly received: { readonly bytes: Uint8Array };
  readonly command: { readonly id: number; readonly command: Call };
}

export type Input =
  'link_up' | 'link_down' | 'tick' | { readonly [N in keyof Inputs]: Readonly<Record<N, Inputs[N]>> }[keyof Inputs];

export type Output =
  | { readonly type: 'store'; readonly id: number; readonly writes: readonly Write[] }
  | { readonly type: 'send'; readonly bytes: Uint8Array }
  | { readonly type: 'close' }
  | {
      readonly type: 'done';
      readonly id: number;
      readonly result: { readonly ok: unknown } | { readonly error: string };
    }
  | { readonly type: 'changed' }
  | { readonly type: 'idle'; readonly until: number | null };

/** A house as its engine sums it up: `House` less the slot. */
export interface Summary {
  readonly name: string;
  readonly fingerprint: string;
  readonly role: Role;
  readonly stage: 'joining' | 'member' | 'ended';
  readonly link: 'offline' | 'connecting' | 'online';
  readonly waiting: number;
  readonly alarms: readonly Alarm[];
  readonly digits?: readonly string[];
  readonly me: { readonly person: string; readonly name: string };
  readonly helpLine: string;
  readonly notice: string;
  /** Why founding or joining ended, as an `ErrorCode`. */
  readonly failed?: string;
}

export interface FoundArgs {
  readonly houseName: string;
  readonly directorName: string;
  readonly helpLine: string;
  readonly notice: string;
  readonly setupCode?: string;
}

/** What the door opened and `Engine.join` takes back. It holds the invite's secret. */
export interface Visitor {
  readonly house: string;
  readonly secret: Uint8Array;
  readonly greeting: Uint8Array;
}

export type DoorStep =
  | { readonly type: 'send'; readonly bytes: Uint8Array }
  | { readonly type: 'opened'; readonly visitor: Visitor; readonly greeting: InviteGreeting };

/** The engine of one house. Synchronous; throws errors with a `code`. */
export interface EngineEdge {
  handle(now: number, input: Input): readonly Output[];
  query(now: number, query: Call): unknown;
  summary(): Summary;
  house(): string | undefined;
  free(): void;
}

export interface DoorEdge {
  received(bytes: Uint8Array): DoorStep;
  free(): void;
}

/** The WASM module. */
export interface EngineModule {
  readonly version: () => string;
  readonly tables: () => string[];
  readonly newSecrets: () => Secrets;
  readonly checkCode: (text: string) => 'partial' | 'mistyped' | 'complete';
  readonly Engine: {
    found(origin: string, secrets: Secrets, args: FoundArgs): EngineEdge;
    join(origin: string, secrets: Secrets, visitor: Visitor): EngineEdge;
    open(origin: string, secrets: Secrets, rows: readonly Row[]): EngineEdge;
  };
  readonly Door: new (origin: string, code: string) => DoorEdge;
}
