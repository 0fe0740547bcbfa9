import { type Client, openClient, type Sent } from '../client.ts';
import { hiddenIn } from '../forms/pay-states.ts';
import { began } from '../identity/states.ts';
import { until } from '../processes.ts';

/** What somebody applied for, as they were told. */
export interface Applied {
  what: 'certificate' | 'driveway' | 'census';
  /** The number in the registry. */
  number: string;
}

/**
 * People who fill in forms without a pause, one case after the other: a residence certificate that is issued at once, a driveway whose fee is paid,
 * and a claim about the census that is signed. Where no answer comes they do the same again, as people do with a page that doesn't come.
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

/** The codes of the procedures whose forms are paid, and signed. */
export interface Codes {
  priced: string;
  signed: string;
}

export function startApplicants(origin: string, many: number, codes: Codes): Applicants {
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
      const what = KINDS[(nth + applied.length) % KINDS.length] ?? 'certificate';
      const procedure = {
        certificate: 'volant-padro',
        driveway: codes.priced,
        census: codes.signed,
      };
      const at = await beginIn(client, sure, procedure[what]);
      for (const [page, fields] of ANSWERS[what])
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
const KINDS = ['certificate', 'driveway', 'census'] as const;
const ANSWERS = { certificate: CERTIFICATE, driveway: DRIVEWAY, census: DRIVEWAY };

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

/**
 * Goes from the check to the receipt, over where it is signed and the bank where something is; anew where a server died in between, whose work jobs go on with.
 * Returns the number; null: the receipt has none.
 */
async function handIn(client: Client, sure: Sure, at: string): Promise<string | null> {
  const step = async () => {
    const page = await sure(() => client.get(`${at}/check`));
    if (page.path.endsWith('/done')) return { number: /E\d{10}/.exec(page.html)?.[0] ?? null };
    const bank = await sure(() => client.post(`${at}/check`, hiddenIn(page)));
    if (/\/sign(?:\?|$)/.test(bank.path)) {
      await sign(client, sure, bank);
      return null;
    }
    if (!bank.html.includes('/payment/demo')) return null;
    const open = await sure(() => client.post('/ca/payment/demo', hiddenIn(bank)));
    await sure(() => client.post(open.path, { ...hiddenIn(open), answer: 'pay' }));
    return null;
  };
  return (await until('a receipt', step, 240)).number;
}

/** Signs with the stand-in, if there is something to sign: once it is signed, the page only waits for the registry. */
async function sign(client: Client, sure: Sure, page: Sent): Promise<void> {
  if (!page.html.includes('name="seen"')) return;
  const going = await sure(() => client.post(page.path, hiddenIn(page)));
  const [, state] = /signature\/demo\?state=([^"&]+)/.exec(going.html) ?? [];
  if (state) await sure(() => client.get(`/signature/return?state=${state}&answer=sign`));
}
