import { watchSilence } from './pictures.ts';
import { packetsOf } from './stats.ts';

export interface MendingDeps {
  /** Restarts the search for a way, or asks the side that makes offers. */
  restart(): void;
  /** The connection can't be repaired. */
  broken(): void;
  /** Returns whether the others say that they send something. */
  theySend(): boolean;
  /** Nothing arrives for now, or media arrive again. */
  silent(isSilent: boolean): void;
}

/** The time within which a new connection must begin. */
const NEW_MS = 4_000;
/** The time after a change of network until the way is searched again. */
const RESTART_AFTER_MS = 1_500;
/** The time within which that search must succeed. */
const REBUILD_AFTER_MS = 12_000;
/** The time without media from a sending side until repair begins; the silence is shown earlier. */
const MEND_SILENCE_MS = 7_000;

/** Returns whether an offer waits for an answer. The server keeps it for the other side; a second one would only add to it. */
export const isUnanswered = (connection: RTCPeerConnection): boolean =>
  connection.signalingState === 'have-local-offer';

/** Repairs a lost connection: first by searching a new way, then by a new connection. */
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
    // A way may be lost although the browser reports it as connected.
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

  /** Searches a new way at once, unless a search is in progress. */
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

  /** Replaces the connection, or waits longer while an offer has no answer yet. */
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
