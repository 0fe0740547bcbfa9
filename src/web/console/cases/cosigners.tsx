import type { Cosigner } from '../../../features/service/cases/service.ts';
import type { SignatureShown } from '../../../features/service/signatures/types.ts';
import { signatureText } from '../../words/signatures.ts';
import type { DeskVisit } from '../visit.tsx';
import { whenIn } from './words.ts';

/** Who else than the applicant must sign a case, and who has, with the signatures by more than a session to download. */
export function CosignersPart(props: {
  visit: DeskVisit;
  cosigners: readonly Cosigner[];
  signatures: readonly SignatureShown[];
  at: string;
}) {
  const { visit, cosigners, signatures, at } = props;
  const { t } = visit;
  if (cosigners.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="cosigners">
      <h2 id="cosigners">{t('cosign.desk.title')}</h2>
      <ul class="plain">
        {cosigners.map(({ id, name, masked, answered }) => (
          <li key={id}>
            <strong class="said">{name}</strong> <span class="figures">{masked}</span>
            <span class="line small">
              {answered
                ? t(`cosign.desk.${answered.how}`, {
                    when: whenIn(visit, answered.at),
                    number: answered.number ?? '',
                  })
                : t('cosign.desk.waiting')}
            </span>
            <SignedBy
              visit={visit}
              signature={signatures.find((of) => of.cosigner === id && of.state === 'signed')}
              at={`${at}/cosigners/${id}`}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function SignedBy(props: { visit: DeskVisit; signature: SignatureShown | undefined; at: string }) {
  const { visit, signature, at } = props;
  const { t, dates } = visit;
  if (!signature) return null;
  return (
    <>
      <span class="line small">{signatureText(signature, { t, dates })}</span>
      <span class="row small">
        <a href={`${at}/signature`}>{t('signature.download')}</a>
        <a href={`${at}/signature/content`}>{t('signature.download.content')}</a>
      </span>
    </>
  );
}
