import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { entered, ISSUE, issued, type ReceiptsDeps } from './issuing.ts';
import { readUnissued } from './views.ts';

/** An entry this old has been left by whoever handed it in without a look at its receipt. */
const OLD = { minutes: 1 };
/** For how long it is tried. Whoever asks for it later still gets it. */
const TRIED = { hours: 24 * 30 };
/** The most receipts in one pass. */
const AT_ONCE = 50;
/** So many that fail end a pass: most likely the seal can't be used now. */
const MOST_FAILURES = 5;

/**
 * Issues the receipts of entries of which nobody has asked for one (Ley 39/2015, art. 16.3), the newest first, so that one that always fails holds up none.
 * Returns how many.
 */
export async function issueMissing(deps: ReceiptsDeps): Promise<number> {
  const { db, clock, cases, offices } = deps;
  const now = clock.now();
  const missing = await within(db, INSTALLATION, (tx) =>
    readUnissued(tx, { from: now.subtract(TRIED), until: now.subtract(OLD), most: AT_ONCE }),
  );
  let made = 0;
  const failures: unknown[] = [];
  for (const { office: of, about } of missing) {
    if (failures.length === MOST_FAILURES) break;
    try {
      const office = await offices.byId(of);
      const all = await cases.handedIn(ISSUE, office, about.split(' ')[1] ?? '');
      const found = all?.find((each) => each.about === about);
      const receipt = found && (await entered(deps, office, found));
      // A case that was destroyed needs none.
      if (!receipt) continue;
      if (await issued(deps, office, receipt)) made++;
      else failures.push(new Error(`There is no receipt of ${about}`));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Some receipts were not issued');
  return made;
}
