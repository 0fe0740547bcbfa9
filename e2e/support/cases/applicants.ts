import { type Client, openClient, type Sent } from '../client.ts';
import { hiddenIn } from '../forms/pay-states.ts';
import { began } from '../identity/states.ts';
import { until } from '../processes.ts';

/** What somebody applied for, as they were told. */
export interface Applied {
  what: 'certificate' | 'driveway';
  /** The number in the registry. */
  number: string;
}

/**
 * People who fill in forms without a pause, one case after the other: a residence certificate that is issued at once, and a driveway whose fee
 * is paid. Where no answer comes they do the same again, as people do with a page that doesn't come.
 */
export interface Applicants {
  applied: Applied[];
  /** What must not be: a page that leads nowhere. */
  wrong: string[];
  /** Waits until so many more answers have come. */
  answered(more: number): Promise<void>;
  /** Waits until so many more cases are handed in. */
  handedIn(more: number): Promise<void>;
  /** Lets everybody finish the case that they are at. */
  stop(): Promise<void>;
}

/** `priced`: the code of the procedure whose form is paid. */
export function startApplicants(origin: string, many: number, priced: string): Applicants {
  const applied: Applied[] = [];
  const wrong: string[] = [];
  let answers = 0;
  let isStopping = false;

  /** Asks until there is an answer. */
  const sure = (ask: () => Promise<Sent>): Promise<Sent> =>
    until(
      'an answer',
      async () => {
        const sent = await ask().catch(() => null);
        if (!sent || sent.status >= 500 || sent.status === 429) return null;
        answers++;
        return sent;
      },
      240,
    );

  const goOn = async (client: Client, nth: number) => {
    while (!isStopping) {
      const what = (nth + applied.length) % 2 === 0 ? 'certificate' : 'driveway';
      const at = await beginIn(client, sure, what === 'driveway' ? priced : 'volant-padro');
      for (const [page, fields] of what === 'driveway' ? DRIVEWAY : CERTIFICATE)
        await sure(() => client.post(`${at}/${page}`, fields));
      const number = await handIn(client, sure, at);
      if (number) applied.push({ what, number });
      else wrong.push(`${what} at ${at}`);
    }
  };
  const everybody = Array.from({ length: many }, async (_, nth) => {
    const client = openClient(origin, 'ca');
    await identify(client, sure);
    await goOn(client, nth);
  });
  return {
    applied,
    wrong,
    answered: async (more) => {
      const enough = answers + more;
      await until('answers', () => answers >= enough, 240);
    },
    handedIn: async (more) => {
      const enough = applied.length + more;
      await until('cases', () => applied.length >= enough, 240);
    },
    stop: async () => {
      isStopping = true;
      await Promise.all(everybody);
    },
  };
}

const CERTIFICATE = [
  ['document/motiu', { 'q-motiu_': 'escola' }],
  ['document/qui', { 'q-qui_': 'jo' }],
  ['document/llengua', { 'q-llengua_': 'ca' }],
  ['avis/correu', { 'q-correu_': 'rosa@example.cat' }],
] as const;
const DRIVEWAY = [['gual/metres', { 'q-metres_': '2' }]] as const;

type Sure = (ask: () => Promise<Sent>) => Promise<Sent>;

const identify = async (client: Client, sure: Sure): Promise<void> => {
  await sure(async () => {
    const { demo } = await began(client, '/ca/identify?level=substantial&next=/ca/oac');
    const state = new URL(demo, 'http://here').searchParams.get('state') ?? '';
    const query = new URLSearchParams({ state, person: '12345678Z', level: 'high' });
    return client.get(`/identify/demo/return?${query}`);
  });
};

/** Begins a case. Returns the address under which its pages are. */
const beginIn = async (client: Client, sure: Sure, procedure: string): Promise<string> =>
  (await sure(() => client.post(`/ca/oac/${procedure}/apply`, {}))).path;

/** The most pages from the check to the receipt, with a server that dies again and again. */
const MOST_PAGES = 60;

/** Goes from the check to the receipt, over the bank where something is paid. Returns the number; null: it leads nowhere. */
async function handIn(client: Client, sure: Sure, at: string): Promise<string | null> {
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await sure(() => client.get(`${at}/check`));
    if (page.path.endsWith('/done')) {
      const number = /E\d{10}/.exec(page.html)?.[0];
      return number ?? null;
    }
    const bank = await sure(() => client.post(`${at}/check`, hiddenIn(page)));
    if (!bank.html.includes('/payment/demo')) continue;
    const open = await sure(() => client.post('/ca/payment/demo', hiddenIn(bank)));
    await sure(() => client.post(open.path, { ...hiddenIn(open), answer: 'pay' }));
  }
  return null;
}
