import type { ComponentChildren } from 'preact';
import type { Office, OfficeSettings } from '../../../domain/office/types.ts';
import { LIVES } from '../../../features/booking/journeys/types.ts';
import { LIVES_MINUTES } from '../../../features/foundation/drafts/service.ts';
import type { MessageKey, Translate } from '../../../lib/i18n/translate.ts';
import { Say, SummaryList, Table } from '../../../ui/parts.tsx';
import { formatPeriod } from '../../words/periods.ts';
import { GuideLink } from '../guide.tsx';
import { Paragraphs, withoutScheme } from '../shared.tsx';
import type { CitizenDeps, Visit } from '../visit.tsx';
import { Contact } from './reach.tsx';

/**
 * `/{language}/privacy`: the data controller; the kept data, the reason and the period; the reader's rights.
 */
export function privacyPage(deps: Pick<CitizenDeps, 'offices' | 'backups' | 'assets'>) {
  return async (visit: Visit): Promise<Response> => {
    const { t } = visit;
    const all = await deps.offices.list();
    return visit.show(
      { title: t('privacy.title') },
      <>
        <h1>{t('privacy.title')}</h1>
        <p class="lead">{t('privacy.lead')}</p>
        <h2>{t('privacy.what.title')}</h2>
        <Kept offices={all} t={t} />
        <p>{copies(t, deps.backups?.keptDays ?? null)}</p>
        <GuideLink visit={visit} assets={deps.assets} page="privacy" />
        <h2>{t('privacy.never.title')}</h2>
        <Lines
          t={t}
          keys={['privacy.never.track', 'privacy.never.record', 'privacy.never.decide']}
        />
        <h2>{t('privacy.who.title')}</h2>
        <Who visit={visit} />
        <h2>{t('privacy.why.title')}</h2>
        <Paragraphs text={t('privacy.why.text')} />
        <h2>{t('privacy.sees.title')}</h2>
        <Recipients visit={visit} />
        <h2>{t('privacy.rights.title')}</h2>
        <Rights visit={visit} />
      </>,
    );
  };
}

const copies = (t: Translate, days: number | null): string =>
  days === null ? t('privacy.copies') : t('privacy.copies.days', { period: formatPeriod(t, days) });

const ROWS = [
  'journey',
  'draft',
  'contact',
  'documents',
  'device',
  'companions',
  'call',
  'waiting',
  'messages',
  'notes',
  'evidence',
  'payments',
  'muted',
  'network',
  'figures',
] as const;
type RowCode = (typeof ROWS)[number];

const DAYS_OF = {
  contact: 'contactDays',
  documents: 'documentsHours',
  device: 'contactDays',
  companions: 'contactDays',
  call: 'notesDays',
  waiting: 'contactDays',
  messages: 'notesDays',
  notes: 'notesDays',
  evidence: 'evidenceDays',
  payments: 'paymentDays',
} as const satisfies Partial<Record<RowCode, keyof OfficeSettings['retention']>>;

function Kept({ offices, t }: { offices: readonly Office[]; t: Translate }) {
  return (
    <Table
      caption={t('privacy.what.caption')}
      columns={[
        {
          head: t('privacy.what.data'),
          cell: (code) => (
            <>
              {t(`privacy.row.${code}`)}
              <p class="soft">{t(`privacy.row.${code}.use`)}</p>
            </>
          ),
        },
        {
          head: t('privacy.what.keep'),
          cell: (code) => <HowLong of={code} offices={offices} t={t} />,
        },
      ]}
      rows={ROWS}
      keyOf={(code) => code}
    />
  );
}

/** One period for all offices, or each office's own. */
function HowLong({ of, offices, t }: { of: RowCode; offices: readonly Office[]; t: Translate }) {
  if (of === 'journey') return t('privacy.row.journey.keep', LIVES);
  if (of === 'draft') return t('common.minutes', { count: LIVES_MINUTES });
  if (of === 'muted' || of === 'network' || of === 'figures') return t(`privacy.row.${of}.keep`);
  const say = (days: number) =>
    of === 'waiting' || of === 'documents'
      ? t(`privacy.row.${of}.keep`, { count: days })
      : t(of === 'payments' ? 'privacy.row.payments.keep' : 'privacy.keep.after', {
          period: formatPeriod(t, days),
        });
  const lengths = offices.map((office) => ({
    office,
    days: office.settings.retention[DAYS_OF[of]],
  }));
  const [first] = lengths;
  if (first && lengths.every((each) => each.days === first.days)) return say(first.days);
  return (
    <ul class="plain">
      {lengths.map(({ office, days }) => (
        <li key={office.code}>
          <Say of={office.name} t={t} />: {say(days)}
        </li>
      ))}
    </ul>
  );
}

function Lines({ t, keys }: { t: Translate; keys: readonly MessageKey[] }) {
  return (
    <ul>
      {keys.map((each) => (
        <li key={each}>{t(each)}</li>
      ))}
    </ul>
  );
}

function Who({ visit }: { visit: Visit }) {
  const { t, town } = visit;
  const { controller, address, dpo } = town.privacy ?? {};
  const rows: { label: string; value: ComponentChildren }[] = [
    {
      label: t('privacy.who.controller'),
      value: controller ? (
        <Say of={controller} t={t} />
      ) : (
        t('privacy.who.fallback', { town: town.name })
      ),
    },
    ...(address ? [{ label: t('privacy.who.address'), value: address }] : []),
    ...(town.contact
      ? [{ label: t('privacy.who.contact'), value: <Contact of={town.contact} /> }]
      : []),
    ...(dpo?.email || dpo?.url
      ? [{ label: t('privacy.who.dpo'), value: <Contact of={dpo} /> }]
      : []),
  ];
  return <SummaryList rows={rows} />;
}

function Recipients({ visit: { t, town } }: { visit: Visit }) {
  const others = town.privacy?.recipients ?? [];
  return (
    <>
      <p>{t('privacy.sees.text')}</p>
      {others.length > 0 ? (
        <>
          <p>{t('privacy.sees.others')}</p>
          <ul>
            {others.map((each) => (
              <li key={JSON.stringify(each)}>
                <Say of={each} t={t} />
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}

function Rights({ visit: { t, town } }: { visit: Visit }) {
  const authority = town.privacy?.authority;
  return (
    <>
      <p>{t('privacy.rights.can')}</p>
      <Lines
        t={t}
        keys={[
          'privacy.rights.see',
          'privacy.rights.correct',
          'privacy.rights.erase',
          'privacy.rights.limit',
          'privacy.rights.object',
        ]}
      />
      <p>{t('privacy.rights.how')}</p>
      <p>
        {t('privacy.rights.complain')}{' '}
        {authority ? (
          <a href={authority.url}>
            <Say of={authority.name} t={t} />
          </a>
        ) : (
          t('privacy.rights.authorities')
        )}
        {authority ? ` (${withoutScheme(authority.url)}).` : '.'}
      </p>
    </>
  );
}
