import type { Office } from '../../../domain/office/types.ts';
import {
  credentials,
  type IceServer,
  isTurn,
  type RelaySettings,
  stunOf,
} from '../../../lib/calls/turn.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';

/** How long a browser may open new connections through the relay. */
const VALID_HOURS = 1;

/** The browser's connection settings (WebRTC, `RTCConfiguration`). */
export interface Ways {
  iceServers: IceServer[];
  /** `relay`: only through the relay, so that neither side learns the other's address. */
  iceTransportPolicy: 'all' | 'relay';
}

export interface Relay {
  /** Returns the STUN and relay servers for a browser, for one appointment of an office and one hour. */
  ways(office: Office, appointment: string): Ways;
}

export function createRelay(deps: {
  settings: RelaySettings | null;
  /** The machine's clock: relay names expire by real time, not by the demo's clock. */
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
      // The relay's log can match packets to each other, but not to an appointment.
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
