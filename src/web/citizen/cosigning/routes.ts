import { get, post, type Route } from '../../routes.ts';
import { cosignReceiptPage } from '../receipt/receipt.tsx';
import type { CitizenDeps } from '../visit.tsx';
import type { Visits } from '../visits.ts';
import { cosignPage, cosignPaper } from './page.tsx';
import { cosignedFile } from './signing.tsx';

/** What somebody else than its applicant signs of a case. */
export function cosignRoutes(deps: CitizenDeps, a: Visits): Route[] {
  const cosign = cosignPage(deps);
  const receipt = cosignReceiptPage(deps);
  const at = '/:language/cosign/:secret';
  return [
    get(at, 'cosigner', a.cosigner(cosign.get)),
    post(at, 'cosigner', a.cosigner(cosign.post)),
    get(`${at}/receipt`, 'cosigner', a.cosigner(receipt.get)),
    get(`${at}/receipt/file`, 'cosigner', a.cosigner(receipt.file)),
    get(`${at}/signature`, 'cosigner', a.cosigner(cosignedFile(deps, 'signature'))),
    get(`${at}/signature/content`, 'cosigner', a.cosigner(cosignedFile(deps, 'content'))),
    get(`${at}/download/:document`, 'cosigner', a.cosigner(cosignPaper(deps))),
  ];
}
