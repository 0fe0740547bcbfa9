import { textIn } from '../../lib/i18n/languages.ts';
import { BackLink, Notice, type ProblemLink, Say } from '../../ui/parts.tsx';
import { Choose } from './ask.tsx';
import { OtherWays, Papers, Paragraphs, Problems, WalkIn } from './shared.tsx';
import type { ProcedureVisit } from './visit.tsx';

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
