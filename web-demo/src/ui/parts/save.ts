/** @file Gives the person a file that was made in this page. */

/** A browser that asks where to put it has time. */
const openMs = 60_000;

export function saveFile(name: string, contents: BlobPart, type: string): void {
  const address = URL.createObjectURL(new Blob([contents], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), openMs);
}
