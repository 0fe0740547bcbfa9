import { levelOf } from '../../../../domain/form/online.ts';
import { legalNameOf } from '../../../../features/foundation/identification/rules.ts';
import type { AmendedResult } from '../../../../features/service/cases/types.ts';
import { Button, LinkButton } from '../../../../ui/buttons.tsx';
import { BackLink, type ProblemLink, SummaryList } from '../../../../ui/parts.tsx';
import { readForm } from '../../../form.ts';
import { answersOf, type NamedAnswer } from '../../../words/answers.ts';
import { problem } from '../../problem.tsx';
import { formPage, Problems } from '../../shared.tsx';
import type { CitizenDeps } from '../../visit.tsx';
import { standInPage, standsIn, Ways } from '../applicant/stand-in.tsx';
import { addressOf, FROM, idBefore, type OwnFilling, readFilling, resumeId } from '../filling.ts';
import { Incomplete } from '../summary.tsx';
import { titleOf } from '../words.tsx';
import { type Amends, generalIn, REPLY } from './amends.ts';
import { pageOf } from './asked.tsx';

type Refusal = Extract<AmendedResult, { ok: false }>;

/** `/{language}/case/{secret}/check` of what is amended: each answer as it was and as it will be; handing it in. */
export function amendingCheck(deps: CitizenDeps) {
  return {
    get: (filling: OwnFilling): Response => show(filling, null),

    post: async (filling: OwnFilling): Promise<Response> => {
      const { visit } = filling;
      const { viewer, office, found, secret, to } = visit;
      const sent = await readForm(visit.c);
      if (sent.has('later')) return visit.redirect(to.case(secret, 'done'));
      const refused = standInPage(visit, to.case(secret, 'check'));
      if (refused) return refused;
      // Without it nobody has seen the answers: no version is such a number.
      const seen = Number(sent.text('seen') || NaN);
      const done = await deps.cases.amend(viewer, office, found.id, seen);
      if (done.ok || done.reason === 'closed') return visit.redirect(to.case(secret, 'done'));
      if (done.reason === 'not_found') return problem(visit, 'no_case');
      if (done.reason === 'needs_identity') {
        const level = levelOf(filling.form);
        return visit.redirect(to.identify({ next: to.case(secret, 'check'), level }));
      }
      const now = await readFilling(deps, visit);
      // What was asked may be over meanwhile: the page of the case says so.
      return now?.amends ? show(now, done) : visit.redirect(to.case(secret, 'done'));
    },
  };
}

function show(filling: OwnFilling, refused: Refusal | null): Response {
  const { visit, checked, amends } = filling;
  const { t } = visit;
  if (!amends) throw new Error('Nothing is asked to be amended');
  const title = t('case.check.title');
  const problems = problemsOf(filling, refused);
  const hasReply = !!filling.opened.corrections?.reply;
  const missing = generalIn(amends) !== null && !hasReply ? REPLY : null;
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={addressOf(filling, idBefore(filling, 'check'))}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={problems} />
      <p class="place">{titleOf(filling)}</p>
      <h1>{title}</h1>
      <p class="lead">{t('case.amend.check.lead')}</p>
      <Changes filling={filling} amends={amends} />
      <Replied filling={filling} amends={amends} />
      {checked.ok && !missing ? (
        <HandIn filling={filling} />
      ) : (
        <Incomplete
          filling={filling}
          other={checked.ok && missing ? { page: missing, text: t('case.amend.noReply') } : null}
        />
      )}
    </>,
  );
}

function problemsOf(filling: OwnFilling, refused: Refusal | null): ProblemLink[] {
  const { t } = filling.visit;
  switch (refused?.reason) {
    case 'changed':
      return [{ href: '#main', text: t('case.check.changed') }];
    case 'invalid':
      return [{ href: addressOf(filling, resumeId(filling)), text: t('case.check.incomplete') }];
    case 'checking':
      return [{ href: '#hand-in', text: t('case.paper.checking', { name: refused.name }) }];
    case 'empty':
      return [{ href: '#changes', text: t('case.amend.empty') }];
    case 'no_reply':
      return [{ href: addressOf(filling, REPLY), text: t('case.amend.noReply') }];
    default:
      return [];
  }
}

/** The answers that can be changed, as they were and as they will be. */
function Changes({ filling, amends }: { filling: OwnFilling; amends: Amends }) {
  const { visit, form, answers, context } = filling;
  const { t } = visit;
  const before = answersOf(amends.open, { form, answers: amends.before, context }, t);
  const now = answersOf(amends.open, { form, answers, context }, t);
  if (now.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="changes">
      <h2 id="changes">{t('case.amend.changes')}</h2>
      {now.map((each, at) => (
        <Change key={each.name} filling={filling} before={before[at]?.lines ?? []} now={each} />
      ))}
    </section>
  );
}

function Change(props: { filling: OwnFilling; before: readonly string[]; now: NamedAnswer }) {
  const { filling, before, now } = props;
  const { t } = filling.visit;
  const { label, lines } = now;
  const page = pageOf(filling, now);
  const text = t('citizen.change');
  const isSame = before.join('\n') === lines.join('\n');
  const change = page
    ? { href: `${addressOf(filling, page)}?${FROM}=check`, text, name: `${text}: ${label}` }
    : null;
  return (
    <div class="stack">
      <h3>{label}</h3>
      <SummaryList
        rows={[
          { label: t('case.amend.was'), value: before.join('\n') },
          {
            label: t('case.amend.is'),
            value: isSame ? t('case.amend.same') : lines.join('\n'),
            ...(change && { change }),
          },
        ]}
      />
    </div>
  );
}

/** What is answered besides the questions, and where it is written. */
function Replied({ filling, amends }: { filling: OwnFilling; amends: Amends }) {
  const { visit, opened } = filling;
  const { t } = visit;
  const general = generalIn(amends);
  const said = opened.corrections?.reply;
  const words = t(said ? 'citizen.change' : 'case.amend.reply.add');
  return (
    <section class="stack" aria-labelledby="reply">
      <h2 id="reply">{t('case.amend.reply.title')}</h2>
      {general ? <p class="said">{general}</p> : null}
      <p class="said">{said ?? t('form.answer.none')}</p>
      <p>
        <a
          href={`${addressOf(filling, REPLY)}?${FROM}=check`}
          aria-label={said ? `${words}: ${t('case.amend.reply.title')}` : undefined}
        >
          {words}
        </a>
      </p>
    </section>
  );
}

function HandIn({ filling }: { filling: OwnFilling }) {
  const { visit, opened } = filling;
  const { t, session } = visit;
  return (
    <section class="stack" aria-labelledby="hand-in">
      <h2 id="hand-in">{t('case.handIn.title')}</h2>
      {standsIn(visit) ? (
        <Ways visit={visit} back={addressOf(filling, 'check')} />
      ) : (
        <form class="form" action={addressOf(filling, 'check')} method="post">
          {session ? <p>{t('case.handIn.as', { name: legalNameOf(session) })}</p> : null}
          <p>{t('case.amend.handIn')}</p>
          <input type="hidden" name="seen" value={opened.case.version} />
          <div class="row">
            <Button>{t('case.handIn.button')}</Button>
            <LinkButton name="later" value="yes">
              {t('case.later')}
            </LinkButton>
          </div>
        </form>
      )}
    </section>
  );
}
