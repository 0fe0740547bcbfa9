import type { Scope } from '../../../domain/scopes.ts';
import {
  isUnused,
  SOON_DAYS,
  stateOf,
  UNUSED_DAYS,
} from '../../../features/foundation/tokens/rules.ts';
import type { TokenInfo } from '../../../features/foundation/tokens/types.ts';
import type { MessageKey } from '../../../lib/i18n/translate.ts';
import { Notice, Table, Tag } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../../console/visit.tsx';

/** The permission that each scope gives, in plain words. */
export const SCOPE_TEXTS: Record<Scope, MessageKey> = {
  'catalogue:read': 'admin.tokens.scope.catalogue',
  'slots:read': 'admin.tokens.scope.slots',
  'appointments:read': 'admin.tokens.scope.read',
  'appointments:write': 'admin.tokens.scope.write',
  'contacts:write': 'admin.tokens.scope.contacts',
  'cases:read': 'admin.tokens.scope.cases',
  'cases:write': 'admin.tokens.scope.casesWrite',
  'answers:read': 'admin.tokens.scope.answers',
  'requests:read': 'admin.tokens.scope.requests',
  'requests:write': 'admin.tokens.scope.requestsWrite',
};

const ORDER = ['ending', 'in_force', 'expired', 'revoked'];

/** The office's tokens, active ones first, with the tasks they need. `here`: the page's address. */
export function TokenList(props: { visit: DeskVisit; list: readonly TokenInfo[]; here: string }) {
  const { visit, here } = props;
  const { t, now } = visit;
  const list = props.list
    .map((token) => ({ ...token, state: stateOf(token, now) }))
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.id - b.id);
  if (list.length === 0) return <p>{t('admin.tokens.none')}</p>;
  const ending = list.filter((each) => each.state === 'ending').map((each) => each.name);
  const unused = list.filter((each) => isUnused(each, now)).map((each) => each.name);
  return (
    <>
      {ending.length > 0 ? (
        <Notice kind="warn">
          {t('admin.tokens.endingSoon', { days: SOON_DAYS, names: ending.join(', ') })}
        </Notice>
      ) : null}
      {unused.length > 0 ? (
        <Notice kind="warn">
          {t('admin.tokens.unused', { days: UNUSED_DAYS, names: unused.join(', ') })}
        </Notice>
      ) : null}
      <div class="listed">
        <Table
          caption={t('admin.tokens.caption')}
          columns={[
            { head: t('admin.tokens.name'), cell: (row) => <About visit={visit} token={row} /> },
            {
              head: t('admin.tokens.since'),
              cell: (row) => labelled(t('admin.tokens.since'), visit.dates.shortDay(row.createdAt)),
            },
            {
              head: t('admin.tokens.used'),
              cell: (row) => labelled(t('admin.tokens.used'), lastUseOf(visit, row)),
            },
            {
              head: t('admin.tokens.until'),
              cell: (row) => labelled(t('admin.tokens.until'), lastDayOf(visit, row)),
            },
            {
              head: t('admin.tokens.state'),
              cell: (row) => <State visit={visit} token={row} here={here} />,
            },
          ]}
          rows={list}
          keyOf={(row) => String(row.id)}
        />
      </div>
    </>
  );
}

type Row = TokenInfo & { state: ReturnType<typeof stateOf> };

function About({ visit: { t }, token }: { visit: DeskVisit; token: Row }) {
  const may = token.scopes.map((each) => t(SCOPE_TEXTS[each])).join(' · ');
  const networks = token.networks.join(', ');
  return (
    <>
      {token.name}
      <span class="token-may small soft">{may}</span>
      {networks ? (
        <span class="token-may small soft">{t('admin.tokens.onlyFrom', { networks })}</span>
      ) : null}
    </>
  );
}

function State({ visit: { t }, token, here }: { visit: DeskVisit; token: Row; here: string }) {
  if (token.state === 'revoked') return <Tag kind="plain">{t('admin.tokens.revoked')}</Tag>;
  if (token.state === 'expired') return <Tag kind="plain">{t('admin.tokens.expired')}</Tag>;
  return (
    <>
      {token.state === 'ending' ? <Tag kind="warn">{t('admin.tokens.ending')}</Tag> : null}{' '}
      <a class="act" href={`${here}/${token.id}/end`}>
        {t('admin.tokens.revoke')}
        <span class="hide">: {token.name}</span>
      </a>
    </>
  );
}

function lastUseOf({ t, dates, office }: DeskVisit, { lastUsedOn, watchedSince }: Row): string {
  if (lastUsedOn) return dates.shortDay(noonOf(lastUsedOn, office.timeZone));
  return t(watchedSince ? 'admin.tokens.unknown' : 'admin.tokens.never');
}

/** The end is the first moment of the following day. */
const lastDayOf = ({ dates }: DeskVisit, { expiresAt }: Row): string =>
  dates.shortDay(expiresAt.subtract({ seconds: 1 }));

const noonOf = (day: string, timeZone: string) =>
  Temporal.PlainDateTime.from(`${day}T12:00`).toZonedDateTime(timeZone).toInstant();

/** A cell with its label, for narrow screens where the table has no heads. */
const labelled = (label: string, text: string) => (
  <>
    <span class="label soft">{label}: </span>
    {text}
  </>
);
