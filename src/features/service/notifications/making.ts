import { randomUUID } from 'node:crypto';
import { companyIn } from '../../../domain/identity.ts';
import { type Notifying, tellCase } from '../cases/service.ts';
import { expiryOf, isTold, lastDayOf, wayTo } from './rules.ts';
import { insertNotification } from './store.ts';
import { readChoice, readOfCase } from './views.ts';

/** Makes notifications of decisions, in the unit of work that issues them. */
export const createNotifying = (): Notifying => ({
  async decided(unit, office, { row, hash, applicant }) {
    const { tx, now } = unit;
    const { person, level, decideBy } = row;
    const represents = applicant?.represents?.identifier ?? null;
    const choice = person === null ? null : await readChoice(tx, person);
    const electronic = choice?.electronic ?? null;
    const { way, reason } = wayTo({ isIdentified: person !== null, represents, electronic });
    const expiresAt = way === 'electronic' ? expiryOf(now, office.timeZone) : null;
    await insertNotification(unit, {
      id: randomUUID(),
      case: row.id,
      way,
      reason,
      chosenAt: choice?.at ?? null,
      person,
      organisation: represents && companyIn(represents),
      level,
      hash,
      decideBy,
      expiresAt,
    });
    const until = lastDayOf({ expiresAt }, office.timeZone);
    await tellCase(unit, row.id, 'notification_made', {
      ...{ way, reason, hash },
      ...(until && { until: until.toString() }),
    });
    return { until };
  },

  async isOpen({ tx, now }, id) {
    const found = await readOfCase(tx, id);
    return !found || isTold(found, now);
  },
});
