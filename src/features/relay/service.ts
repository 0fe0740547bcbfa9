import type { Clock } from '../../lib/clock.ts';
import type { InstallationKey } from '../../lib/secrets.ts';
import { credentials, type IceServer, isTurn, type RelaySettings, stunOf } from '../../lib/turn.ts';

/** For how long a browser may open new ways through the relay. */
const VALID_HOURS = 1;

export interface Relay {
  /** What a browser needs to be found and relayed, for one appointment and an hour; empty where there is no relay. */
  servers(appointment: string): IceServer[];
}

export function createRelay(deps: {
  settings: RelaySettings | null;
  clock: Clock;
  key: InstallationKey;
}): Relay {
  const { settings, clock, key } = deps;
  return {
    servers(appointment) {
      if (!settings) return [];
      const { urls, secret } = settings;
      const stun = stunOf(urls);
      const turn = urls.filter(isTurn);
      // The relay's log tells whose packets are whose, and not which appointment's.
      const name = key.derive(`relay ${appointment}`).slice(0, 12);
      const until = clock.now().add({ hours: VALID_HOURS });
      return [
        ...(stun.length > 0 ? [{ urls: stun }] : []),
        ...(turn.length > 0 && secret ? [{ urls: turn, ...credentials(secret, name, until) }] : []),
      ];
    },
  };
}
