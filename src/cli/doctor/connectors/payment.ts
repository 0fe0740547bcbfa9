import type { Config } from '../../../config.ts';
import { paymentAdapter } from '../../../connectors/payment/providers.ts';
import type { PaymentSettings } from '../../../domain/office/connectors/payment.ts';
import { isOurs } from '../../../lib/http/loopback.ts';
import { type Finding, right, warning, wrong } from '../report.ts';

/** An order that nobody has made: the bank is asked for it, and no money moves. */
const NOBODYS = '0000DOCTOR00';

/** Asks the bank for an order that doesn't exist, with the merchant of the town file and the secret of the environment. */
export async function aboutPayment(
  settings: PaymentSettings | undefined,
  { baseUrl, paymentSecret: secret }: Pick<Config, 'baseUrl' | 'paymentSecret'>,
): Promise<Finding[]> {
  if (!settings) return [];
  if (settings.kind === 'demo')
    return isOurs(baseUrl)
      ? [right('Fees are paid on the stand-in of a demonstration.')]
      : [
          wrong(
            'Fees can’t be paid on-line: the stand-in for demonstrations is refused where BASE_URL is another machine.',
            'Write the merchant of your bank into payment in the town file, or take payment out.',
          ),
        ];
  const provider = paymentAdapter({ baseUrl, secret, log: { warn: () => {} } })(settings);
  if (!provider)
    return [
      wrong(
        'Fees can’t be paid on-line: PAYMENT_SECRET is not set.',
        'Set it to the key of the terminal, as the administration of the TPV Virtual shows it: docs/operating.md, Payments.',
      ),
    ];
  return [
    ...aboutEnvironment(settings.environment),
    await asked(await provider.look(NOBODYS, 'payment')),
  ];
}

const aboutEnvironment = (environment: 'real' | 'test'): Finding[] =>
  environment === 'test'
    ? [
        warning(
          'Payments go to the test environment of the bank: no money moves.',
          'Before production take environment out of payment in the town file, and set PAYMENT_SECRET to the real key.',
        ),
      ]
    : [];

type Answer = Awaited<
  ReturnType<NonNullable<ReturnType<ReturnType<typeof paymentAdapter>>>['look']>
>;

function asked(answer: Answer): Finding {
  if (answer.ok) return right('The bank answers with the merchant and the key of payments.');
  if (answer.reason === 'away')
    return wrong(
      `The bank can’t be reached for payments: ${answer.code}.`,
      'Do both firewalls let this machine through to sis.redsys.es (in tests: sis-t.redsys.es, port 25443)?',
    );
  return warning(
    `The bank refuses to say what became of payments: ${answer.code}.`,
    'Compare merchant, terminal and PAYMENT_SECRET with those of the bank, and ask it to allow the terminal the query of operations. Without it a payment whose notification is lost is never found.',
  );
}
