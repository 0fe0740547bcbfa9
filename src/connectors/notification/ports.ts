import type { NotificationSettings } from '../../domain/office/connectors/notification.ts';
import type { NotificationPort } from '../../features/service/notifications/types.ts';
import type { Clock } from '../../lib/clock.ts';
import type { SigningKey } from '../../lib/keys/registry.ts';
import { createEnotum } from './enotum/enotum.ts';

export interface NotificationPortDeps {
  key: SigningKey | null;
  /** The machine's clock, not the demonstration's. */
  clock: Clock;
}

/** Returns the adapter of where a town notifies electronically; null: in the folder. */
export const notificationAdapter = (
  settings: NotificationSettings | undefined,
  town: string,
  deps: NotificationPortDeps,
): NotificationPort | null =>
  settings?.kind === 'enotum' ? createEnotum({ settings, town, ...deps }) : null;
