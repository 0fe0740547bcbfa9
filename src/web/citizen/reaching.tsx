import { type ReachKind, type ReachWay, waysToReach } from '../../domain/office/reaching.ts';
import type { Office, Town } from '../../domain/office/types.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Phone, withoutScheme } from './shared.tsx';
import { urls } from './urls.ts';

interface Reached {
  t: Translate;
  town: Pick<Town, 'contact'>;
  office: Office | null;
}

/**
 * A sentence, and all the ways to reach the office: a person who can't telephone always finds another way. Nothing where none is declared.
 */
export function Reach({ visit, lead }: { visit: Reached; lead: string }) {
  if (waysToReach(visit.town, visit.office).length === 0) return null;
  return (
    <div class="reach">
      <p>{lead}</p>
      <ReachList visit={visit} />
    </div>
  );
}

/** The ways to reach an office as a list. `without`: kinds that the page shows elsewhere. */
export function ReachList(props: { visit: Reached; without?: readonly ReachKind[] }) {
  const { visit, without = [] } = props;
  const ways = waysToReach(visit.town, visit.office).filter(({ kind }) => !without.includes(kind));
  return (
    <ul>
      {ways.map((way) => (
        <li key={way.kind}>
          <Way visit={visit} way={way} />
        </li>
      ))}
    </ul>
  );
}

function Way({ visit, way: { kind, value } }: { visit: Reached; way: ReachWay }) {
  const { t, office } = visit;
  switch (kind) {
    case 'phone':
      return (
        <>
          {t('reach.by.phone')} <Phone number={value} />
        </>
      );
    case 'email':
      return (
        <>
          {t('reach.by.email')} <a href={`mailto:${value}`}>{value}</a>
        </>
      );
    case 'form':
      return <a href={value}>{t('reach.by.form')}</a>;
    case 'relay':
      return (
        <>
          {t('reach.by.relay')} <a href={value}>{withoutScheme(value)}</a>
        </>
      );
    case 'place':
      return (
        <>
          {t('reach.by.place')}{' '}
          {office ? <a href={`${urls(t.language).office(office.code)}#walk-in`}>{value}</a> : value}
        </>
      );
  }
}
