/** @file What devices are called on the screens. */
import type { DeviceEntry, House } from '../../engine/contract';
import { t } from '../../i18n/i18n.svelte';

/** How many a person can have; the core refuses more. */
export const devicesMax = 4;

/** Longest name of a device. */
export const deviceNameMax = 40;

export function nameOf(device: DeviceEntry): string {
  if (device.sheet) return t('devices-sheet');
  if (device.name) return device.name;
  return device.this ? t('devices-this-one') : t('devices-unnamed');
}

/** Whoever is no tablet may have a recovery sheet of their own. */
export function mayHaveSheet(house: House): boolean {
  return house.role !== 'place' && house.dissolved !== true;
}
