/** @file What devices are called on the screens. */
import type { DeviceEntry } from '../../engine/contract';
import { t } from '../../i18n/i18n.svelte';

/** How many a person can have; the core refuses more. */
export const devicesMax = 4;

/** Longest name of a device. */
export const deviceNameMax = 40;

export function nameOf(device: DeviceEntry): string {
  return device.name ?? (device.this ? t('devices-this-one') : t('devices-unnamed'));
}
