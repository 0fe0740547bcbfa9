import { daily } from '../../../lib/jobs/due.ts';
import type { Feature } from '../../feature.ts';
import { type DeliverySweep, sweepDeliveries } from './jobs.ts';

export const webhooks: Feature<DeliverySweep> = {
  name: 'webhooks',
  tables: {
    webhook: 'nobody',
    webhook_delivery: {
      ends: 'It is deleted after thirty days. It never says who the citizen is.',
    },
  },
  growth: {
    webhook: 'town',
    webhook_delivery: { until: 'after thirty days' },
  },
  functions: ['owe_webhooks', 'owe_webhooks_of_case'],
  auditActions: [
    'listed',
    'cases_listed',
    'webhook_created',
    'webhook_changed',
    'webhook_tested',
    'webhook_paused',
    'webhook_resumed',
    'webhook_rotated',
    'webhook_secret_shown',
    'webhook_ended',
    'webhook_resent',
    'webhook_sent',
  ],
  jobs: [
    {
      what: 'to forget what webhooks were sent',
      everyMs: 60_000,
      due: daily,
      run: sweepDeliveries,
    },
  ],
};
