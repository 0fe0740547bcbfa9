import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { StaffViewer } from '../../lib/viewer.ts';
import { senderIn } from '../citizen/documents/sender.ts';
import type { Sender } from '../shares.ts';
import { senderAt } from './sender.ts';

const app = new Hono()
  .get('/staff/:staff', (c) =>
    c.json(senderAt({ c, viewer: { staff: Number(c.req.header('staff')) } as StaffViewer })),
  )
  .get('/citizen/:host', (c) => {
    const deps = { addressOf: () => '192.0.2.1', baseUrl: `https://${c.req.param('host')}` };
    return c.json(senderIn(deps, { c, secret: 'a link' }));
  });
const from = async (url: string, staff = 1): Promise<Sender> =>
  (await app.request(url, { headers: { staff: String(staff) } })).json();

test('two members of the staff, or of two towns in one process, share nothing', async () => {
  const mine = await from('https://a.example/staff/file');
  expect(await from('https://a.example/staff/file')).toEqual(mine);
  const others = [
    await from('https://a.example/staff/file', 2),
    await from('https://b.example/staff/file'),
  ];
  for (const other of others) {
    expect(other.link).not.toBe(mine.link);
    expect(other.address).not.toBe(mine.address);
  }
  expect((await from('https://a.example/staff/another')).address).toBe(mine.address);
});

test('links of two towns are separate and an address is shared; another host name doesn’t make another sender', async () => {
  const mine = await from('https://a.example/citizen/a.example');
  const theirs = await from('https://b.example/citizen/b.example');
  expect([theirs.link === mine.link, theirs.address === mine.address]).toEqual([false, true]);
  expect(await from('https://made-up.example/citizen/a.example')).toEqual(mine);
});
