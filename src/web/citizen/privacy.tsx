import type { ComponentChildren } from 'preact';
import type { Body, BodySettings } from '../../features/bodies/types.ts';
import { LIVES } from '../../features/journeys/types.ts';
import type { MessageKey, Translate } from '../../lib/i18n/translate.ts';
import { Say, SummaryList, Table } from '../../ui/parts.tsx';
import { Contact, withoutScheme } from './reach.tsx';
import { Paragraphs } from './shared.tsx';
import type { CitizenDeps, Visit } from './visit.tsx';

/** `/{language}/privacy`: who answers for the data; what is kept, why and for how long; what one may ask for. */
export function privacyPage({ bodies }: CitizenDeps) {
  return async (visit: Visit): Promise<Response> => {
    const { t } = visit;
    const all = await bodies.list();
    return visit.show(
      { title: t('privacy.title') },
      <>
        <h1>{t('privacy.title')}</h1>
        <p class="lead">{t('privacy.lead')}</p>
        <h2>{t('privacy.what.title')}</h2>
        {byRetention(all).map((those) => (
          <Kept key={those[0]?.code} bodies={those} t={t} />
        ))}
        <p>{t('privacy.copies')}</p>
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

/** Bodies that keep things equally long, together. */
function byRetention(bodies: readonly Body[]): Body[][] {
  const groups = Object.groupBy(bodies, (each) => JSON.stringify(each.settings.retention));
  return Object.values(groups).filter((each) => each !== undefined);
}

interface Row {
  code: 'journey' | 'contact' | 'notes' | 'evidence' | 'figures' | 'network';
  keep: string;
}

function rowsOf(t: Translate, retention: BodySettings['retention']): Row[] {
  const days = (count: number) =>
    count % 365 === 0
      ? t('privacy.keep.years', { count: count / 365 })
      : t('privacy.keep.days', { count });
  return [
    { code: 'journey', keep: t('privacy.row.journey.keep', LIVES) },
    { code: 'contact', keep: days(retention.contactDays) },
    { code: 'notes', keep: days(retention.notesDays) },
    { code: 'evidence', keep: days(retention.evidenceDays) },
    { code: 'network', keep: t('privacy.row.network.keep') },
    { code: 'figures', keep: t('privacy.row.figures.keep') },
  ];
}

function Kept({ bodies, t }: { bodies: readonly Body[]; t: Translate }) {
  const retention = bodies[0]?.settings.retention;
  if (!retention) return null;
  return (
    <Table
      caption={bodies.map((each, index) => (
        <>
          {index > 0 ? '; ' : null}
          <Say of={each.name} t={t} />
        </>
      ))}
      columns={[
        {
          head: `${t('privacy.what.data')}. ${t('privacy.what.use')}`,
          cell: ({ code }) => (
            <>
              {t(`privacy.row.${code}`)}
              <p class="soft light">{t(`privacy.row.${code}.use`)}</p>
            </>
          ),
        },
        { head: t('privacy.what.keep'), cell: ({ keep }) => keep },
      ]}
      rows={rowsOf(t, retention)}
      keyOf={({ code }) => code}
    />
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
