import type { Context as Request } from 'hono';
import { hashSecret, newSecret, sameHash } from '../../lib/secrets.ts';
import { readForm } from '../form.ts';
import { get, type Handler, post, type Route } from '../routes.ts';
import { isHere } from './here.ts';
import type { SendTools } from './send.tsx';
import { type DemoTools, TRIALS, type Trial, type Trials } from './types.ts';

export interface ToolDeps {
  tools: DemoTools;
  config: { trustedProxies: number; baseUrl: string };
  /** Sends the pages to whoever asked. */
  send: SendTools;
}

type Form = Awaited<ReturnType<typeof readForm>>;

/**
 * The routes that run or destroy something, for a browser on this machine alone: whoever else sees the demo, for instance by HOST, may press
 * everything but these.
 */
export function toolRoutes({ tools, config, send }: ToolDeps): Route[] {
  const token = newSecret();
  const here =
    (handle: Handler): Handler =>
    (c) =>
      isHere(c, config.trustedProxies) ? handle(c) : send.elsewhere(c);
  /** A form of a page of this process. */
  const sent = (handle: (c: Request, form: Form) => Response | Promise<Response>): Handler =>
    here(async (c) => {
      const form = await readForm(c);
      const isOurs = sameHash(hashSecret(form.line('token')), hashSecret(token));
      return isOurs ? handle(c, form) : send.elsewhere(c);
    });
  const { again, trials } = tools;
  return [
    ...(again
      ? [
          get(
            '/demo/again',
            'demo',
            here(async (c) => send.again(c, { again, token, refusal: await again.refusal() })),
          ),
          post(
            '/demo/again',
            'demo',
            sent(async (c) => {
              const refusal = await again.begin();
              if (refusal) return send.again(c, { again, token, refusal });
              return c.redirect('/demo?begun', 303);
            }),
          ),
        ]
      : []),
    ...(trials ? trialRoutes(trials, token, send, { here, sent }) : []),
  ];
}

const trialNamed = (text: string | undefined): Trial | null =>
  TRIALS.find((each) => each === text) ?? null;

function trialRoutes(
  trials: Trials,
  token: string,
  send: SendTools,
  on: {
    here(handle: Handler): Handler;
    sent(handle: (c: Request, form: Form) => Response | Promise<Response>): Handler;
  },
): Route[] {
  return [
    get(
      '/demo/it',
      'demo',
      on.here((c) => send.it(c, { trials, token, refused: trialNamed(c.req.query('refused')) })),
    ),
    get(
      '/demo/it/run',
      'demo',
      on.here((c) => (trials.last() ? send.run(c, trials) : c.redirect('/demo/it'))),
    ),
    post(
      '/demo/it/run',
      'demo',
      on.sent((c, form) => {
        const what = trialNamed(form.line('what'));
        if (!what) return c.notFound();
        return c.redirect(trials.start(what) ? '/demo/it/run' : `/demo/it?refused=${what}`, 303);
      }),
    ),
    post(
      '/demo/it/mail',
      'demo',
      on.sent((c, form) => {
        trials.mail.fail(form.line('fails') === 'yes');
        return c.redirect('/demo/it#mail', 303);
      }),
    ),
  ];
}
