import { watchSilence } from './pictures.ts';
import { packetsOf } from './stats.ts';

export interface MendingDeps {
  /** Looks for the way anew, or asks the side that offers to. */
  restart(): void;
  /** The connection is beyond mending. */
  broken(): void;
  /** Whether they say that they send something. */
  theySend(): boolean;
  /** Nothing of it arrives for now, or something does again. */
  silent(isSilent: boolean): void;
}

/** Nothing has begun by then. */
const NEW_MS = 4_000;
/** A network that changes is given so long before the way is looked for anew. */
const RESTART_AFTER_MS = 1_500;
/** Then, for so long, that it succeeds. */
const REBUILD_AFTER_MS = 12_000;
/** Nothing arrives of somebody who sends, beyond what is said at once. */
const MEND_SILENCE_MS = 7_000;

/** An offer waits at the server until the other side hears it: another would only be one more to hear. */
export const isUnanswered = (connection: RTCPeerConnection): boolean =>
  connection.signalingState === 'have-local-offer';

/** Mends a connection whose way is gone: the way is looked for anew, and then all of it. */
export class Mending {
  readonly #connection: RTCPeerConnection;
  readonly #deps: MendingDeps;
  readonly #unbegun: number;
  readonly #silence: { stop(): void };
  #restart = 0;
  #rebuild = 0;
  #quiet = 0;

  constructor(connection: RTCPeerConnection, deps: MendingDeps) {
    this.#connection = connection;
    this.#deps = deps;
    this.#rebuildLater();
    this.#unbegun = window.setInterval(() => {
      if (!isUnanswered(connection) && connection.iceConnectionState === 'new') deps.broken();
    }, NEW_MS);
    // A way may be gone although the browser calls it connected.
    this.#silence = watchSilence(
      () => connection.connectionState === 'connected' && deps.theySend(),
      () => packetsOf(connection),
      (isSilent) => this.#silent(isSilent),
    );
  }

  connected(): void {
    clearTimeout(this.#restart);
    clearTimeout(this.#rebuild);
    clearInterval(this.#unbegun);
    this.#restart = 0;
    this.#rebuild = 0;
  }

  lost(state: 'disconnected' | 'failed'): void {
    const after = state === 'failed' ? 0 : RESTART_AFTER_MS;
    this.#restart ||= window.setTimeout(() => this.restart(), after);
    this.#rebuildLater();
  }

  /** Looks for the way anew at once, unless that is under way. */
  restart(): void {
    this.#restart = 0;
    if (!isUnanswered(this.#connection)) this.#deps.restart();
  }

  stop(): void {
    for (const each of [this.#restart, this.#rebuild, this.#quiet]) clearTimeout(each);
    clearInterval(this.#unbegun);
    this.#silence.stop();
  }

  #rebuildLater(): void {
    this.#rebuild ||= window.setTimeout(() => this.#giveUp(), REBUILD_AFTER_MS);
  }

  /** Made anew, unless what would help is still on its way. */
  #giveUp(): void {
    this.#rebuild = 0;
    if (isUnanswered(this.#connection)) this.#rebuildLater();
    else this.#deps.broken();
  }

  #silent(isSilent: boolean): void {
    this.#deps.silent(isSilent);
    clearTimeout(this.#quiet);
    if (isSilent) {
      this.#quiet = window.setTimeout(() => {
        this.restart();
        this.#rebuildLater();
      }, MEND_SILENCE_MS);
    } else if (this.#connection.connectionState === 'connected') {
      clearTimeout(this.#rebuild);
      this.#rebuild = 0;
    }
  }
}
