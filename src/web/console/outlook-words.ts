import { firstNameOf } from '../../domain/names.ts';
import type { Outlook } from '../../features/service/coordination/types.ts';
import type { DeskVisit } from './visit.tsx';

type Naming = Pick<DeskVisit, 't' | 'dates' | 'office' | 'people' | 'now'>;

/** Returns what the agent of a desk is at, and when they are free, in words: "Núria is with somebody since 9:40, free about 9:55". */
export function formatOutlook(visit: Naming, desk: number, outlook: Outlook): string {
  const { t, dates, office, people, now } = visit;
  const { standing, freeAt, until } = outlook;
  if (!standing) return t('freeNow.desk.nobody');
  const name = people.get(desk);
  const values = {
    who: name ? firstNameOf(name) : (office.desk(desk)?.name ?? ''),
    since: dates.time(standing.since),
    free: freeAt ? dates.time(freeAt) : '',
    until: until ? dates.time(until) : '',
  };
  switch (standing.state) {
    case 'away':
    case 'break':
      return t(`freeNow.desk.${standing.state}`, values);
    case 'in_call':
      return t(isSoon(freeAt, now) ? 'freeNow.desk.ending' : 'freeNow.desk.in_call', values);
    case 'wrap_up':
      return t('freeNow.desk.wrap_up', values);
    case 'available': {
      if (freeAt && Temporal.Instant.compare(freeAt, now) > 0)
        return t('freeNow.desk.before', values);
      return t(until ? 'freeNow.desk.freeUntil' : 'freeNow.desk.free', values);
    }
  }
}

const isSoon = (freeAt: Temporal.Instant | null, now: Temporal.Instant): boolean =>
  freeAt !== null && Temporal.Instant.compare(freeAt, now) <= 0;
