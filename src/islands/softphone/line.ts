import { UA, WebSocketInterface } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession.js';
import type { IncomingRTCSessionEvent, OutgoingRTCSessionEvent } from 'jssip/lib/UA.js';
import type { Credentials } from '../../features/service/softphone/types.ts';
import { askCredentials } from './server.ts';

/** The state of the registration at the exchange; the names are those of the words. */
export type Registration = 'connecting' | 'ready' | 'lost' | 'refused' | 'noSecret' | 'signedOut';

interface Told {
  registration(state: Registration): void;
  incoming(session: RTCSession): void;
}

const AGAIN_MS = 10_000;
/** Proxies on the way close idle connections after a minute or more. */
const REGISTER_SECONDS = 50;

/** Registers at the exchange and stays registered: it renews credentials before they end, and registers again after an interruption. */
export class Line {
  readonly #base: string;
  readonly #isBusy: () => boolean;
  readonly #told: Told;
  #ua: UA | null = null;
  #domain = '';
  #timer = 0;
  #registering = 0;
  #isClosed = false;
  #isRenewed = false;

  constructor(base: string, isBusy: () => boolean, told: Told) {
    this.#base = base;
    this.#isBusy = isBusy;
    this.#told = told;
  }

  open(): void {
    this.#told.registration('connecting');
    void this.#begin();
  }

  dial(number: string, stream: MediaStream): RTCSession {
    if (!this.#ua) throw new Error('There is no line');
    return this.#ua.call(`sip:${number}@${this.#domain}`, { mediaStream: stream });
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#registering);
    this.#ua?.stop();
  }

  #later(work: () => void, ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = window.setTimeout(work, ms);
  }

  /** Renews the credentials when half of their time is over. */
  #renewAfter({ seconds }: Credentials): void {
    this.#later(() => void this.#renew(), (seconds * 1000) / 2);
  }

  async #begin(): Promise<void> {
    const answer = await askCredentials(this.#base, true);
    if (this.#isClosed) return;
    if (!answer.ok) {
      this.#told.registration(answer.why);
      if (answer.why === 'lost') this.#later(() => void this.#begin(), AGAIN_MS);
      return;
    }
    const { credentials } = answer;
    this.#domain = credentials.uri.split('@')[1] ?? '';
    this.#ua = this.#start(credentials);
    this.#renewAfter(credentials);
  }

  async #renew(): Promise<void> {
    // A call counts as activity, even without a press.
    const answer = await askCredentials(this.#base, !this.#isBusy());
    if (this.#isClosed || !this.#ua) return;
    if (!answer.ok) {
      if (answer.why === 'lost') {
        if (!this.#ua.isRegistered()) this.#told.registration('lost');
        return this.#later(() => void this.#renew(), AGAIN_MS);
      }
      this.#told.registration(answer.why);
      if (!this.#isBusy()) this.#ua.stop();
      return;
    }
    const { user, password } = answer.credentials;
    this.#ua.set('authorization_user', user);
    this.#ua.set('password', password);
    this.#renewAfter(answer.credentials);
    this.#register();
  }

  /** Registers where that failed before: JsSIP tries again only when it connects anew. */
  #register(): void {
    clearTimeout(this.#registering);
    if (this.#ua?.isConnected() && !this.#ua.isRegistered()) this.#ua.register();
  }

  #start({ url, uri, user, password }: Credentials): UA {
    const ua = new UA({
      sockets: [new WebSocketInterface(url)],
      uri,
      authorization_user: user,
      password,
      register_expires: REGISTER_SECONDS,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 10,
      user_agent: 'Finestreta',
    });
    ua.on('registered', () => {
      this.#isRenewed = false;
      this.#told.registration('ready');
    });
    ua.on('disconnected', () => {
      if (!this.#isClosed) this.#told.registration('lost');
    });
    ua.on('registrationFailed', ({ response }) => this.#failed(response?.status_code ?? 0));
    ua.on(
      'newRTCSession',
      ({ session, originator }: IncomingRTCSessionEvent | OutgoingRTCSessionEvent) => {
        if (originator === 'remote') this.#told.incoming(session);
      },
    );
    ua.start();
    return ua;
  }

  /** `status`: of the exchange's answer; 0: none. */
  #failed(status: number): void {
    if (this.#isClosed) return;
    // The credentials may have ended while the exchange was away: one more try with new ones.
    if (!this.#isRenewed && (status === 401 || status === 403 || status === 407)) {
      this.#isRenewed = true;
      void this.#renew();
      return;
    }
    const isAway = status === 0 || status === 408 || status >= 500;
    this.#told.registration(isAway ? 'lost' : 'refused');
    clearTimeout(this.#registering);
    if (isAway) this.#registering = window.setTimeout(() => this.#register(), AGAIN_MS);
  }
}
