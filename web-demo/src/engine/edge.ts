/**
 * @file The shapes that cross to the WASM module, as `wasm/src/convert.rs` has them. Both sides are held to
 * `wasm/golden/*.json`. Nothing outside `src/engine` knows them.
 */
import type { Alarm, InviteGreeting, MediaFault, MediaTarget, Role } from './contract';

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
  | 'link_up'
  | 'link_down'
  | 'tick'
  /** A ticket for blobs is asked for as soon as the session is live; `ticket` follows. */
  | 'ticket_wanted'
  | { readonly [N in keyof Inputs]: Readonly<Record<N, Inputs[N]>> }[keyof Inputs];

export type Output =
  | { readonly type: 'store'; readonly id: number; readonly writes: readonly Write[] }
  | { readonly type: 'send'; readonly bytes: Uint8Array }
  | { readonly type: 'close' }
  /** Another engine is to go on from what is stored. */
  | { readonly type: 'restart' }
  | {
      readonly type: 'done';
      readonly id: number;
      readonly result: { readonly ok: unknown } | { readonly error: string };
    }
  | { readonly type: 'changed' }
  /** Shown to the relay with every request for a blob; opaque. */
  | { readonly type: 'ticket'; readonly bytes: Uint8Array }
  | { readonly type: 'idle'; readonly until: number | null };

/** A house as its engine sums it up: `House` less the slot. */
export interface Summary {
  readonly name: string;
  readonly fingerprint: string;
  readonly role: Role;
  readonly stage: 'joining' | 'member' | 'ended';
  readonly link: 'offline' | 'connecting' | 'online';
  readonly waiting: number;
  readonly media: { readonly queued: number; readonly failed: number; readonly paused: boolean };
  readonly alarms: readonly Alarm[];
  readonly digits?: readonly string[];
  readonly deviceName?: string;
  readonly me: { readonly person: string; readonly name: string };
  readonly address?: string;
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

/** Of an outsider's conversation. */
export type OutsiderStep = { readonly type: 'send'; readonly bytes: Uint8Array } | { readonly type: 'sent' };

/** What opens a blob. Ids and secrets in hex. It goes to the media worker and never to a page. */
export interface BlobRef {
  readonly id: string;
  readonly secret: string;
  /** Opened. */
  readonly bytes: number;
}

/** A blob of our own, sealed on this device. */
export interface OwnBlob extends BlobRef {
  readonly sealed: number;
}

export type MediaKind = 'picture' | 'file';

/** A sealed original on this device. */
export interface Original {
  readonly secret: string;
  /** As chosen. */
  readonly bytes: number;
}

/** A picture or file of this device that the relay does not have yet; of those that were set aside, what may be tried again. */
export interface TransferEdge {
  readonly id: string;
  readonly stage: 'kept' | 'ready' | 'sent' | 'failed';
  readonly kind: MediaKind;
  readonly name: string;
  /** The circle that will hold it, in hex. */
  readonly circle: string;
  readonly original?: Original | null;
  readonly blobs: readonly OwnBlob[];
  readonly order: number;
}

/** What a picture or file consists of. */
export interface MediaRefs {
  readonly full: BlobRef;
  readonly thumb?: BlobRef | null;
}

/** Which blobs a visible picture or file names. */
export interface MediaIndexed {
  readonly item: string;
  readonly full: string;
  readonly thumb?: string | null;
  readonly at: number;
}

/** Commands that the host gives and no page. Said again, or of what is gone, they are done. */
export interface HostCommands {
  /** Originals lie sealed on this device. `id`: drawn by the host; it becomes the item's. */
  take_media: {
    readonly args: {
      readonly to: MediaTarget;
      readonly set: string;
      readonly files: readonly (Original & {
        readonly id: string;
        readonly kind: MediaKind;
        readonly name: string;
        readonly alt: string;
      })[];
    };
    readonly result: Record<string, never>;
  };
  /** Stripped and sealed. `thumb`, `width`, `height` and `hash` (hex) of pictures. */
  media_ready: {
    readonly args: {
      readonly id: string;
      readonly full: OwnBlob;
      readonly thumb?: OwnBlob;
      readonly width?: number;
      readonly height?: number;
      readonly hash?: string;
    };
    readonly result: Record<string, never>;
  };
  media_failed: {
    readonly args: { readonly id: string; readonly fault: MediaFault };
    readonly result: Record<string, never>;
  };
  /** Every part of all its blobs is at the relay. */
  media_sent: { readonly args: { readonly id: string }; readonly result: Record<string, never> };
}

/** The engine of one house. Synchronous; throws errors with a `code`. */
export interface EngineEdge {
  handle(now: number, input: Input): readonly Output[];
  query(now: number, query: Call): unknown;
  summary(): Summary;
  /** In the order of sending. */
  transfers(): readonly TransferEdge[];
  /** Of an item or of a transfer that is ready; `undefined` when there is none. */
  media(item: string): MediaRefs | null | undefined;
  /** Of everything that this person may see, newest first. */
  mediaIndex(): readonly MediaIndexed[];
  house(): string | undefined;
  /** What a device answers that is to be added to a person. */
  answer(): string | undefined;
  free(): void;
}

export interface DoorEdge {
  received(bytes: Uint8Array): DoorStep;
  free(): void;
}

/** An outsider hands in one message. `received` works for a second or so when the relay asks for it. */
export interface OutsiderEdge {
  received(bytes: Uint8Array): OutsiderStep;
  free(): void;
}

/** The WASM module. */
export interface EngineModule {
  readonly version: () => string;
  readonly tables: () => string[];
  readonly newSecrets: () => Secrets;
  /** A stock age passphrase file under the PIN and the tablet's 32 bytes. */
  readonly sealPin: (secrets: Secrets, pin: string, tablet: Uint8Array) => Uint8Array;
  /** `undefined`: another PIN. */
  readonly openPin: (file: Uint8Array, pin: string, tablet: Uint8Array) => Secrets | undefined;
  readonly isPinFit: (pin: string) => boolean;
  readonly checkCode: (text: string) => 'partial' | 'mistyped' | 'complete';
  readonly Engine: {
    found(origin: string, secrets: Secrets, args: FoundArgs): EngineEdge;
    join(origin: string, secrets: Secrets, visitor: Visitor): EngineEdge;
    open(origin: string, secrets: Secrets, rows: readonly Row[]): EngineEdge;
    /** To be added by the recovery sheet. */
    pair(origin: string, secrets: Secrets, house: string, person: string): EngineEdge;
    /** The recovery sheet as a device; nothing of it is stored. Throws `code_mistyped`. */
    unfoldSheet(origin: string, house: string, sheet: string): EngineEdge;
  };
  readonly Door: new (origin: string, code: string) => DoorEdge;
  /** Throws `code_mistyped`, `empty`, `too_long`. */
  readonly Outsider: new (
    origin: string,
    link: string,
    name: string,
    contact: string,
    text: string,
    now: number,
  ) => OutsiderEdge;
}

/** Limits of pictures and files, from `core/src/media/limit.rs`. */
export interface MediaLimits {
  /** Longest side of a prepared picture and of its thumbnail, pixels. */
  readonly fullSide: number;
  readonly thumbSide: number;
  /** Longest JPEG of each, bytes. */
  readonly fullBytes: number;
  readonly thumbBytes: number;
  /** Longest picture and longest attachment that are taken in, bytes. */
  readonly originalBytes: number;
  readonly fileBytes: number;
  /** How much of a picture's beginning `checkPicture` is shown at first, bytes. */
  readonly headBytes: number;
  /** How much of an attachment's beginning and end `checkPdf` is shown, bytes. */
  readonly pdfHeadBytes: number;
  readonly pdfTailBytes: number;
  /** Length of every part of a sealed blob but the last, bytes. */
  readonly partBytes: number;
}

/** What a file is, whatever its name says. */
export type MediaFormat =
  | 'jpeg'
  | 'png'
  | 'webp'
  | 'gif'
  | 'avif'
  | 'heic'
  | 'tiff'
  | 'bmp'
  /** JPEG XL, JPEG 2000, Photoshop, a camera's raw data. */
  | 'other_picture'
  | 'pdf'
  | 'svg'
  | 'html'
  | 'other';

export interface PictureInfo {
  readonly format: MediaFormat;
  /** As stored, before it is turned upright. */
  readonly width: number;
  readonly height: number;
  /** Why it is set aside if this browser does not decode it. */
  readonly fault: MediaFault;
}

/** A JPEG of which nothing but the picture is left. */
export interface CleanJpeg {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface SealedBlob {
  /** The last sealed bytes. */
  readonly bytes: Uint8Array;
  /** Name of the blob, 64 hex digits. */
  readonly id: string;
  /** 64 hex digits. */
  readonly secret: string;
  /** Length at the relay. */
  readonly sealedBytes: number;
}

/** Seals what is pushed. Any split of the bytes does; only chunks of 64 KiB are held. */
export interface BlobSealerEdge {
  /** Returns the sealed bytes that follow so far; often none. */
  push(bytes: Uint8Array): Uint8Array;
  /** Once, when all plain bytes were pushed. Throws `internal` when there were fewer or more. */
  finish(): SealedBlob;
  free(): void;
}

/**
 * Opens what is pushed, from the first byte on and without gaps, in any split. What `push` returns is authentic, but that it is the whole
 * blob of this name is known only when `finish` returns: show nothing before. Throws `broken` for everything that does not hold; the object
 * is of no use then.
 */
export interface BlobOpenerEdge {
  /** Returns the plain bytes that follow so far, without the padding; often none. */
  push(sealed: Uint8Array): Uint8Array;
  finish(): void;
  free(): void;
}

/** Reads a sealed blob once, in any split, and says what to ask the relay for before its parts are sent. */
export interface BlobReserveEdge {
  push(sealed: Uint8Array): void;
  /** Throws `broken` for a blob that no relay takes. `id`: compare it to the one that is known. `body`: of `POST /blob`. */
  finish(): { readonly id: string; readonly body: Uint8Array };
  free(): void;
}

/** Pictures, files and their sealing, for the media worker. Pure: knows no house. Throws errors with a `code`. */
export interface MediaModule {
  readonly mediaLimits: () => MediaLimits;
  /** From the first bytes (a few hundred do). */
  readonly sniff: (head: Uint8Array) => MediaFormat;
  /**
   * Whether a file of `bytes` that begins with `head` may be handed to the browser's decoder. `undefined`: this much does not tell; ask again
   * with more. With the whole file there is always an answer. Throws a `MediaFault`.
   */
  readonly checkPicture: (head: Uint8Array, bytes: number) => PictureInfo | undefined;
  /**
   * Keeps the segments that make the picture and drops the rest; then checks that nothing else is left. For what a canvas wrote, not for a
   * camera's file: orientation and colour profile go too. Throws a `MediaFault`.
   */
  readonly cleanJpeg: (bytes: Uint8Array, sideMax: number, bytesMax: number) => CleanJpeg;
  /** `head` and `tail`: the first `pdfHeadBytes` and the last `pdfTailBytes` of a file of `bytes`. Throws a `MediaFault`. */
  readonly checkPdf: (head: Uint8Array, tail: Uint8Array, bytes: number) => void;
  /** Length of a blob with this much in it, sealed; for progress, and to know a complete file from a cut one. */
  readonly sealedBytes: (plainBytes: number) => number;
  /** `plainBytes`: exactly what will be pushed. Draws a secret for it. */
  readonly BlobSealer: new (plainBytes: number) => BlobSealerEdge;
  /** Without `id` for what never leaves the device: a file as it was chosen. Throws `broken`. */
  readonly BlobOpener: new (secret: string, plainBytes: number, id?: string) => BlobOpenerEdge;
  /** `circle` in hex. */
  readonly BlobReserve: new (circle: string) => BlobReserveEdge;
  /** Numbers of the parts that the relay lacks, ascending, from the answer to `POST /blob`. Throws `relay_garbage`. */
  readonly missingParts: (answer: Uint8Array) => Uint32Array;
}
