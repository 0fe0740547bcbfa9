import { CHANNELS, type Channel } from '../../features/appointments/types.ts';
import type { Body, Procedure } from '../../features/bodies/types.ts';
import { LANGUAGE_NAMES, type Language, textIn } from '../../lib/i18n/languages.ts';
import { Button } from '../../ui/buttons.tsx';
import { Radios } from '../../ui/forms.tsx';
import { BackLink, Notice, type ProblemLink, Say } from '../../ui/parts.tsx';
import { OtherWays, Papers, Paragraphs, Problems, WalkIn } from './shared.tsx';
import type { ProcedureVisit } from './visit.tsx';

/** The channels that the procedure has, in our order. */
export const channelsOf = (procedure: Procedure): Channel[] =>
  CHANNELS.filter((each) => procedure.channels[each]);

/** The languages of the body that some desk with the skill speaks. */
export function languagesOf(body: Body, procedure: Procedure): Language[] {
  const desks = body.rota.agents.filter(
    (each) => each.skills === 'all' || each.skills.includes(procedure.code),
  );
  return body.languages.filter((each) => desks.some((desk) => desk.languages.includes(each)));
}

/** `/{language}/{body}/{procedure}`: what to know before booking, and the way in. */
export function procedurePage() {
  return (visit: ProcedureVisit): Response => showProcedure(visit, []);
}

/** The same with what was wrong in the address that asked for times. */
export function showProcedure(visit: ProcedureVisit, problems: readonly ProblemLink[]): Response {
  const { t, body, procedure, to, language } = visit;
  const name = textIn(procedure.name, language);
  return visit.show(
    { title: name, hasErrors: problems.length > 0, status: problems.length > 0 ? 400 : 200 },
    <>
      <BackLink href={to.body(body.code)}>
        <Say of={body.name} t={t} />
      </BackLink>
      <Problems t={t} problems={problems} />
      <h1>
        <Say of={procedure.name} t={t} />
      </h1>
      {procedure.summary ? (
        <p class="lead">
          <Say of={procedure.summary} t={t} />
        </p>
      ) : null}
      {procedure.obligedElectronic ? (
        <Notice kind="warn">
          <p>{t('citizen.procedure.obliged')}</p>
        </Notice>
      ) : null}
      <About visit={visit} />
      <Choose visit={visit} />
      <WalkIn t={t} body={body} />
      <OtherWays t={t} body={body} procedure={procedure} />
    </>,
  );
}

function About({ visit }: { visit: ProcedureVisit }) {
  const { t, procedure, language } = visit;
  const text = textIn(procedure.text, language);
  return (
    <>
      {text ? <Paragraphs text={text} /> : null}
      {procedure.who ? (
        <>
          <h2>{t('citizen.procedure.who')}</h2>
          <p>
            <Say of={procedure.who} t={t} />
          </p>
        </>
      ) : null}
      <h2>{t('citizen.papers.title')}</h2>
      <Papers t={t} procedure={procedure} />
      {procedure.identity === 'none' ? null : <p>{t(`citizen.identity.${procedure.identity}`)}</p>}
    </>
  );
}

function Choose({ visit }: { visit: ProcedureVisit }) {
  const { t, body, procedure, to, language } = visit;
  const channels = channelsOf(procedure);
  const languages = languagesOf(body, procedure);
  if (channels.length === 0 || languages.length === 0)
    return <Notice kind="warn">{t('citizen.procedure.closed')}</Notice>;
  return (
    <section class="stack" aria-labelledby="book">
      <h2 id="book">{t('citizen.procedure.book')}</h2>
      <form class="form" action={`${to.procedure(body.code, procedure.code)}/times`} method="get">
        <Radios
          name="channel"
          label={t('citizen.procedure.channel')}
          value={channels[0]}
          options={channels.map((each) => ({
            value: each,
            label: t(`common.channel.${each}`),
            hint: t(`citizen.procedure.${each}`, {
              minutes: t('common.minutes', { count: procedure.channels[each] ?? 0 }),
            }),
          }))}
        />
        <Radios
          name="language"
          label={t('citizen.procedure.language')}
          value={languages.includes(language) ? language : languages[0]}
          options={languages.map((each) => ({
            value: each,
            label: LANGUAGE_NAMES[each],
            lang: each,
          }))}
        />
        <Button>{t('citizen.procedure.seeTimes')}</Button>
      </form>
    </section>
  );
}
