import { UA, WebSocketInterface } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession.js';
import type { IncomingRTCSessionEvent, OutgoingRTCSessionEvent } from 'jssip/lib/UA.js';
import type { Credentials } from '../../features/service/softphone/types.ts';
import { askCredentials } from './server.ts';

/** Whether the exchange knows us, or why not; the names are those of the words. */
export type Registration = 'connecting' | 'ready' | 'lost' | 'refused' | 'noSecret' | 'signedOut';

interface Told {
  registration(state: Registration): void;
  incoming(session: RTCSession): void;
}

export interface Line {
  dial(number: string, stream: MediaStream): RTCSession;
  close(): void;
}

const AGAIN_MS = 10_000;
/** What proxies on the way close as idle, they close after a minute or more. */
const REGISTER_SECONDS = 50;

/** Registers at the exchange and stays so: with new credentials before the old ones end, and again after it was lost. */
export function openLine(base: string, isBusy: () => boolean, told: Told): Line {
  let ua: UA | null = null;
  let domain = '';
  let timer = 0;
  let isClosed = false;
  let isRenewed = false;

  const later = (work: () => void, ms: number) => {
    clearTimeout(timer);
    if (!isClosed) timer = window.setTimeout(work, ms);
  };

  const open = async () => {
    const answer = await askCredentials(base, true);
    if (isClosed) return;
    if (!answer.ok) {
      told.registration(answer.why);
      if (answer.why === 'lost') later(open, AGAIN_MS);
      return;
    }
    const { credentials } = answer;
    domain = credentials.uri.split('@')[1] ?? '';
    ua = start(credentials);
    later(renew, (credentials.seconds * 1000) / 2);
  };

  const renew = async () => {
    // A call is work, even where nobody touches anything.
    const answer = await askCredentials(base, !isBusy());
    if (isClosed || !ua) return;
    if (!answer.ok) {
      if (answer.why === 'lost') return later(renew, AGAIN_MS);
      told.registration(answer.why);
      if (!isBusy()) ua.stop();
      return;
    }
    const { user, password, seconds } = answer.credentials;
    ua.set('authorization_user', user);
    ua.set('password', password);
    later(renew, (seconds * 1000) / 2);
  };

  const start = ({ url, uri, user, password }: Credentials): UA => {
    const made = new UA({
      sockets: [new WebSocketInterface(url)],
      uri,
      authorization_user: user,
      password,
      register_expires: REGISTER_SECONDS,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 10,
      user_agent: 'Finestreta',
    });
    made.on('registered', () => {
      isRenewed = false;
      told.registration('ready');
    });
    made.on('disconnected', () => {
      if (!isClosed) told.registration('lost');
    });
    made.on('registrationFailed', ({ response }) => {
      const status = response?.status_code ?? 0;
      if (isClosed || status === 0) return told.registration('lost');
      // The credentials may have ended while the exchange was away: once more with new ones.
      if (!isRenewed && (status === 401 || status === 403 || status === 407)) {
        isRenewed = true;
        void renew().then(() => made.register());
      } else told.registration(status >= 500 ? 'lost' : 'refused');
    });
    made.on(
      'newRTCSession',
      ({ session, originator }: IncomingRTCSessionEvent | OutgoingRTCSessionEvent) => {
        if (originator === 'remote') told.incoming(session);
      },
    );
    made.start();
    return made;
  };

  told.registration('connecting');
  void open();

  return {
    dial(number, stream) {
      if (!ua) throw new Error('There is no line');
      return ua.call(`sip:${number}@${domain}`, { mediaStream: stream });
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      ua?.stop();
    },
  };
}
