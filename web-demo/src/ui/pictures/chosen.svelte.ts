/**
 * @file Files that somebody chose and has not shown yet. They live in memory only; the engine takes them in when they are sent.
 */
import type { ChosenFile, MediaFault } from '../../engine/contract';

export interface ChosenOne {
  readonly key: number;
  readonly file: File;
  readonly kind: 'picture' | 'file';
  alt: string;
}

export interface Refused {
  readonly name: string;
  readonly fault: MediaFault;
}

/** A PDF says so by its type or, where the device knows none, by its name. */
function isPdf(file: File): boolean {
  return file.type === 'application/pdf' || (file.type === '' && /\.pdf$/i.test(file.name));
}

export class Chosen {
  list = $state<ChosenOne[]>([]);
  #count = 0;

  get pictures(): number {
    return this.list.filter((one) => one.kind === 'picture').length;
  }

  get files(): number {
    return this.list.length - this.pictures;
  }

  /** The same file chosen twice is one. */
  add(files: Iterable<File>): void {
    const fresh = [...files].filter((file) => !this.list.some((one) => isSame(one.file, file)));
    this.list.push(
      ...fresh.map((file) => ({
        key: ++this.#count,
        file,
        kind: isPdf(file) ? ('file' as const) : ('picture' as const),
        alt: '',
      })),
    );
  }

  remove(key: number): void {
    this.list = this.list.filter((one) => one.key !== key);
  }

  clear(): void {
    this.list = [];
  }

  /** For the engine. */
  all(): readonly ChosenFile[] {
    return this.list.map(({ file, kind, alt }) => ({ file, kind, alt: alt.trim() }));
  }
}

function isSame(a: File, b: File): boolean {
  return a === b || (a.name === b.name && a.size === b.size && a.lastModified === b.lastModified && a.lastModified > 0);
}

/** What was dropped or pasted, as far as it is files. */
export function droppedFiles(transfer: DataTransfer | null): readonly File[] {
  return transfer ? [...transfer.files] : [];
}
