import type { OpenedCase } from '../../../features/service/cases/types.ts';
import type { SignatureShown } from '../../../features/service/signatures/types.ts';
import { sendBytes } from '../../files/served.ts';
import { signatureText } from '../../words/signatures.ts';
import type { CaseVisit, CitizenDeps } from '../visit.tsx';

/** Returns the rows of a receipt about the signature; none where nothing was signed besides by a session. */
export function signedRows(
  { t, dates, to, secret }: CaseVisit,
  { record }: OpenedCase,
  signatures: readonly SignatureShown[],
) {
  const signature = signatures.find(({ id }) => id === record?.signature?.id);
  if (!signature) return [];
  return [
    {
      label: t('signature.receipt'),
      value: (
        <>
          {signatureText(signature, { t, dates })}{' '}
          <span class="row no-print">
            <a href={to.case(secret, 'signature')}>{t('signature.download')}</a>
            <a href={to.case(secret, 'signature/content')}>{t('signature.download.content')}</a>
          </span>
        </>
      ),
    },
  ];
}

/** `/{language}/case/{secret}/signature` and `…/content`: the signature, and what was signed. */
export const signatureFile =
  (deps: CitizenDeps, what: 'signature' | 'content') =>
  async (visit: CaseVisit): Promise<Response> => {
    const { c, viewer, office, found, to, secret } = visit;
    const file = await deps.signatures.file(viewer, office, found.id, what);
    if (!file) return visit.redirect(to.case(secret));
    return sendBytes(c, file);
  };
