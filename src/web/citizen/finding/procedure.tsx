import { isSingle, levelNeeded, namesIn } from '../../../domain/office/bundle.ts';
import type { Office, Procedure } from '../../../domain/office/types.ts';
import { finishableForm } from '../../../features/service/cases/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { BackLink, Notice, type ProblemLink, Say } from '../../../ui/parts.tsx';
import { Online } from '../cases/offered.tsx';
import { aboutIn, aboutStands } from '../cases/talking/about.tsx';
import { ChatOffer } from '../chat/offer.tsx';
import { identityNeeded } from '../identify/appointment.tsx';
import { OtherWays, Papers, Paragraphs, Problems, WalkIn } from '../shared.tsx';
import { Choose, channelsOf, languagesOf } from '../times/ask.tsx';
import type { CitizenDeps, ProcedureVisit } from '../visit.tsx';
import { leadOf } from './lead.ts';
import { procedureData } from './structured.ts';

type Deps = Pick<
  CitizenDeps,
  'baseUrl' | 'chats' | 'cases' | 'identification' | 'forms' | 'payments' | 'signatures'
>;

/** `/{language}/{office}/{procedure}`: the information before a booking, and the link to the booking. */
export function procedurePage(deps: Deps) {
  return (visit: ProcedureVisit): Promise<Response> => showProcedure(deps, visit, []);
}

/** Shows the same page with a mistake in the address that asked for times. */
export async function showProcedure(
  deps: Deps,
  visit: ProcedureVisit,
  problems: readonly ProblemLink[],
): Promise<Response> {
  const { baseUrl, identification } = deps;
  const { t, office, procedure, to, language, town } = visit;
  const form = isSingle(procedure) ? await finishableForm(deps, office, procedure.code) : null;
  const name = namesIn(procedure, language);
  const offered = levelNeeded(procedure) ? await identification.offered() : [];
  const topics = await chatTopics(deps, visit);
  const about = await aboutStands(deps, visit, aboutIn(visit));
  return visit.show(
    {
      title: name,
      hasErrors: problems.length > 0,
      status: problems.length > 0 ? 400 : 200,
      description: () =>
        textIn(procedure.summary, language) || `${name}. ${leadOf(visit, [procedure])}`,
      data: () => procedureData({ baseUrl, language, town, t }, { office, procedure, form }),
      ...(!about && { same: JSON.stringify([form?.id, topics.map(({ code }) => code), offered]) }),
    },
    <>
      <BackLink href={to.office(office.code)}>
        <Say of={office.name} t={t} />
      </BackLink>
      <Problems t={t} problems={problems} />
      <Title visit={visit} />
      {procedure.obligedElectronic ? <OnLineOnly visit={visit} isOnline={form !== null} /> : null}
      <OnThisPage visit={visit} isOnline={form !== null} />
      <About visit={visit} identity={identityNeeded(visit, offered)} />
      <Steps visit={visit} />
      <Online visit={visit} procedure={procedure} form={form} />
      <Choose visit={visit} about={about} />
      <ChatOffer visit={visit} topics={topics} />
      <WalkIn t={t} office={office} />
      <OtherWays t={t} office={office} procedure={procedure} />
    </>,
  );
}

/** The topics of the chat that are about the procedure, and can be answered now in the reader's language. */
const chatTopics = ({ chats }: Pick<Deps, 'chats'>, visit: ProcedureVisit) =>
  chats.openTopics(visit.office, visit.language, visit.procedure.code);

/** What of a visit the words about a procedure need. */
type Words = Pick<ProcedureVisit, 't' | 'language' | 'office' | 'procedure'>;

function Title({ visit: { t, procedure } }: { visit: Words }) {
  return (
    <>
      <h1>
        <Say of={procedure.name} t={t} />
      </h1>
      {procedure.summary ? (
        <p class="lead">
          <Say of={procedure.summary} t={t} />
        </p>
      ) : null}
    </>
  );
}

/** All that a procedure's page tells about it, without the ways to book: for a preview. */
export function ProcedureWords({ visit }: { visit: Words }) {
  const { t, office, procedure } = visit;
  return (
    <>
      <Title visit={visit} />
      <About visit={visit} />
      <Steps visit={visit} />
      <OtherWays t={t} office={office} procedure={procedure} />
    </>
  );
}

/**
 * Tells companies and professionals, before they book, that the law requires them to go online, and where.
 */
function OnLineOnly({ visit, isOnline }: { visit: ProcedureVisit; isOnline: boolean }) {
  const { t, office, procedure } = visit;
  const ways = [...procedure.otherWays, ...office.settings.otherWays];
  const way = ways.find((each) => each.url);
  const site = office.settings.contact?.url ?? visit.town.contact?.url;
  return (
    <Notice kind="warn">
      <p>{t('citizen.procedure.obliged')}</p>
      {isOnline ? (
        <p>
          <a href="#online">{t('case.online.title')}</a>
        </p>
      ) : way?.url ? (
        <p>
          <a href={way.url}>
            <Say of={way.name} t={t} />
          </a>
        </p>
      ) : site ? (
        <p>
          <a href={site}>{new URL(site).hostname}</a>
        </p>
      ) : null}
    </Notice>
  );
}

/** A table of contents, since the page is long on a telephone. */
function OnThisPage({ visit, isOnline }: { visit: ProcedureVisit; isOnline: boolean }) {
  const { t, office, procedure } = visit;
  const links = [
    { href: '#papers', text: t('citizen.papers.title') },
    ...(isOnline ? [{ href: '#online', text: t('case.online.title') }] : []),
    ...(canBook(office, procedure) ? [{ href: '#book', text: t('citizen.procedure.book') }] : []),
    { href: '#walk-in', text: t('citizen.walkIn.title') },
  ];
  return (
    <nav aria-label={t('finding.onThisPage')}>
      <ul class="some">
        {links.map((each) => (
          <li key={each.href}>
            <a href={each.href}>{each.text}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const canBook = (office: Office, procedure: Procedure): boolean =>
  channelsOf(procedure).length > 0 && languagesOf(office, procedure).length > 0;

function About({ visit, identity }: { visit: Words; identity?: string | null }) {
  const { t, procedure } = visit;
  const { text, who, onBehalf } = procedure;
  const checked = procedure.identity;
  return (
    <>
      {text ? <Text visit={visit} /> : null}
      {who || !onBehalf ? (
        <>
          <h2 id="who">{t('citizen.procedure.who')}</h2>
          {who ? (
            <p>
              <Say of={who} t={t} />
            </p>
          ) : null}
          {onBehalf ? null : <p>{t('finding.onlyYou')}</p>}
        </>
      ) : null}
      <h2 id="papers">{t('citizen.papers.title')}</h2>
      <Papers t={t} procedure={procedure} />
      {checked === 'none' ? null : <p>{identity ?? t(`citizen.identity.${checked}`)}</p>}
    </>
  );
}

/** The long text, marked with its language where it isn't the reader's. */
function Text({ visit: { language, procedure } }: { visit: Words }) {
  const text = <Paragraphs text={textIn(procedure.text, language)} />;
  if (procedure.text?.[language]) return text;
  const [own] = Object.keys(procedure.text ?? {});
  return (
    <div class="stack" lang={own}>
      {text}
    </div>
  );
}

/** The next steps, from here to the end: three steps. */
function Steps({ visit }: { visit: Words }) {
  const { t, office, procedure } = visit;
  if (!canBook(office, procedure)) return null;
  const ways = channelsOf(procedure).map((channel) => ({
    channel,
    minutes: t('common.minutes', { count: procedure.channels[channel] ?? 0 }),
  }));
  const [way] = ways;
  if (!way) return null;
  const meeting =
    ways.length === 1
      ? t(`finding.step.${way.channel}`, { minutes: way.minutes })
      : t('finding.step.several', {
          ways: new Intl.ListFormat(t.language, { type: 'disjunction' }).format(
            ways.map(({ channel, minutes }) => t(`finding.way.${channel}`, { minutes })),
          ),
        });
  return (
    <>
      <h2 id="steps">{t('finding.steps')}</h2>
      <ol>
        <li>{t('finding.step.book')}</li>
        <li>{meeting}</li>
        <li>{t(`finding.step.${procedure.kind}`)}</li>
      </ol>
    </>
  );
}
