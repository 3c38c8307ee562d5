/** @file Types of `photos.mjs`. */
import type { MediaFault } from '../src/engine/contract';

export interface Photo {
  readonly name: string;
  readonly bytes: Buffer;
  /** The number it was drawn from. */
  readonly seed: number;
  /** Upright. */
  readonly width: number;
  readonly height: number;
  /** As in EXIF, from 1. */
  readonly orientation: number;
}
export interface Wish {
  readonly width?: number;
  readonly height?: number;
  readonly quality?: number;
}
export interface BadFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** What is wrong with it, in the words of the contract. */
  readonly fault: MediaFault;
  readonly kind: 'picture' | 'file';
}
export function makePhoto(wish: Wish & { readonly seed: number }): Photo;
export function makePhotos(count: number, wish?: Wish & { readonly first?: number }): Photo[];
export function makeBadFiles(): readonly BadFile[];
/** The smallest PDF that shows a line of text. */
export function makePdf(title: string): Buffer;
/** Whether a JPEG shows this photo, upright. */
export function shows(jpeg: Uint8Array, seed: number): boolean;
/** Which of these photos a JPEG shows, upright; `undefined`: none of them. */
export function seedShown(jpeg: Uint8Array, seeds: readonly number[]): number | undefined;
/** Some stretches of its pixels, as red, green, blue and alpha in hex. */
export function pixelsOf(jpeg: Uint8Array): readonly string[];
/** What a JPEG has that it can be shown without. */
export function spareSegments(jpeg: Uint8Array): readonly string[];
/** Into a folder; returns their names. */
export function writePhotos(
  folder: string,
  files: readonly { readonly name: string; readonly bytes: Buffer }[],
): readonly string[];
