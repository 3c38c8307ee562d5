/** @file Tells why a file is set aside from what the module or the browser threw. */
import type { MediaFault } from '../../contract';

const faults: Readonly<Record<MediaFault, true>> = {
  empty: true,
  too_large: true,
  too_many_pixels: true,
  format_unsupported: true,
  not_a_picture: true,
  undecodable: true,
  not_a_pdf: true,
  storage_full: true,
  lost: true,
  withdrawn: true,
  refused: true,
  no_access: true,
};

/** The module's faults carry a code; a file that can no longer be read is lost. */
export function faultOf(thrown: unknown): MediaFault | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if (thrown.name === 'NotReadableError' || thrown.name === 'NotFoundError') return 'lost';
  const code = 'code' in thrown ? thrown.code : undefined;
  // What the device does not keep is an `EngineError`, and not for here.
  return typeof code === 'string' && code !== 'storage_full' && code in faults ? (code as MediaFault) : undefined;
}

/** As the module throws it. */
export function faultError(fault: MediaFault): Error {
  return Object.assign(new Error(fault), { code: fault });
}
