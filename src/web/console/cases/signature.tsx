import type { OpenedCase } from '../../../features/service/cases/types.ts';
import type { SignatureShown } from '../../../features/service/signatures/types.ts';
import { sendBytes } from '../../files/served.ts';
import { signatureText } from '../../words/signatures.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** Who signed a case, by what and when, with the signature to download. Nothing where it was not signed besides by a session. */
export function SignatureOfCase(props: {
  visit: DeskVisit;
  opened: OpenedCase;
  signatures: readonly SignatureShown[];
  at: string;
}) {
  const { visit, opened, signatures, at } = props;
  const { t, dates } = visit;
  const signature = signatures.find(({ id }) => id === opened.record?.signature?.id);
  if (!signature) return null;
  const { signer } = signature;
  const stampedAt = signer?.stampedAt ? Temporal.Instant.from(signer.stampedAt) : null;
  return (
    <section class="stack" aria-labelledby="signature">
      <h2 id="signature">{t('signature.receipt')}</h2>
      <p>{signatureText(signature, { t, dates })}</p>
      {stampedAt ? (
        <p class="soft">
          {t('signature.stamped', { day: dates.longDay(stampedAt), time: dates.time(stampedAt) })}
        </p>
      ) : null}
      <p class="row">
        <a href={`${at}/signature`}>{t('signature.download')}</a>
        <a href={`${at}/signature/content`}>{t('signature.download.content')}</a>
      </p>
    </section>
  );
}

/**
 * `…/cases/{id}/signature` and `…/content`: the signature, and what was signed. `…/cosigners/{cosigner}/signature`: of somebody else than the applicant.
 * Each look is on the trail.
 */
export const signatureFile =
  ({ signatures }: Pick<StaffDeps, 'signatures'>, what: 'signature' | 'content') =>
  async ({ c, viewer, office }: DeskVisit): Promise<Response> => {
    const cosigner = c.req.param('cosigner') ?? null;
    const file = await signatures.file(viewer, office, c.req.param('id') ?? '', what, cosigner);
    return file ? sendBytes(c, file) : c.notFound();
  };
