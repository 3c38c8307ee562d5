/**
 * @file What the page and the engine say to each other. Mirrors `core/src/app/` (commands in, views out): the core decides,
 * the page shows. Ids are lower-case hex, times are milliseconds since 1970 (claims, never decisions), days are
 * `YYYY-MM-DD` in the house's civil calendar.
 */
import type { Commands } from './commands';
import type { Queries } from './queries';
import type { House, InviteGreeting, MediaFault, MediaTarget, RecoverySheet } from './views';

export type * from './commands';
export type * from './queries';
export type * from './views';

/** How a typed code stands. */
export type CodeCheck =
  | { readonly state: 'partial' | 'complete' }
  /** `groups`: from 1, where the slip must be if there is but one; empty where nobody can tell. */
  | { readonly state: 'mistyped'; readonly groups: readonly number[] };

/** Errors carry a stable code; the page has one sentence per code. What the person wrote is kept in every case. */
export type ErrorCode =
  | 'code_mistyped'
  | 'code_unknown'
  | 'code_used'
  | 'code_expired'
  | 'code_revoked'
  | 'code_foreign'
  | 'code_already_member'
  | 'offline'
  | 'not_allowed'
  | 'not_found'
  | 'empty'
  | 'too_long'
  | 'bad_day'
  | 'quota_full'
  | 'relay_full'
  | 'relay_garbage'
  | 'relay_refused'
  /** The relay takes new houses only with the operator's setup code, and this was not it. */
  | 'setup_code'
  | 'app_outdated'
  /** Parts of the app are of different versions, e.g. in two windows. */
  | 'app_mixed'
  | 'storage_refused'
  | 'storage_full'
  | 'other_tab'
  | 'lost_race'
  /** Takes a second director, or the recovery sheet. */
  | 'needs_second'
  | 'last_director'
  /** The letter is for what lies behind the PINs of a group's tablet; or, there, it is not. */
  | 'code_tablet'
  | 'pin_wrong'
  | 'pin_wait'
  | 'pin_closed'
  | 'pin_dropped'
  | 'pin_unfit'
  | 'not_plannable'
  | 'dissolved'
  | 'internal';
export class EngineError extends Error {
  constructor(readonly code: ErrorCode) {
    super(code);
  }
}

/** What somebody outside writes. */
export interface OutsideWords {
  readonly name: string;
  readonly contact: string;
  readonly text: string;
}

/** What a recovery sheet opens. */
export interface Unfolded {
  readonly houseName: string;
  readonly fingerprint: string;
  /** It is somebody's own sheet, and opens for them alone. */
  readonly own: boolean;
  /** Who directs it, or whose sheet it is. `devices` are those that may be ended with it. */
  readonly people: readonly { readonly person: string; readonly name: string; readonly devices: number }[];
}

/** What came of a recovery sheet, and the next one: drawn, and worth nothing before it is said to be printed. */
export interface Regained {
  readonly slot: string;
  readonly sheet: RecoverySheet;
}

/** A file that somebody chose. */
export interface ChosenFile {
  readonly file: File;
  readonly kind: 'picture' | 'file';
  /** What is to be seen; for pictures. */
  readonly alt: string;
}

/** What became of chosen files: each is safe on this device, or was set aside at once. */
export interface Taken {
  readonly taken: number;
  readonly refused: readonly { readonly name: string; readonly fault: MediaFault }[];
}

/** What the page holds. Implemented by `client.ts` over a worker. */
export interface EngineClient {
  /** Houses of this device, kept current. */
  houses(): readonly House[];
  onHouses(listener: (houses: readonly House[]) => void): () => void;
  /** Called when anything shown for that house may have changed. */
  onChanged(listener: (slot: string) => void): () => void;
  query<K extends keyof Queries>(slot: string, name: K, args: Queries[K]['args']): Promise<Queries[K]['result']>;
  command<K extends keyof Commands>(slot: string, name: K, args: Commands[K]['args']): Promise<Commands[K]['result']>;
  /** Founds a house; resolves once the relay has it. `sheet` must be printed before the house opens. */
  found(args: {
    readonly houseName: string;
    readonly directorName: string;
    readonly helpLine: string;
    readonly notice: string;
    /** Where the operator asks for one. */
    readonly setupCode?: string;
  }): Promise<{ readonly slot: string; readonly sheet: RecoverySheet }>;
  /** Checks the typed or scanned code and fetches the greeting. Consumes nothing. */
  openInvite(code: string): Promise<InviteGreeting>;
  /** Pure and local: how a code stands while it is typed. */
  checkCode(code: string): Promise<CodeCheck>;
  /** Presents this device; resolves with the slot whose `digits` are to be compared. */
  join(code: string): Promise<{ readonly slot: string }>;
  /**
   * Writes to a house by its public link, without belonging to it. Resolves once the relay keeps it; `code_unknown`: the link is
   * none any more, `code_foreign`: the relay shows keys that are not the house's, `quota_full`: not today.
   */
  writeOutside(link: string, words: OutsideWords): Promise<void>;
  /** Checks a recovery sheet (its code and its house's, or its link) and brings back who could take a device up with it. */
  unfoldSheet(house: string, code: string): Promise<Unfolded>;
  /**
   * Makes this device one of that person's, ends their others if wanted, and draws the next sheet. The one that was typed in stays
   * good until that is printed: then `renew_sheet` makes it count where it is this person's, and `replaceSheet` where it is the house's.
   */
  recover(house: string, code: string, person: string, endOthers: boolean): Promise<Regained>;
  /** The house's next sheet is printed. `oldStillValid`: it counts now, and the old one could not be ended. */
  replaceSheet(house: string, code: string, next: string): Promise<{ readonly oldStillValid: boolean }>;
  /** A new set id for `addMedia` and the text that goes with it. */
  newSet(): string;
  /**
   * Takes files in; resolves when every one is safe on this device or set aside. `onProgress` tells how many were looked at. The rest
   * (preparing, sealing, sending) goes on by itself, also after a restart.
   */
  addMedia(
    slot: string,
    to: MediaTarget,
    set: string,
    files: readonly ChosenFile[],
    onProgress?: (done: number) => void,
  ): Promise<Taken>;
  /** A picture's JPEG: from this device, or fetched. Throws `offline`, or `not_found` where nobody keeps it any more. */
  picture(slot: string, id: string, size: 'thumb' | 'full'): Promise<Blob>;
  /** An attachment's bytes. Throws as `picture`. */
  file(slot: string, id: string): Promise<Blob>;
  /** Sets up what lies behind the PINs of a tablet, with its letter and the first PIN. Resolves with the slot whose digits are compared. */
  joinPin(open: string, code: string, person: string, pin: string): Promise<{ readonly slot: string }>;
  /** Throws `pin_wrong`, `pin_wait`, `pin_closed`, `pin_dropped`. */
  unlock(open: string, person: string, pin: string): Promise<{ readonly slot: string }>;
  lock(open: string): Promise<void>;
  /** Somebody is at it. */
  touch(open: string): Promise<void>;
  /** While it is unlocked. `null`: this person's is removed. Throws `pin_unfit`. */
  setPin(open: string, person: string, pin: string | null): Promise<void>;
  /** Forgets a house on this device (after "access ended", or a join given up). */
  forget(slot: string): Promise<void>;
}
