import type { ComponentChildren } from 'preact';
import { levelOf } from '../../../../domain/form/online.ts';
import { highestOf, isEnough } from '../../../../domain/identity.ts';
import { ButtonLink } from '../../../../ui/buttons.tsx';
import { Notice } from '../../../../ui/parts.tsx';
import { Reach } from '../../reaching.tsx';
import type { CitizenDeps } from '../../visit.tsx';
import type { OwnFilling } from '../filling.ts';

/** Tells that an official asks the applicant to confirm what they filled in together, and whether it has changed since. */
export function AskedToConfirm({ filling }: { filling: OwnFilling }) {
  const { visit, opened } = filling;
  const { t, dates } = visit;
  const { confirmation, version, encounter } = opened.case;
  if (encounter === null) return null;
  const isVoid = confirmation !== null && confirmation.version !== version;
  return (
    <Notice kind={isVoid ? 'warn' : 'plain'}>
      <p>
        {confirmation === null
          ? t('fourHands.check.alone')
          : t(isVoid ? 'fourHands.check.void' : 'fourHands.check.asked', {
              time: dates.time(confirmation.at),
            })}
      </p>
    </Notice>
  );
}

/**
 * Returns the ways to show that somebody is the citizen, before they confirm what an official helped with: by identifying, and by a one-time
 * code where the form demands no identity, or where their name is not the one that was booked. Null: it is shown, or only they filled it in.
 */
export async function provingWays(
  { cases, appointments }: Pick<CitizenDeps, 'cases' | 'appointments'>,
  filling: OwnFilling,
): Promise<ComponentChildren | null> {
  const { visit, form, opened } = filling;
  const { t, to, found, office, secret, session, viewer } = visit;
  const confirming = await cases.confirming(viewer, office, opened.case);
  if (!confirming) return null;
  const { isShown, codeFor } = confirming;
  const asked = levelOf(form);
  const level = highestOf([asked, 'low']);
  const isIdentified = isEnough(session?.level ?? 'none', level);
  if (isShown && (isIdentified || asked === 'none')) return null;
  // A code alone does not stand for an identity that the form demands.
  const isCodeOffered = !isShown && codeFor && (isIdentified || asked === 'none');
  const appointment = isCodeOffered ? await appointments.byId(office, codeFor) : null;
  const code =
    appointment &&
    `${to.appointment(appointments.secretOf(appointment), 'documents/code')}?next=case.${found.id}`;
  return (
    <section class="stack" aria-labelledby="hand-in">
      <h2 id="hand-in">{t('fourHands.prove.title')}</h2>
      <p>{t(isIdentified ? 'fourHands.prove.name' : 'fourHands.prove.text')}</p>
      {isIdentified ? null : (
        <p>
          <ButtonLink href={to.identify({ next: to.case(secret, 'check'), level })}>
            {t('identify.title')}
          </ButtonLink>
        </p>
      )}
      {code ? (
        <p>
          {isIdentified ? (
            <ButtonLink href={code}>{t('fourHands.prove.code')}</ButtonLink>
          ) : (
            <a href={code}>{t('fourHands.prove.code')}</a>
          )}
        </p>
      ) : isIdentified ? (
        <Reach visit={visit} lead={t('citizen.problem.call')} />
      ) : null}
    </section>
  );
}
