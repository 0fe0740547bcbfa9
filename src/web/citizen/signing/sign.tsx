import { type SigningWay, signingWaysOf } from '../../../domain/form/online.ts';
import { legalNameOf } from '../../../features/foundation/identification/rules.ts';
import { DRAFT } from '../../../features/service/cases/types.ts';
import type { SignatureShown } from '../../../features/service/signatures/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, SummaryList } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { standInPage } from '../cases/applicant/stand-in.tsx';
import { identifyFor, showCheck } from '../cases/check.tsx';
import { type OwnFilling, readFilling } from '../cases/filling.ts';
import { titleOf } from '../cases/words.tsx';
import { lookAgain } from '../payment/looking.ts';
import { showTooMany } from '../payment/too-many.tsx';
import { problem } from '../problem.tsx';
import { Reach } from '../reaching.tsx';
import type { CaseVisit, CitizenDeps } from '../visit.tsx';
import { Choice, ChoiceLead, kindsOf, showGoing, waysFor } from './choice.tsx';
import {
  CHECK_FIRST,
  HowItStands,
  SEEN,
  type Standing,
  signAddress,
  standingOf,
} from './standing.tsx';

/**
 * `/{language}/case/{secret}/sign`: what is signed, and the way to where it is signed. Opening it changes nothing. Its address has the version of
 * the answers that the person checked: nothing is signed that they have not seen.
 */
export function signPage(deps: CitizenDeps) {
  return {
    get: async (visit: CaseVisit): Promise<Response> => {
      const filling = await readFilling(deps, visit);
      if (!filling) return problem(visit, 'no_case');
      const { to, secret } = visit;
      if (filling.opened.case.state !== DRAFT) return visit.redirect(to.case(secret, 'done'));
      const check = to.case(secret, 'check');
      const ways = await waysFor(deps, filling.form);
      if (ways.length === 0 || !filling.checked.ok) return visit.redirect(check);
      const stands = await standingOf(deps, filling);
      if (stands.kind !== 'signed') {
        const isChecked = visit.c.req.query(SEEN) === String(filling.opened.case.version);
        return isChecked
          ? showSign(deps, filling, { stands, ways })
          : visit.redirect(`${check}?${CHECK_FIRST}`);
      }
      // What is left to do is on the page of the check: to pay.
      return stands.signature.cents > 0
        ? visit.redirect(check)
        : showRegistering(filling, stands.signature);
    },

    post: async (visit: CaseVisit): Promise<Response> => {
      const { viewer, office, found, to, secret, language, c } = visit;
      const check = to.case(secret, 'check');
      const refused = standInPage(visit, check);
      if (refused) return refused;
      const filling = await readFilling(deps, visit);
      if (!filling) return visit.redirect(check);
      const ways = signingWaysOf(filling.form);
      const sent = await readForm(c);
      // Where there is one way only, the button has no name.
      const way = ways.find((each) => each === sent.text('way')) ?? ways[0];
      if (!way) return visit.redirect(check);
      const seen = Number(sent.text(SEEN) || NaN);
      const cookie = c.req.header('Cookie') ?? '';
      const what = { way, language, seen, cookie };
      const begun = await deps.signatures.begin(viewer, office, found.id, what);
      if (begun.ok) {
        c.header('Set-Cookie', begun.cookie, { append: true });
        const { pathname, search } = new URL(begun.url);
        return begun.isHere ? visit.redirect(pathname + search) : showGoing(visit, begun.url);
      }
      if (begun.reason === 'too_many') return showTooMany(visit, check);
      if (begun.reason === 'away') return visit.redirect(signAddress(visit, seen));
      if (begun.reason === 'signed') return visit.redirect(to.case(secret, 'sign'));
      if (begun.reason === 'handed_in') return visit.redirect(to.case(secret, 'done'));
      const now = await readFilling(deps, visit);
      if (!now || begun.reason === 'not_found') return problem(visit, 'no_case');
      if (begun.reason === 'needs_identity') return identifyFor(now);
      const refusal = begun.reason === 'closed' ? NEEDS_MORE : begun;
      return showCheck(deps, now, refusal);
    },
  };
}

const NEEDS_MORE = { ok: false, reason: 'needs_more' } as const;

async function showSign(
  deps: Pick<CitizenDeps, 'signatures'>,
  filling: OwnFilling,
  { stands, ways }: { stands: Standing; ways: readonly SigningWay[] },
): Promise<Response> {
  const { visit, opened } = filling;
  const { t, to, secret, session } = visit;
  const title = t('signature.title');
  const kinds = await kindsOf(deps, ways);
  return visit.show(
    { title, isPersonal: true },
    <>
      <BackLink href={to.case(secret, 'check')}>{t('payment.change')}</BackLink>
      <p class="place">{titleOf(filling)}</p>
      <h1>{title}</h1>
      <HowItStands visit={visit} stands={stands} />
      <ChoiceLead t={t} kinds={kinds} />
      <SummaryList
        rows={[
          { label: t('signature.what'), value: titleOf(filling) },
          ...(session ? [{ label: t('signature.who'), value: legalNameOf(session) }] : []),
        ]}
      />
      <p class="soft">{t('signature.frozen')}</p>
      <form class="form" action={to.case(secret, 'sign')} method="post">
        <input type="hidden" name={SEEN} value={opened.case.version} />
        <Choice t={t} ways={ways} kinds={kinds} />
      </form>
      {stands.kind === 'failed' ? <Reach visit={visit} lead={t('citizen.problem.call')} /> : null}
    </>,
  );
}

/** It is signed, and not registered yet: the job does that. */
function showRegistering(filling: OwnFilling, { decidedAt, begunAt }: SignatureShown): Response {
  const { visit } = filling;
  const { t, to, secret } = visit;
  const title = t('signature.registering.title');
  lookAgain(visit, decidedAt ?? begunAt);
  return visit.show(
    { title, isPersonal: true },
    <>
      <p class="place">{titleOf(filling)}</p>
      <h1>{title}</h1>
      <p class="lead">{t('signature.registering.text')}</p>
      <p>
        <ButtonLink href={to.case(secret, 'sign')}>{t('payment.waiting.look')}</ButtonLink>
      </p>
      <Reach visit={visit} lead={t('citizen.problem.call')} />
    </>,
  );
}
