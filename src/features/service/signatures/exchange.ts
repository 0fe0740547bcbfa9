import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import { programAttempt } from './program.ts';
import { isLate } from './rules.ts';
import { sealPart } from './sealing.ts';
import type { SignaturesDeps } from './service.ts';
import { keepResult, noteFetched, noteSeen } from './store.ts';
import { readExchangeBy, readSignature } from './views.ts';

/** Identifiers as programs have them. Others are not looked for. */
const NAME = /^[A-Za-z\d]{16,20}$/;

/** Finds an open attempt by what a program names; null: there is none, or it is too late. */
async function found({ db, clock }: SignaturesDeps, what: 'file' | 'result', name: string) {
  if (!NAME.test(name)) return null;
  const exchange = await within(db, INSTALLATION, (tx) =>
    readExchangeBy(tx, what, hashSecret(name)),
  );
  const row =
    exchange && (await within(db, exchange.office, (tx) => readSignature(tx, exchange.id)));
  return exchange && row && !isLate(row, clock.now()) ? { exchange, row } : null;
}

/** Returns what a program fetches, once: whoever sees the identifier later gets nothing. */
export async function fetchRequest(deps: SignaturesDeps, file: string): Promise<string | null> {
  const of = await found(deps, 'file', file);
  const provider = of && (await deps.provider(of.row.way));
  if (!of || provider?.kind !== 'program') return null;
  return within(deps.db, of.row.office, async (tx) => {
    if (!(await noteFetched(tx, of.row.id, deps.clock.now()))) return null;
    const attempt = await programAttempt(deps, tx, of.row);
    return attempt && provider.body(attempt.attempt);
  });
}

/** Returns whether anybody waits for what a program puts under an identifier. */
export const isAwaited = async (deps: SignaturesDeps, result: string): Promise<boolean> =>
  (await found(deps, 'result', result)) !== null;

/**
 * Takes what a program puts: that it is at work, or, once, what it made. It is read when the browser is back, or soon by the job. Returns whether
 * anybody waits for it.
 */
export async function putResult(
  deps: SignaturesDeps,
  result: string,
  text: string,
): Promise<boolean> {
  const of = await found(deps, 'result', result);
  const provider = of && (await deps.provider(of.row.way));
  if (!of || provider?.kind !== 'program') return false;
  const now = deps.clock.now();
  const { id, office } = of.row;
  return within(deps.db, office, async (tx) => {
    if (provider.isWaiting(text)) {
      await noteSeen(tx, id, now);
      return true;
    }
    const place = { id: of.row.case, office };
    const sealed = await sealPart(deps.keyring, tx, place, { what: 'result', id, text });
    return keepResult(tx, id, { result: sealed, now });
  });
}
