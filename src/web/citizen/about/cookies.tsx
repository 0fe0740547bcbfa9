import { ATTEMPT_MINUTES as IDENTIFYING_MINUTES } from '../../../domain/identity.ts';
import { SESSION_MINUTES } from '../../../features/foundation/identification/rules.ts';
import { ATTEMPT_MINUTES } from '../../../features/foundation/sso/rules.ts';
import {
  CHALLENGE_MINUTES,
  KNOWN_DAYS,
  SESSION_HOURS,
} from '../../../features/foundation/staff/rules.ts';
import { cookieName } from '../../../lib/http/secret-cookie.ts';
import { SummaryList } from '../../../ui/parts.tsx';
import type { CitizenDeps, Visit } from '../visit.tsx';

/**
 * `/{language}/cookies`: citizens get none, unless they identify; the browser's own storage; the staff's cookies. `keepsPage`:
 * whether a page is kept offline.
 */
export function cookiesPage({ keepsPage, baseUrl }: Pick<CitizenDeps, 'keepsPage' | 'baseUrl'>) {
  return (visit: Visit): Response => {
    const { t } = visit;
    const citizens = [
      {
        name: 'finestreta.identifying',
        use: t('cookies.citizen.attempt'),
        keep: t('common.minutes', { count: IDENTIFYING_MINUTES }),
      },
      {
        name: 'finestreta.citizen',
        use: t('cookies.citizen.session'),
        keep: t('cookies.hours', { count: SESSION_MINUTES / 60 }),
      },
    ];
    const rows = [
      {
        name: 'finestreta.session_token',
        use: t('cookies.session'),
        keep: t('cookies.hours', { count: SESSION_HOURS }),
      },
      {
        name: 'finestreta.two_factor',
        use: t('cookies.second'),
        keep: t('common.minutes', { count: CHALLENGE_MINUTES }),
      },
      {
        name: 'finestreta.browser',
        use: t('account.cookie.browser'),
        keep: t('account.cookie.days', { count: KNOWN_DAYS }),
      },
      {
        name: 'finestreta.sso',
        use: t('people.sso.cookie'),
        keep: t('common.minutes', { count: ATTEMPT_MINUTES }),
      },
      { name: 'staff_language', use: t('cookies.language'), keep: t('cookies.year') },
    ];
    return visit.show(
      { title: t('cookies.title') },
      <>
        <h1>{t('cookies.title')}</h1>
        <p class="lead">{t('cookies.lead')}</p>
        <p>{t('cookies.text')}</p>
        <h2>{t('cookies.kept.title')}</h2>
        <p>{t(keepsPage ? 'cookies.kept.text' : 'cookies.nothing')}</p>
        <p>{t('cookies.papers')}</p>
        <h2>{t('cookies.citizen.title')}</h2>
        <p>{t('cookies.citizen.text')}</p>
        <Cookies rows={citizens} baseUrl={baseUrl} />
        <h2>{t('cookies.staff.title')}</h2>
        <p>{t('cookies.staff.text')}</p>
        <Cookies rows={rows} baseUrl={baseUrl} />
      </>,
    );
  };
}

interface Cookie {
  name: string;
  use: string;
  /** How long the browser keeps it. */
  keep: string;
}

function Cookies({ rows, baseUrl }: { rows: readonly Cookie[]; baseUrl: string }) {
  return (
    <SummaryList
      rows={rows.map(({ name, use, keep }) => ({
        label: cookieName(baseUrl, name),
        value: `${use}\n${keep}`,
      }))}
    />
  );
}
