import { feeOf } from '../../../domain/form/fee.ts';
import { isSigned, levelOf, type SigningWay, signingWaysOf } from '../../../domain/form/online.ts';
import { legalNameOf } from '../../../features/foundation/identification/rules.ts';
import type { HandInResult } from '../../../features/service/cases/types.ts';
import { amountInWords } from '../../../features/service/payments/rules.ts';
import { Button, LinkButton } from '../../../ui/buttons.tsx';
import { BackLink, Notice, type ProblemLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { beginToPay } from '../payment/pay.tsx';
import { problem } from '../problem.tsx';
import { Reach } from '../reaching.tsx';
import { formPage, Problems } from '../shared.tsx';
import {
  CHECK_FIRST,
  HowItStands,
  signAddress,
  standingOf,
  tellsAtCheck,
} from '../signing/standing.tsx';
import type { CitizenDeps } from '../visit.tsx';
import { amendingCheck } from './amending/check.tsx';
import { ForWhom, standInPage, standsIn, Ways } from './applicant/stand-in.tsx';
import {
  addressOf,
  FROM,
  idBefore,
  islandsOf,
  isTogether,
  type OwnFilling,
  readFilling,
  resumeId,
  whileDraftOr,
} from './filling.ts';
import { Incomplete, Prepared, Summary } from './summary.tsx';
import { AskedToConfirm, provingWays } from './together/confirm.tsx';
import { titleOf } from './words.tsx';

/** `/{language}/case/{secret}/check`: all answers in words, each with a link to change it; handing it in. */
export function checkCasePage(deps: CitizenDeps) {
  const amending = amendingCheck(deps);
  return {
    get: whileDraftOr(deps, amending.get, (filling) => {
      const isFirst = filling.visit.c.req.query(CHECK_FIRST) !== undefined;
      return showCheck(deps, filling, isFirst ? { reason: 'check_first' } : null);
    }),

    post: whileDraftOr(deps, amending.post, async (filling) => {
      const { visit } = filling;
      const { viewer, office, found, secret, to } = visit;
      const sent = await readForm(visit.c);
      if (sent.has('later')) return visit.redirect(to.case(secret));
      const refused = standInPage(visit, to.case(secret, 'check'));
      if (refused) return refused;
      // Without it nobody has seen the answers: no version is such a number.
      const seen = Number(sent.text('seen') || NaN);
      const done = await deps.cases.handIn(viewer, office, found.id, seen);
      if (done.ok) await deps.atOnce.answer(office, found.id);
      if (done.ok || done.reason === 'handed_in') return visit.redirect(to.case(secret, 'done'));
      const ways = done.reason === 'needs_signature' ? await deps.signatures.ways() : [];
      if (signingWaysOf(filling.form).some((each) => ways.includes(each)))
        return visit.redirect(signAddress(visit, seen));
      if (done.reason === 'needs_payment') {
        const begun = await beginToPay(deps, visit, { seen });
        if (begun) return begun;
      }
      if (done.reason === 'not_found') return problem(visit, 'no_case');
      if (done.reason === 'needs_identity') return identifyFor(filling);
      const now = await readFilling(deps, visit);
      return now ? showCheck(deps, now, done) : problem(visit, 'no_case');
    }),
  };
}

/** Leads to where the person identifies as the form demands, and back to the check. */
export function identifyFor({ visit, form }: OwnFilling): Response {
  const { to, secret } = visit;
  return visit.redirect(to.identify({ next: to.case(secret, 'check'), level: levelOf(form) }));
}

/** `check_first`: somebody came to sign without having checked the answers as they are now. */
type Refusal = Extract<HandInResult, { ok: false }> | { reason: 'check_first' };

/** Shows all answers in words. `refused`: why the case was not handed in, or not signed, just now. */
export async function showCheck(
  deps: CitizenDeps,
  filling: OwnFilling,
  refused: Refusal | null,
): Promise<Response> {
  const { visit, form, answers, context, checked } = filling;
  const { t } = visit;
  const title = t('case.check.title');
  const problems = problemsOf(filling, refused);
  const newest = await deps.forms.current(visit.office, form.procedure);
  const takesPayments = await deps.payments.isOpen();
  const prove = checked.ok ? await provingWays(deps, filling) : null;
  const isToSign = isSigned(form);
  const signs = isToSign ? await deps.signatures.ways() : [];
  const stands = isToSign ? await standingOf(deps, filling) : NOT_SIGNED;
  return visit.show(
    { ...formPage(title, problems), ...islandsOf(filling) },
    <>
      <BackLink href={addressOf(filling, idBefore(filling, 'check'))}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={problems} />
      <p class="place">{titleOf(filling)}</p>
      <h1>{title}</h1>
      <p class="lead">{t('case.check.lead')}</p>
      {tellsAtCheck(stands) ? <HowItStands visit={visit} stands={stands} /> : null}
      <div
        class="stack"
        data-hands={isTogether(filling) ? addressOf(filling, 'stream') : undefined}
      >
        <AskedToConfirm filling={filling} />
        <Prepared filling={filling} />
        {newest && newest.id !== filling.published.id ? (
          <Notice>
            <p>{t('case.check.older')}</p>
          </Notice>
        ) : null}
        <Summary
          form={form}
          answers={answers}
          context={context}
          t={t}
          changeAt={(page) => `${addressOf(filling, page)}?${FROM}=check`}
          hands={filling.hands}
        />
        {prove ? (
          prove
        ) : checked.ok ? (
          <HandIn
            filling={filling}
            takesPayments={takesPayments}
            signs={signs}
            isDone={stands.kind === 'signed'}
          />
        ) : (
          <Incomplete filling={filling} />
        )}
      </div>
    </>,
  );
}

const NOT_SIGNED = { kind: 'none' } as const;

function problemsOf(filling: OwnFilling, refused: Refusal | null): ProblemLink[] {
  const { t } = filling.visit;
  switch (refused?.reason) {
    case 'changed':
      return [{ href: '#main', text: t('case.check.changed') }];
    case 'check_first':
      return [{ href: '#main', text: t('signature.check.first') }];
    case 'invalid':
      return [{ href: addressOf(filling, resumeId(filling)), text: t('case.check.incomplete') }];
    case 'checking':
      return [{ href: '#hand-in', text: t('case.paper.checking', { name: refused.name }) }];
    case 'not_citizen':
    case 'not_independent':
      return [{ href: '#hand-in', text: t(`fourHands.check.${refused.reason}`) }];
    case 'needs_signature':
    case 'needs_payment':
    case 'needs_more':
      return [{ href: '#hand-in', text: t('case.check.needsMore') }];
    default:
      return [];
  }
}

interface HandInProps {
  filling: OwnFilling;
  takesPayments: boolean;
  /** The ways by which people can sign here. */
  signs: readonly SigningWay[];
  /** Whether the answers are signed as they are now. */
  isDone: boolean;
}

/** The last button, with who hands it in, and what is signed and paid before. What can't be finished yet says so, and who helps. */
function HandIn({ filling, takesPayments, signs, isDone }: HandInProps) {
  const { visit, form, answers, context, opened } = filling;
  const { t, session, language } = visit;
  const cents = feeOf(form, answers, context)?.cents ?? 0;
  const ways = signingWaysOf(form);
  const isToSign = ways.length > 0 && !isDone;
  const isClosed = isToSign && !ways.some((each) => signs.includes(each));
  const needsMore = isClosed || (cents > 0 && !takesPayments);
  const amount = amountInWords(cents, language);
  const words = wordsOf({ isToSign, cents });
  return (
    <section class="stack" aria-labelledby="hand-in">
      <h2 id="hand-in">{t(words.title)}</h2>
      {standsIn(visit) ? (
        <Ways visit={visit} back={addressOf(filling, 'check')} />
      ) : needsMore ? (
        <>
          <p>{t('case.check.needsMore')}</p>
          <Reach visit={visit} lead={t('citizen.problem.call')} />
        </>
      ) : (
        <form class="form" action={addressOf(filling, 'check')} method="post">
          {session ? <p>{t('case.handIn.as', { name: legalNameOf(session) })}</p> : null}
          <ForWhom visit={visit} />
          {isDone ? <p>{t('signature.check.signed')}</p> : null}
          <p>{t(words.text, { amount })}</p>
          <input type="hidden" name="seen" value={opened.case.version} />
          <div class="row">
            <Button>{t(words.button)}</Button>
            <LinkButton name="later" value="yes">
              {t('case.later')}
            </LinkButton>
          </div>
        </form>
      )}
    </section>
  );
}

/** Returns the words of the last button: what follows from it. */
function wordsOf({ isToSign, cents }: { isToSign: boolean; cents: number }) {
  if (isToSign)
    return {
      title: 'signature.check.title',
      text: cents > 0 ? 'signature.check.pay' : 'signature.check.text',
      button: 'signature.check.button',
    } as const;
  return cents > 0
    ? ({
        title: 'payment.check.title',
        text: 'payment.check.text',
        button: 'payment.check.button',
      } as const)
    : ({
        title: 'case.handIn.title',
        text: 'case.handIn.text',
        button: 'case.handIn.button',
      } as const);
}
