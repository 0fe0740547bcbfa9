import { STATEMENT_PREPARED } from '../../../domain/office/trust.ts';
import type { Town } from '../../../domain/office/types.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import type { Texts } from '../../../lib/i18n/languages.ts';
import { Say, SummaryList } from '../../../ui/parts.tsx';
import type { Visit } from '../visit.tsx';
import { Contact } from './reach.tsx';

type Statement = NonNullable<Town['accessibility']>;
type Why = Statement['exceptions'][number]['why'];

/** The known gaps of Finestreta itself, in any town. A fixed gap is removed here. */
const OWN = [
  { key: 'accessibility.own.rtt', why: 'not-met' },
  { key: 'accessibility.own.elsewhere', why: 'out-of-scope' },
] as const;
const CAUSES: readonly Why[] = ['not-met', 'burden', 'out-of-scope'];

/** `/{language}/accessibility`: the statement of RD 1112/2018, in the parts that Decision (EU) 2018/1523 sets. */
export function accessibilityPage() {
  return (visit: Visit): Response => {
    const { t, town, to } = visit;
    const statement = town.accessibility;
    const status = statement?.status ?? 'partially';
    return visit.show(
      { title: t('accessibility.title') },
      <>
        <h1>{t('accessibility.title')}</h1>
        <p class="lead">{t('accessibility.lead')}</p>
        <h2>{t('accessibility.status.title')}</h2>
        <p>
          <strong>{t(`accessibility.status.${status}`)}</strong>
        </p>
        <p>{t('accessibility.norm')}</p>
        <h2>{t('accessibility.missing.title')}</h2>
        {CAUSES.map((why) => (
          <Missing key={why} visit={visit} why={why} own={statement?.exceptions ?? []} />
        ))}
        <h2>{t('accessibility.prepared.title')}</h2>
        <Prepared visit={visit} statement={statement} />
        <h2>{t('accessibility.tell.title')}</h2>
        <p>{t('accessibility.tell.text')}</p>
        <Contact of={statement?.contact ?? town.contact} />
        <h2>{t('accessibility.claim.title')}</h2>
        <p>{t('accessibility.claim.text')}</p>
        {statement?.complaints ? (
          <p>
            <a href={statement.complaints}>{t('accessibility.claim.link')}</a>
          </p>
        ) : null}
        <p>
          <a href={to.about('help')}>{t('help.title')}</a>
        </p>
      </>,
    );
  };
}

function Missing(props: { visit: Visit; why: Why; own: Statement['exceptions'] }) {
  const { visit, why, own } = props;
  const { t } = visit;
  const ours = OWN.filter((each) => each.why === why);
  const theirs = own.filter((each) => each.why === why);
  return (
    <>
      <h3>{t(`accessibility.missing.${why}`)}</h3>
      {ours.length + theirs.length === 0 ? (
        <p>{t('accessibility.missing.nothing')}</p>
      ) : (
        <ul>
          {ours.map((each) => (
            <li key={each.key}>{t(each.key)}</li>
          ))}
          {theirs.map(({ text }) => (
            <li key={JSON.stringify(text)}>
              <Say of={text} t={t} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Prepared({ visit, statement }: { visit: Visit; statement: Statement | undefined }) {
  const { t, town, language } = visit;
  const say = (day: string) =>
    datesIn(language, town.timeZone).longDay(
      Temporal.PlainDate.from(day).toZonedDateTime(town.timeZone).toInstant(),
    );
  const prepared = statement?.prepared ?? STATEMENT_PREPARED;
  const texts = (of: Texts) => <Say of={of} t={t} />;
  return (
    <SummaryList
      rows={[
        { label: t('accessibility.prepared.on'), value: say(prepared) },
        {
          label: t('accessibility.prepared.reviewed'),
          value: say(statement?.reviewed ?? prepared),
        },
        {
          label: t('accessibility.prepared.method'),
          value: statement?.method ? texts(statement.method) : t('accessibility.method.self'),
        },
        {
          label: t('accessibility.prepared.unit'),
          value:
            (statement?.unit ?? town.privacy?.controller)
              ? texts(statement?.unit ?? town.privacy?.controller ?? {})
              : t('privacy.who.fallback', { town: town.name }),
        },
      ]}
    />
  );
}
