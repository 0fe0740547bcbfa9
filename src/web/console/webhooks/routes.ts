import { get, post, type Route } from '../../routes.ts';
import { type StaffDeps, staffVisits } from '../visit.tsx';
import { changeWebhookPage } from './change.tsx';
import { webhookPage } from './webhook.tsx';
import { webhooksPage } from './webhooks.tsx';

/** The systems that receive the office's events. */
export function webhookRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const webhooks = webhooksPage(deps);
  const webhook = webhookPage(deps);
  const changeWebhook = changeWebhookPage(deps);
  return [
    get('/console/:office/webhooks', 'administrator', a.desk(webhooks.get)),
    post('/console/:office/webhooks', 'administrator', a.desk(webhooks.post)),
    get('/console/:office/webhooks/:id', 'administrator', a.desk(webhook.get)),
    post('/console/:office/webhooks/:id', 'administrator', a.desk(webhook.post)),
    get('/console/:office/webhooks/:id/change', 'administrator', a.desk(changeWebhook.get)),
    post('/console/:office/webhooks/:id/change', 'administrator', a.desk(changeWebhook.post)),
  ];
}
