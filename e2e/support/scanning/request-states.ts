import type { Every } from '../desk-states.ts';

/** The pages of requests in the console, of one that an official wrote down. Whoever coordinates opens them, since an agent of no team may only look. */
export async function requestStates(every: Every): Promise<void> {
  const inbox = '/console/oac/requests';
  await every('requests: none', (client) => client.get(`${inbox}?type=gracies`));
  await every('request: which type', (client) => client.get(`${inbox}/new`));
  await every('request: errors', (client) => client.post(`${inbox}/new`, { type: 'soroll' }));
  const written = {
    type: 'fanal',
    text: 'El fanal no va',
    'q-que-passa': 'apagat',
    point: '41.5463, 2.1086',
    name: 'Rosa Soler',
    tellBy: 'email',
    email: 'rosa@example.cat',
  };
  let at = '';
  await every('request: written down', async (client) => {
    const sent = await client.post(`${inbox}/new`, written);
    at = /action="(\/console\/oac\/requests\/[\da-f-]{36})\//.exec(sent.html)?.[1] ?? at;
    return sent;
  });
  await every('requests', (client) => client.get(inbox));
  await every('requests: nothing ticked', (client) =>
    client.post(`${inbox}/several`, { do: 'give', to: 'me' }),
  );
  if (at === '') return;
  await every('request: nobody is told', (client) => client.get(`${at}?done=made-untold`));
  await every('request: its link', async (client) => {
    const seen = /name="seen" value="(\d+)"/.exec((await client.get(at)).html)?.[1] ?? '';
    return client.post(`${at}/link`, { seen });
  });
  for (const step of ['answer', 'refuse', 'merge', 'ask'])
    await every(`request: ${step}`, (client) => client.get(`${at}/step?step=${step}`));
}
