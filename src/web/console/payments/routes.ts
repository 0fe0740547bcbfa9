import { get, post, type Route } from '../../routes.ts';
import { type StaffDeps, staffVisits } from '../visit.tsx';
import { paymentsFile, paymentsPage } from './list.tsx';
import { refundPage } from './refund.tsx';

/** What was paid to the office. */
export function paymentRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const refund = refundPage(deps);
  return [
    get('/console/:office/payments', 'administrator', a.desk(paymentsPage(deps))),
    get('/console/:office/payments.csv', 'administrator', a.desk(paymentsFile(deps))),
    get('/console/:office/payments/refund', 'administrator', a.desk(refund.get)),
    post('/console/:office/payments/refund', 'administrator', a.desk(refund.post)),
  ];
}
