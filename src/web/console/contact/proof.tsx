import { ADDRESS_KINDS, type AddressKind } from '../../../domain/address.ts';
import type { AddressStanding, Standing } from '../../../features/booking/proof/types.ts';
import { IDENTITY_CHECKS } from '../../../features/service/encounter/types.ts';
import { actorOf, staffIn } from '../../../lib/viewer.ts';
import { SelectField } from '../../../ui/forms.tsx';
import { Notice } from '../../../ui/parts.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { formatActor } from '../words.ts';

const addressOf = ({ base, c }: DeskVisit): string => `${base}/appointment/${c.req.param('id')}`;

/** The ways in which a vouching member of staff may have checked the identity. */
export const CHECKS = IDENTITY_CHECKS.filter((each) => each !== 'none');

/** A frozen address, which gets no codes yet, and the author of its change, in words. */
export interface FrozenAddress {
  kind: AddressKind;
  standing: AddressStanding;
  who: string;
}

/** Returns the frozen addresses of an appointment. */
export async function frozenOf(
  { staff }: Pick<StaffDeps, 'staff'>,
  { t }: DeskVisit,
  standing: Standing,
): Promise<FrozenAddress[]> {
  const frozen = ADDRESS_KINDS.flatMap((kind) => {
    const at = standing[kind];
    return at?.state === 'frozen' ? [{ kind, standing: at }] : [];
  });
  const ids = frozen.flatMap((each) => staffIn(each.standing.setBy) ?? []);
  const names = ids.length > 0 ? await staff.namesOf(ids) : new Map<number, string>();
  return frozen.map((each) => {
    const { setBy } = each.standing;
    return { ...each, who: names.get(staffIn(setBy) ?? 0) ?? formatActor(t, setBy) };
  });
}

/** The frozen addresses of the citizen, the author of each change, and the ways to end the freeze. */
export function CodesSection(props: { visit: DeskVisit; frozen: readonly FrozenAddress[] }) {
  const { visit, frozen } = props;
  if (frozen.length === 0) return null;
  return (
    <section class="stack" id="codes" data-from={addressOf(visit)} aria-labelledby="codes-title">
      <h2 id="codes-title">{visit.t('proof.desk.title')}</h2>
      {frozen.map((each) => (
        <Frozen key={each.kind} visit={visit} frozen={each} />
      ))}
    </section>
  );
}

function Frozen({ visit, frozen }: { visit: DeskVisit; frozen: FrozenAddress }) {
  const { t, dates, viewer } = visit;
  const { kind, standing, who } = frozen;
  const on = (at: Temporal.Instant) => ({ day: dates.shortDay(at), time: dates.time(at) });
  const me = actorOf(viewer);
  const isOwn = standing.setBy === me || standing.heldBy.includes(me);
  return (
    <Notice kind="warn">
      {standing.setAt ? (
        <p>{t(`proof.desk.changed.${kind}`, { who, ...on(standing.setAt) })}</p>
      ) : null}
      <p>{standing.until ? t('proof.desk.until', on(standing.until)) : t('proof.desk.never')}</p>
      {isOwn ? <p>{t('proof.desk.own')}</p> : <VouchForm visit={visit} kind={kind} />}
    </Notice>
  );
}

function VouchForm({ visit, kind }: { visit: DeskVisit; kind: AddressKind }) {
  const { t } = visit;
  return (
    <form method="post" action={`${addressOf(visit)}/contact/vouch`} class="stack">
      <input type="hidden" name="address" value={kind} />
      <SelectField name={`how-${kind}`} label={t('proof.desk.vouch.how')}>
        <option value="" />
        {CHECKS.map((each) => (
          <option key={each} value={each}>
            {t(`acts.identity.${each}`)}
          </option>
        ))}
      </SelectField>
      <button type="submit" class="button quiet">
        {t(`proof.desk.vouch.${kind}`)}
      </button>
    </form>
  );
}
