import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import {
  credentials,
  type IceServer,
  isTurn,
  type RelaySettings,
  stunOf,
} from '../../../lib/turn.ts';

/** For how long a browser may open new ways through the relay. */
const VALID_HOURS = 1;

/** What a browser makes its connections with (WebRTC, `RTCConfiguration`). */
export interface Ways {
  iceServers: IceServer[];
  /** `relay`: through the relay alone, so that neither side learns the other's address. */
  iceTransportPolicy: 'all' | 'relay';
}

export interface Relay {
  /** What a browser needs to be found and relayed, for one appointment of an office and an hour. */
  ways(office: Office, appointment: string): Ways;
}

export function createRelay(deps: {
  settings: RelaySettings | null;
  /** The relay's: names end by the real time, whatever the demo's clock says. */
  relayClock: Clock;
  key: PurposeKey;
}): Relay {
  const { settings, relayClock, key } = deps;
  return {
    ways(office, appointment) {
      const iceTransportPolicy = office.settings.video.relay === 'always' ? 'relay' : 'all';
      if (!settings) return { iceServers: [], iceTransportPolicy };
      const { urls, secret } = settings;
      const stun = stunOf(urls);
      const turn = urls.filter(isTurn);
      // The relay's log tells whose packets are whose, and not which appointment's.
      const name = key.derive(`relay ${appointment}`).slice(0, 12);
      const until = relayClock.now().add({ hours: VALID_HOURS });
      const iceServers = [
        ...(stun.length > 0 ? [{ urls: stun }] : []),
        ...(turn.length > 0 && secret ? [{ urls: turn, ...credentials(secret, name, until) }] : []),
      ];
      return { iceServers, iceTransportPolicy };
    },
  };
}
