import type { ComponentChildren } from 'preact';
import { levelOf } from '../../../../domain/form/online.ts';
import { highestOf, isEnough } from '../../../../domain/identity.ts';
import { ButtonLink } from '../../../../ui/buttons.tsx';
import { Notice } from '../../../../ui/parts.tsx';
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
 * Returns the ways to show that somebody is the citizen, before they confirm what an official helped with: by identifying, and where the form
 * demands no identity, by a one-time code. Null: it is shown, or only they filled it in.
 */
export async function provingWays(
  { cases, appointments }: Pick<CitizenDeps, 'cases' | 'appointments'>,
  filling: OwnFilling,
): Promise<ComponentChildren | null> {
  const { visit, form } = filling;
  const { t, to, found, office, secret, session, viewer } = visit;
  if (found.encounter === null) return null;
  const level = highestOf([levelOf(form), 'low']);
  const isIdentified = isEnough(session?.level ?? 'none', level);
  const isByCode = levelOf(form) === 'none' && viewer.proof && viewer.proof.channel !== 'identity';
  if (isIdentified || isByCode) return null;
  const id = await cases.appointmentOf(found);
  const appointment = levelOf(form) === 'none' && id ? await appointments.byId(office, id) : null;
  const code =
    appointment &&
    `${to.appointment(appointments.secretOf(appointment), 'documents/code')}?next=appointment`;
  return (
    <section class="stack" aria-labelledby="hand-in">
      <h2 id="hand-in">{t('fourHands.prove.title')}</h2>
      <p>{t('fourHands.prove.text')}</p>
      <p>
        <ButtonLink href={to.identify({ next: to.case(secret, 'check'), level })}>
          {t('identify.title')}
        </ButtonLink>
      </p>
      {code ? (
        <p>
          <a href={code}>{t('fourHands.prove.code')}</a>
        </p>
      ) : null}
    </section>
  );
}
