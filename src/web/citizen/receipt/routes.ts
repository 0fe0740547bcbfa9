import { get, type Route } from '../../routes.ts';
import type { CitizenDeps } from '../visit.tsx';
import type { Visits } from '../visits.ts';
import { receiptPage } from './receipt.tsx';

/** The receipts of the registry as pages, and as documents: of the application, and of what came later. `at`: the address of a case. */
export function receiptRoutes(deps: CitizenDeps, a: Visits, at: string): Route[] {
  const receipt = receiptPage(deps);
  return [
    get(`${at}/receipt`, 'case', a.case(receipt.get)),
    get(`${at}/receipt/file`, 'case', a.case(receipt.file)),
    get(`${at}/receipt/:entry`, 'case', a.case(receipt.get)),
    get(`${at}/receipt/:entry/file`, 'case', a.case(receipt.file)),
  ];
}
