import { levelOf } from '../../../domain/form/online.ts';
import type { Form } from '../../../domain/form/schema.ts';
import { isEnough } from '../../../domain/identity.ts';
import { legalNameOf } from '../../../features/foundation/identification/rules.ts';
import { finishableForm } from '../../../features/service/cases/service.ts';
import { type Case, DRAFT } from '../../../features/service/cases/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Notice, Say } from '../../../ui/parts.tsx';
import { worksHere } from '../by-staff.ts';
import { problem } from '../problem.tsx';
import { Reach } from '../reaching.tsx';
import { whomIn } from '../representation/parts.tsx';
import {
  applicantOf,
  type CitizenDeps,
  type OfficeVisit,
  type ProcedureVisit,
  personOf,
} from '../visit.tsx';
import { refusedToBegin } from './applicant/stand-in.tsx';

/** `/{language}/{office}/{procedure}/apply`: what it needs, how long it takes, and the beginning. */
export function applyPage(deps: CitizenDeps) {
  return {
    get: async (visit: ProcedureVisit): Promise<Response> => {
      const { office, procedure, session, to } = visit;
      const published = await finishableForm(deps, office, procedure.code);
      if (!published) return showNotYet(visit);
      const back = to.apply(office.code, procedure.code);
      const refused = refusedToBegin(visit, published.form, back);
      if (refused) return refused;
      const begun = session ? await deps.cases.ofPerson(personOf(session)) : [];
      const open = begun.filter(
        (each) =>
          each.office === office.id &&
          each.procedure === published.procedure &&
          each.state === DRAFT &&
          isForSame(visit, each),
      );
      return showApply(deps, visit, published.form, open);
    },

    post: async (visit: ProcedureVisit): Promise<Response> => {
      const { office, procedure, session, language, to } = visit;
      if (await worksHere(deps, visit.c)) return problem(visit, 'staff_here');
      const published = await finishableForm(deps, office, procedure.code);
      if (!published) return showNotYet(visit);
      const back = to.apply(office.code, procedure.code);
      const refused = refusedToBegin(visit, published.form, back);
      if (refused) return refused;
      const demanded = levelOf(published.form);
      if (!isEnough(session?.level ?? 'none', demanded))
        return visit.redirect(identifyFor(visit, demanded));
      const what = { procedure: procedure.code, door: 'online', language } as const;
      const id = await deps.cases.begin(applicantOf('', session, visit.acting), office, what);
      if (!id) return showNotYet(visit);
      return visit.redirect(to.case(deps.cases.secretOf({ id, link: 0 })));
    },
  };
}

/** Returns whether a case was begun for whom somebody acts in this browser, or for themselves where they act for nobody. */
const isForSame = (
  { acting, session }: Pick<ProcedureVisit, 'acting' | 'session'>,
  { representation: by, person }: Case,
): boolean => {
  const own = by === null || (by.organisation === null && person === session?.person);
  if (acting) return by?.id === acting.id && !own;
  return session?.represents ? by?.organisation === session.represents.identifier : own;
};

const identifyFor = ({ to, office, procedure }: ProcedureVisit, level: string): string =>
  to.identify({ next: to.apply(office.code, procedure.code), level });

function showApply(
  deps: Pick<CitizenDeps, 'cases'>,
  visit: ProcedureVisit,
  form: Form,
  open: readonly Case[],
): Response {
  const { t, to, office, procedure, session, language } = visit;
  const title = textIn(form.title, language) || textIn(procedure.name, language);
  const demanded = levelOf(form);
  const whom = visit.acting ? whomIn(t, visit.acting) : (session?.represents?.name ?? null);
  const isIdentified = isEnough(session?.level ?? 'none', demanded);
  return visit.show(
    { title, isPassing: true },
    <>
      <BackLink href={to.procedure(office.code, procedure.code)}>
        <Say of={procedure.name} t={t} />
      </BackLink>
      {visit.c.req.query('deleted') === undefined ? null : (
        <Notice>
          <p>{t('case.deleted')}</p>
        </Notice>
      )}
      <h1>{title}</h1>
      {form.summary ? (
        <p class="lead">
          <Say of={form.summary} t={t} />
        </p>
      ) : null}
      <Open deps={deps} visit={visit} open={open} />
      <Before visit={visit} form={form} />
      {isIdentified ? (
        <form class="form" action={to.apply(office.code, procedure.code)} method="post">
          {session ? <p>{t('case.apply.as', { name: legalNameOf(session) })}</p> : null}
          {whom ? <p>{t('case.handIn.for', { name: whom })}</p> : null}
          <Button kind={open.length > 0 ? 'quiet' : 'main'}>
            {t(open.length > 0 ? 'case.apply.another' : 'case.apply.begin')}
          </Button>
        </form>
      ) : (
        <div class="stack">
          <p>{t('case.apply.identify')}</p>
          <p>
            <ButtonLink href={identifyFor(visit, demanded)} rel="next">
              {t('identify.title')}
            </ButtonLink>
          </p>
        </div>
      )}
      <Reach visit={visit} lead={t('citizen.problem.call')} />
    </>,
  );
}

/** What the person has begun already, to go on with it. */
function Open(props: {
  deps: Pick<CitizenDeps, 'cases'>;
  visit: OfficeVisit;
  open: readonly Case[];
}) {
  const { deps, visit, open } = props;
  const { t, to, dates } = visit;
  if (open.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="begun">
      <h2 id="begun">{t('case.begun.title')}</h2>
      <ul class="lists">
        {open.map((each) => (
          <li key={each.id}>
            <a href={to.case(deps.cases.secretOf(each))}>
              {t('case.begun.one', { day: dates.longDay(each.openedAt) })}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What to know before: how long it takes, what to have at hand, that it can be stopped. */
function Before({ visit, form }: { visit: OfficeVisit; form: Form }) {
  const { t } = visit;
  const { minutes, needs, retention } = form;
  return (
    <>
      {needs.length > 0 ? (
        <section class="stack" aria-labelledby="needs">
          <h2 id="needs">{t('citizen.papers.title')}</h2>
          <ul>
            {needs.map((each) => (
              <li key={textIn(each.name, t.language)}>
                <Say of={each.name} t={t} />
                {each.note ? (
                  <p class="soft">
                    <Say of={each.note} t={t} />
                  </p>
                ) : null}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <section class="stack" aria-labelledby="how">
        <h2 id="how">{t('case.apply.how')}</h2>
        <ul>
          {minutes ? (
            <li>{t('case.apply.minutes', { minutes: t('common.minutes', { count: minutes }) })}</li>
          ) : null}
          <li>{t('case.apply.stop', { days: retention.draftDays })}</li>
          <li>{t('case.apply.receipt')}</li>
        </ul>
      </section>
    </>
  );
}

/** A form that can't be finished on-line, with the ways that there are. */
function showNotYet(visit: ProcedureVisit): Response {
  const { t, to, office, procedure } = visit;
  const title = t('case.notYet.title');
  return visit.show(
    { title, status: 404, isPassing: true },
    <>
      <BackLink href={to.procedure(office.code, procedure.code)}>
        <Say of={procedure.name} t={t} />
      </BackLink>
      <h1>{title}</h1>
      <p class="lead">{t('case.notYet.text')}</p>
      <Reach visit={visit} lead={t('citizen.problem.call')} />
    </>,
  );
}
