import { createHash, randomBytes } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { hashSecret, type KeyVersion, type PurposeKey, sameHash } from '../../../lib/secrets.ts';
import {
  formatTicket,
  isBusy,
  isBusyList,
  LIVES_MINUTES,
  NUMBERS,
  readTicket,
  textOf,
  WAIT_SECONDS,
} from './rules.ts';
import type { Challenge, Purpose, Verdict } from './types.ts';
import { readPressure } from './views.ts';

/**
 * Asks a browser for some computation, or for a short wait without scripts, before a time is held or the wait list joined. A
 * person has nothing to see, hear or solve; it is expensive for bulk bookers.
 */
export interface ProofOfWork {
  /** Returns whether the office needs it now from this sender. */
  isOwed(office: Office, sender: Buffer, before?: 'booking' | 'waiting'): Promise<boolean>;
  issue(purpose: Purpose): Challenge;
  /**
   * Checks a ticket with its answer, or without one after the wait. It stores nothing: `Journeys.start` makes sure that a ticket
   * is used for one booking, and a form of the wait list makes one entry.
   */
  check(purpose: Purpose, ticket: string, answer: string): Verdict;
}

export interface ProofOfWorkDeps {
  db: Db;
  clock: Clock;
  key: PurposeKey;
}

export function createProofOfWork({ db, clock, key }: ProofOfWorkDeps): ProofOfWork {
  /** Returns the number to find. The check needs nothing else, so neither the number nor a table of them is stored. */
  const numberOf = (by: KeyVersion, salt: string): number =>
    Buffer.from(by.derive(`challenge number ${salt}`), 'base64url').readUInt32BE() % NUMBERS;
  const proofOf = (by: KeyVersion, purpose: Purpose, salt: string, madeAt: number): string => {
    const { office, procedure, channel, language, what, sender } = purpose;
    const said = [office, procedure, channel, language, what, sender.toString('hex')];
    return by.derive(`challenge ${JSON.stringify([salt, madeAt, ...said])}`);
  };
  const challengeOf = (by: KeyVersion, ticket: string, salt: string): Challenge => {
    const text = textOf(salt, numberOf(by, salt));
    const target = createHash('sha256').update(text).digest('hex');
    return { ticket, salt, target, below: NUMBERS };
  };
  const nowInSeconds = () => Math.floor(clock.now().epochMilliseconds / 1000);

  return {
    async isOwed(office, sender, before = 'booking') {
      const { challenge, holdsPerAddress } = office.settings.booking;
      if (challenge !== 'busy') return challenge === 'always';
      const pressure = await within(db, office.id, (tx) => readPressure(tx, sender, clock.now()));
      const desks = office.desks.length;
      if (before === 'waiting' && isBusyList(pressure, desks)) return true;
      return isBusy(pressure, { holdsPerAddress, desks });
    },

    issue(purpose) {
      const salt = randomBytes(12).toString('base64url');
      const madeAt = nowInSeconds();
      const by = key.at(key.version);
      const proof = proofOf(by, purpose, salt, madeAt);
      return challengeOf(by, formatTicket({ salt, madeAt, proof }), salt);
    },

    check(purpose, text, answer) {
      const ticket = readTicket(text);
      if (!ticket) return { verdict: 'void' };
      const { salt, madeAt, proof } = ticket;
      const by = key
        .live()
        .find((each) =>
          sameHash(hashSecret(proof), hashSecret(proofOf(each, purpose, salt, madeAt))),
        );
      if (!by) return { verdict: 'void' };
      const age = nowInSeconds() - madeAt;
      if (age < 0 || age >= LIVES_MINUTES * 60) return { verdict: 'void' };
      if (answer !== '')
        return { verdict: answer === String(numberOf(by, salt)) ? 'passed' : 'void' };
      const seconds = WAIT_SECONDS - age;
      if (seconds > 0) return { verdict: 'early', seconds, challenge: challengeOf(by, text, salt) };
      return { verdict: 'passed' };
    },
  };
}
