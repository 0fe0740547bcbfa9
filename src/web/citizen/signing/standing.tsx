import type { SigningWay } from '../../../domain/form/online.ts';
import { signatureStanding } from '../../../features/service/signatures/rules.ts';
import type { SignatureShown, SigningFailure } from '../../../features/service/signatures/types.ts';
import { Notice } from '../../../ui/parts.tsx';
import type { OwnFilling } from '../cases/filling.ts';
import type { CaseVisit, CitizenDeps, OfficeVisit } from '../visit.tsx';

/** Under which an address of the page of the signature has the version of the answers that the person checked. */
export const SEEN = 'seen';

/** Under which the address of the check says that what is signed is to be checked before. */
export const CHECK_FIRST = 'first';

/** Returns the address of the page of the signature. `version`: of the answers that the person has checked. */
export const signAddress = (
  { to, secret }: Pick<CaseVisit, 'to' | 'secret'>,
  version: number,
): string => `${to.case(secret, 'sign')}?${SEEN}=${version}`;

export type Standing = ReturnType<typeof signatureStanding<SignatureShown>>;

/** Returns how it stands with the signature of a case. */
export async function standingOf(
  deps: Pick<CitizenDeps, 'signatures'>,
  { visit, opened }: Pick<OwnFilling, 'visit' | 'opened'>,
): Promise<Standing> {
  const { viewer, office, found } = visit;
  const all = (await deps.signatures.ofCase(viewer, office, found.id)) ?? [];
  return signatureStanding(all, opened.case.version);
}

/** Why nothing was signed, or why what was signed no longer counts. */
export function HowItStands(props: { visit: Pick<OfficeVisit, 't' | 'dates'>; stands: Standing }) {
  const { visit, stands } = props;
  const { t, dates } = visit;
  if (stands.kind === 'void') {
    const { decidedAt, begunAt } = stands.signature;
    return (
      <Notice>
        <p>{t('signature.void', { day: dates.longDay(decidedAt ?? begunAt) })}</p>
      </Notice>
    );
  }
  if (stands.kind !== 'failed' || !stands.signature.failure) return null;
  return (
    <Notice>
      <p>
        <strong>{t('signature.failed.title')}</strong>{' '}
        {t(failureText(stands.signature.way, stands.signature.failure))}
      </p>
    </Notice>
  );
}

/** The failures that AutoFirma words otherwise, since no provider takes part. */
const BY_PROGRAM = ['denied', 'other_person', 'refused', 'away'] as const;

function failureText(way: SigningWay, failure: SigningFailure) {
  const own = BY_PROGRAM.find((each) => each === failure);
  return way === 'autofirma' && own
    ? (`signature.failed.autofirma.${own}` as const)
    : (`signature.failed.${failure}` as const);
}

/** Returns whether the page of the check tells how it stands: that the answers are others than those that were to be signed. */
export const tellsAtCheck = (stands: Standing): boolean =>
  stands.kind === 'void' || (stands.kind === 'failed' && stands.signature.failure === 'changed');
