import { randomUUID } from 'node:crypto';
import { companyIn } from '../../../domain/identity.ts';
import { type Notifying, tellCase } from '../cases/service.ts';
import type { NotificationsDeps } from './deps.ts';
import { whyHere } from './elsewhere/rules.ts';
import { owe } from './elsewhere/store.ts';
import { isElsewhere } from './elsewhere/views.ts';
import { expiryOf, isTold, lastDayOf, wayTo } from './rules.ts';
import { insertNotification } from './store.ts';
import { tellRepresented } from './telling.ts';
import { readChoice, readOfCase } from './views.ts';

/** Makes notifications of decisions, in the unit of work that issues them. */
export const createNotifying = ({ keyring }: Pick<NotificationsDeps, 'keyring'>): Notifying => ({
  async decided(unit, office, { row, hash, bytes, applicant, known }) {
    const { tx, now } = unit;
    const { person, level, decideBy } = row;
    const represents = applicant?.represents?.identifier ?? null;
    const choice = person === null ? null : await readChoice(tx, person);
    const electronic = choice?.electronic ?? null;
    const { way, reason } = wayTo({ isIdentified: person !== null, represents, electronic });
    const isThere = way === 'electronic' && (await isElsewhere(tx));
    const here = isThere ? whyHere({ applicant, known, bytes }) : null;
    const via = isThere && here === null ? 'enotum' : 'folder';
    const isOurs = way === 'electronic' && via === 'folder';
    const expiresAt = isOurs ? expiryOf(now, office.timeZone) : null;
    const id = randomUUID();
    await insertNotification(unit, {
      id,
      case: row.id,
      way,
      via,
      here,
      reason,
      chosenAt: choice?.at ?? null,
      person,
      organisation: represents && companyIn(represents),
      level,
      hash,
      decideBy,
      expiresAt,
    });
    if (via === 'enotum') await owe(unit, id);
    const until = lastDayOf({ expiresAt, depositedAt: null }, office.timeZone);
    await tellCase(unit, row.id, 'notification_made', {
      ...{ way, via, reason, hash },
      ...(until && { until: until.toString() }),
    });
    const { representation } = row;
    if (person !== null && representation?.organisation === null)
      await tellRepresented(keyring, unit, person, 'waiting');
    return { until };
  },

  async isOpen({ tx, now }, id) {
    const found = await readOfCase(tx, id);
    return !found || isTold(found, now);
  },
});
