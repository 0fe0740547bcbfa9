import type { Feature } from '../../feature.ts';
import type { Signatures } from './service.ts';
import { signaturesDue } from './views.ts';

export const signatures: Feature<{ signatures: Signatures }> = {
  name: 'signatures',
  tables: {
    case_signature: { ends: 'It is sealed under the key of its case, and ends with it.' },
    signature_exchange: {
      ends: 'It is sealed under the key of its case, and ends when its signature is decided.',
    },
  },
  growth: {
    case_signature: { until: 'with its case' },
    signature_exchange: { until: 'when its signature is decided' },
  },
  auditActions: ['signature_begun', 'signature_made', 'signature_failed', 'signature_read'],
  jobs: [
    {
      what: 'to hand in what is signed, and end what nobody signs',
      everyMs: 60_000,
      due: signaturesDue,
      run: ({ signatures: each }) => each.settle(),
    },
  ],
};
