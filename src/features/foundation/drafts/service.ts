import { hkdfSync } from 'node:crypto';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { Broken, seal, unseal } from '../../../lib/envelope/seal.ts';
import { hashSecret, newSecret } from '../../../lib/secrets.ts';
import { deleteDraft, insertDraft, sweepDrafts } from './store.ts';
import { readDraft } from './views.ts';

/** How long the answer to a form is kept: as long as a time is held. */
export const LIVES_MINUTES = 10;

/** The answers to forms with mistakes, kept for some minutes under a secret in their address, so that a browser can ask for them again. */
export interface Drafts {
  /**
   * Keeps an answer. `place`: the address of its form; at another one it isn't found. `minutes`: for how long, by default `LIVES_MINUTES`.
   * Returns its secret.
   */
  keep(place: string, answer: Buffer, minutes?: number): Promise<string>;
  /** Returns the answer; null when there is none, it has expired, or it belongs to another place. */
  find(secret: string, place: string): Promise<Buffer | null>;
  /** Deletes an answer. An unknown secret deletes nothing. */
  drop(secret: string): Promise<void>;
  /** Deletes expired answers. Returns how many. */
  sweep(): Promise<number>;
}

export function createDrafts({ db, clock }: { db: Db; clock: Clock }): Drafts {
  return {
    async keep(place, answer, minutes = LIVES_MINUTES) {
      const secret = newSecret();
      const sealed = seal(keyOf(secret), Buffer.from(place), answer);
      const expires = clock.now().add({ minutes });
      await within(db, INSTALLATION, (tx) => insertDraft(tx, hashSecret(secret), sealed, expires));
      return secret;
    },
    async find(secret, place) {
      const sealed = await readDraft(db, hashSecret(secret), clock.now());
      return sealed && opened(keyOf(secret), place, sealed);
    },
    drop: (secret) => within(db, INSTALLATION, (tx) => deleteDraft(tx, hashSecret(secret))),
    sweep: () => within(db, INSTALLATION, (tx) => sweepDrafts(tx, clock.now())),
  };
}

/** Returns the key of an answer. It derives from the secret, of which the database has only a hash. */
const keyOf = (secret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', 'finestreta draft', 32));

function opened(key: Buffer, place: string, sealed: Buffer): Buffer | null {
  try {
    return unseal(key, Buffer.from(place), sealed);
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}
