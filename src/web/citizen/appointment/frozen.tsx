import { ADDRESS_KINDS, type AddressKind } from '../../../domain/address.ts';
import { maskAddress } from '../../../features/booking/proof/rules.ts';
import type { Standing } from '../../../features/booking/proof/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { askForCode } from '../documents/code.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { afterDoing } from './done.tsx';

/**
 * `…/contact/confirm`: the citizen confirms a frozen address as their own. This needs a code from the
 * other address.
 */
export function confirmContact(deps: CitizenDeps) {
  return async (visit: AppointmentVisit): Promise<Response> => {
    const { viewer, office, to, secret } = visit;
    const form = await readForm(visit.c);
    const kind = ADDRESS_KINDS.find((each) => each === form.text('address'));
    if (!kind) return visit.redirect(to.appointment(secret));
    const confirmed = await deps.proofs.confirm(viewer, office, kind);
    if (!confirmed.ok && confirmed.reason === 'needs_proof')
      return askForCode(visit, 'appointment');
    return confirmed.ok ? afterDoing(visit, 'confirmed') : visit.redirect(to.appointment(secret));
  };
}

/** Lists the frozen addresses, to which no codes are sent yet, with the next step. */
export function FrozenAddresses({
  visit,
  standing,
}: {
  visit: AppointmentVisit;
  standing: Standing;
}) {
  const { citizen } = visit.appointment;
  const isOther = (kind: AddressKind) =>
    standing[kind === 'email' ? 'phone' : 'email']?.state === 'trusted';
  return (
    <>
      {ADDRESS_KINDS.map((kind) => {
        const at = standing[kind];
        const address = citizen[kind];
        if (at?.state !== 'frozen' || address === null) return null;
        return (
          <Frozen
            key={kind}
            visit={visit}
            kind={kind}
            address={address}
            until={at.until}
            hasOther={isOther(kind)}
          />
        );
      })}
    </>
  );
}

interface FrozenProps {
  visit: AppointmentVisit;
  kind: AddressKind;
  address: string;
  until: Temporal.Instant | null;
  /** Whether the other address can receive a code. */
  hasOther: boolean;
}

function Frozen({ visit, kind, address, until, hasOther }: FrozenProps) {
  const { t, to, secret, dates } = visit;
  const channel = kind === 'email' ? 'email' : 'sms';
  const masked = maskAddress({ channel, recipient: address });
  const when = until && { day: dates.day(until), time: dates.time(until) };
  return (
    <Notice kind="warn">
      <p>
        <strong>{t(`proof.frozen.title.${kind}`, { masked })}</strong>
      </p>
      <p>{when ? t('proof.frozen.until', when) : t('proof.frozen.never')}</p>
      {hasOther ? (
        <form
          method="post"
          action={to.appointment(secret, 'contact/confirm')}
          class="stack no-print"
        >
          <input type="hidden" name="address" value={kind} />
          <Button kind="quiet">{t('proof.frozen.confirm')}</Button>
          <p class="soft small">{t('proof.frozen.hint')}</p>
        </form>
      ) : (
        <p>{t('proof.frozen.ask')}</p>
      )}
      <p class="no-print">
        <a href={to.appointment(secret, 'contact')}>{t('proof.frozen.fix')}</a>
      </p>
    </Notice>
  );
}
