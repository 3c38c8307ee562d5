/**
 * @file What the engine's worker asks of the media worker, and what it answers. Secrets of blobs pass here and nowhere else: the page
 * and the channel between tabs never see them.
 */
import type { ErrorCode, MediaFault } from '../contract';
import type { BlobRef, MediaKind, Original, OwnBlob } from '../edge';

/** A picture or file as it will be sent. */
export interface Prepared {
  readonly full: OwnBlob;
  readonly thumb?: OwnBlob;
  readonly width?: number;
  readonly height?: number;
  /** ThumbHash. */
  readonly hash?: string;
}

/** Why a request to the relay came to nothing, as far as somebody can act on it. */
export type Trouble =
  /** No answer, or half of one. */
  | 'network'
  /** Our ticket is too old. */
  | 'ticket'
  /** There is no such blob or reservation for us. */
  | 'absent'
  /** These bytes are not what was announced. */
  | 'mismatch'
  | 'too_large'
  /** Too many requests; `afterMs` says when there may be more. */
  | 'busy'
  /** The relay or this house's share of it is full. */
  | 'full'
  /** Anything else; nobody here knows better than to try again later. */
  | 'refused'
  /** Our own file is gone. */
  | 'lost';

export interface Failed {
  readonly trouble: Trouble;
  readonly afterMs?: number;
  /** Of a download: some of it came all the same. */
  readonly came?: true;
}

/** Each job by its name. A job may be carried out twice: a worker that dies over it is replaced, and asked again. */
export interface Jobs {
  /** Looks at a chosen file and keeps it, sealed, under this id. Where there is no room for that, prepares it at once. */
  take: {
    readonly args: { readonly slot: string; readonly id: string; readonly kind: MediaKind; readonly file: File };
    readonly result:
      | { readonly kept: Original }
      | { readonly prepared: Prepared; readonly bytes: number }
      | { readonly fault: MediaFault };
  };
  /** From a kept original to sealed blobs on this device. */
  prepare: {
    readonly args: {
      readonly slot: string;
      readonly id: string;
      readonly kind: MediaKind;
      readonly original: Original;
    };
    readonly result: { readonly prepared: Prepared } | { readonly fault: MediaFault };
  };
  /** Asks the relay for room; which parts it lacks. */
  reserve: {
    readonly args: { readonly slot: string; readonly circle: string; readonly blob: string; readonly ticket: string };
    readonly result: { readonly missing: readonly number[] } | Failed;
  };
  /** Sends one part. */
  part: {
    readonly args: { readonly slot: string; readonly blob: string; readonly part: number; readonly ticket: string };
    readonly result: { readonly sent: true } | Failed;
  };
  /** A blob, opened: from this device, or with a ticket from the relay. `type`: what the page is to take it for. */
  read: {
    readonly args: {
      readonly slot: string;
      readonly blob: BlobRef;
      readonly type: string;
      /** May give way to others when there are too many. */
      readonly evictable: boolean;
      /** Without one: only if it is here. */
      readonly ticket?: string;
    };
    readonly result: { readonly opened: Blob } | Failed;
  };
  /**
   * Deletes what nobody names, and makes room among what is evictable. `originals`: ids; `keep` and `evictable`: blobs. Answers with
   * those of `keep` that are not here.
   */
  tidy: {
    readonly args: {
      readonly slot: string;
      readonly originals: readonly string[];
      readonly keep: readonly string[];
      readonly evictable: readonly string[];
    };
    readonly result: { readonly absent: readonly string[] };
  };
  /** Deletes an original, and these blobs. */
  drop: {
    readonly args: { readonly slot: string; readonly original: string; readonly blobs: readonly string[] };
    readonly result: Record<string, never>;
  };
  /** Deletes everything of a slot. */
  forget: { readonly args: { readonly slot: string }; readonly result: Record<string, never> };
  /** Deletes everything of slots that do not exist. */
  sweep: { readonly args: { readonly slots: readonly string[] }; readonly result: Record<string, never> };
}

export type JobName = keyof Jobs;
export type Job = { readonly [K in JobName]: { readonly name: K; readonly args: Jobs[K]['args'] } }[JobName];

export type ToMedia =
  | { readonly kind: 'job'; readonly id: number; readonly job: Job }
  /** Nobody waits for it any more. */
  | { readonly kind: 'cancel'; readonly id: number };

export type FromMedia =
  | { readonly kind: 'done'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorCode }
  /** The module has trapped, or could not be loaded. */
  | { readonly kind: 'dead' };
