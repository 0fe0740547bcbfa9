import { REPLY_LENGTH } from '../../../../features/service/cases/service.ts';
import { Button, LinkButton } from '../../../../ui/buttons.tsx';
import { TextArea } from '../../../../ui/forms.tsx';
import { BackLink, Notice } from '../../../../ui/parts.tsx';
import { readForm } from '../../../form.ts';
import { formPage, Problems } from '../../shared.tsx';
import type { CitizenDeps } from '../../visit.tsx';
import { typedBefore } from '../applicant/kept.ts';
import { addressOf, isFromCheck, type OwnFilling, whileDraftOr, withFrom } from '../filling.ts';
import { KeptNotice } from '../frame.tsx';
import { titleOf } from '../words.tsx';
import { generalIn, REPLY } from './amends.ts';

/** `/{language}/case/{secret}/reply`: what somebody answers besides the questions when they amend what they handed in. */
export function replyPage(deps: CitizenDeps) {
  // A draft has nothing to reply to.
  const toDraft = ({ visit }: OwnFilling) => visit.redirect(visit.to.case(visit.secret));
  const get = async (filling: OwnFilling): Promise<Response> => {
    const found = await typedBefore(deps, filling.visit.c);
    const isLost = found === 'lost';
    const kept = isLost ? null : found;
    const text = kept?.lines(REPLY) ?? filling.opened.corrections?.reply ?? '';
    return show(filling, { text, isKept: kept !== null, isLost });
  };
  const post = async (filling: OwnFilling): Promise<Response> => {
    const { visit } = filling;
    const { viewer, office, found, to, secret } = visit;
    const sent = await readForm(visit.c);
    const text = sent.lines(REPLY);
    const done = await deps.cases.reply(viewer, office, found.id, text);
    if (!done.ok && done.reason === 'invalid') return show(filling, { text, isTooLong: true });
    if (!done.ok || sent.has('later')) return visit.redirect(to.case(secret, 'done'));
    return visit.redirect(addressOf(filling, 'check'));
  };
  return { get: whileDraftOr(deps, get, toDraft), post: whileDraftOr(deps, post, toDraft) };
}

function show(
  filling: OwnFilling,
  on: { text: string; isKept?: boolean; isLost?: boolean; isTooLong?: boolean },
): Response {
  const { visit, amends } = filling;
  const { t } = visit;
  const title = t('case.amend.reply.title');
  const general = amends && generalIn(amends);
  const error = on.isTooLong ? t('case.amend.reply.long', { most: REPLY_LENGTH }) : undefined;
  const problems = error ? [{ href: `#${REPLY}`, text: error }] : [];
  const back = isFromCheck(visit)
    ? addressOf(filling, 'check')
    : visit.to.case(visit.secret, 'done');
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={back}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={problems} />
      <KeptNotice t={t} isKept={on.isKept} isLost={on.isLost} />
      <p class="place">{titleOf(filling)}</p>
      <h1>{title}</h1>
      {general ? (
        <Notice kind="warn">
          <p class="said">{general}</p>
        </Notice>
      ) : (
        <p class="lead">{t('case.amend.reply.lead')}</p>
      )}
      <form
        class="form"
        action={withFrom(addressOf(filling, REPLY), visit)}
        method="post"
        novalidate
      >
        <TextArea
          name={REPLY}
          label={t('case.amend.reply.label')}
          value={on.text}
          error={error}
          rows={8}
        />
        <div class="row">
          <Button>{t(isFromCheck(visit) ? 'case.save' : 'citizen.continue')}</Button>
          <LinkButton name="later" value="yes">
            {t('case.later')}
          </LinkButton>
        </div>
      </form>
    </>,
  );
}
