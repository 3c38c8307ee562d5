/** @file How screens ask and act: queries that stay current, actions that know whether they run and why they failed. */
import { untrack } from 'svelte';
import { EngineError, type Commands, type ErrorCode, type Queries } from '../../engine/contract';
import { t, type PlainMessageId } from '../../i18n/i18n.svelte';
import { getApp, type App } from './app.svelte';
import { rememberFocus } from './focus.svelte';

const codes: ReadonlySet<string> = new Set<ErrorCode>([
  'code_mistyped',
  'code_unknown',
  'code_used',
  'code_expired',
  'code_revoked',
  'code_foreign',
  'code_already_member',
  'offline',
  'not_allowed',
  'not_found',
  'empty',
  'too_long',
  'bad_day',
  'quota_full',
  'relay_full',
  'relay_garbage',
  'relay_refused',
  'setup_code',
  'app_outdated',
  'app_mixed',
  'storage_refused',
  'storage_full',
  'other_tab',
  'lost_race',
  'needs_second',
  'last_director',
  'code_tablet',
  'pin_wrong',
  'pin_wait',
  'pin_closed',
  'pin_dropped',
  'pin_unfit',
  'not_plannable',
  'dissolved',
  'internal',
]);

function isCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && codes.has(value);
}

/** The stable code of whatever was thrown; what crossed a worker's border has lost its class. */
export function codeOf(thrown: unknown): ErrorCode {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  return isCode(code) ? code : 'internal';
}

/** One sentence per code. */
export function sentence(code: ErrorCode): string {
  return t(`error-${code}` satisfies PlainMessageId);
}

export interface Query<R> {
  readonly data: R | undefined;
  readonly error: ErrorCode | undefined;
  reload(): void;
}

/**
 * Asks the engine and asks again whenever the house has changed. The last answer stays on screen meanwhile; a different question
 * starts empty. `house` may be undefined: nothing is asked.
 */
export function useQuery<K extends keyof Queries>(
  house: () => string | undefined,
  name: K,
  args: () => Queries[K]['args'],
): Query<Queries[K]['result']> {
  const app = getApp();
  let data = $state.raw<Queries[K]['result']>();
  let error = $state.raw<ErrorCode>();
  let tries = $state(0);
  let asked = '';

  $effect(() => {
    const slot = house();
    const wanted = args();
    void tries;
    if (slot === undefined) return;
    void app.version(slot);
    const question = JSON.stringify([slot, wanted]);
    let current = true;
    untrack(() => {
      if (question !== asked) {
        asked = question;
        data = undefined;
        error = undefined;
      }
    });
    app.client.query(slot, name, wanted).then(
      (answer) => {
        if (!current) return;
        data = answer;
        error = undefined;
      },
      (thrown: unknown) => {
        if (!current) return;
        error = noteBlocking(app, codeOf(thrown));
      },
    );
    return () => (current = false);
  });

  return {
    get data() {
      return data;
    },
    get error() {
      return error;
    },
    reload: () => (tries += 1),
  };
}

function noteBlocking(app: App, code: ErrorCode): ErrorCode {
  if (code === 'other_tab') app.blocked = code;
  return code;
}

/** How often a change is tried again whose ground is said to be there, and is not yet. */
const buildTriesMax = 4;

/** A change of who belongs builds on earlier ones, once the relay has taken them: waits for those, then runs `work`. */
export async function build<R>(app: App, slot: string, work: () => Promise<R>): Promise<R> {
  for (let tries = 1; ; tries++) {
    await app.settled(slot);
    try {
      return await work();
    } catch (thrown) {
      if (codeOf(thrown) !== 'not_found') throw thrown;
      // What it builds on is known here and has not got through.
      if ((app.house(slot)?.waiting ?? 0) > 0) throw new EngineError('offline');
      if (tries === buildTriesMax) throw thrown;
      await app.changed(slot);
    }
  }
}

export class Action {
  busy = $state(false);
  error = $state.raw<ErrorCode>();
  readonly #app = getApp();

  /** Runs `work` unless it runs already; resolves with its result, or with `undefined` after a failure. */
  async run<R>(work: () => Promise<R>): Promise<R | undefined> {
    // An effect that starts the action must not depend on its progress.
    if (untrack(() => this.busy)) return undefined;
    this.busy = true;
    this.error = undefined;
    // A button that rests meanwhile loses the focus.
    const regainFocus = rememberFocus();
    try {
      return await work();
    } catch (thrown) {
      this.error = noteBlocking(this.#app, codeOf(thrown));
      return undefined;
    } finally {
      this.busy = false;
      regainFocus();
    }
  }

  async command<K extends keyof Commands>(
    slot: string,
    name: K,
    args: Commands[K]['args'],
  ): Promise<Commands[K]['result'] | undefined> {
    return this.run(() => this.#app.client.command(slot, name, args));
  }

  /** A command that builds on what was created before. */
  async build<K extends keyof Commands>(
    slot: string,
    name: K,
    args: Commands[K]['args'],
  ): Promise<Commands[K]['result'] | undefined> {
    return this.run(() => build(this.#app, slot, () => this.#app.client.command(slot, name, args)));
  }
}
