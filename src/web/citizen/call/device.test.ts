import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bookThrough, faultsOf, MARIA, type TestTown, testTown } from '../testing.ts';

let town: TestTown;
/** The pages of Maria's video appointment and of her phone appointment. */
let video: string;
let phone: string;

async function book(channel: string, language = 'ca'): Promise<string> {
  const times = `/ca/oac/volant-padro/times?channel=${channel}&language=${language}`;
  return (await bookThrough(town, MARIA, { times })).manage;
}

beforeAll(async () => {
  town = await testTown();
  video = await book('video');
  phone = await book('phone');
});
afterAll(() => town.close());

const SENT = {
  camera: 'works',
  microphone: 'silent',
  speaker: '',
  network: 'relayed',
  family: 'safari',
  system: 'ios',
};

test('a video appointment’s page leads there', async () => {
  expect((await town.get(video)).html).toContain(`href="${video}/device"`);
  expect((await town.get(phone)).html).not.toContain('/device');
});

test('the page is valid, and helps without scripts', async () => {
  const page = await town.get(`${video}/device`);
  expect(page.status).toBe(200);
  expect(await faultsOf(page.html)).toEqual([]);
  expect(page.html).toContain('JavaScript');
  expect(page.html).toMatch(/<div[^>]*id="test"[^>]*hidden/);
});

test('the page may ask for camera and microphone', async () => {
  const { headers } = await town.get(`${video}/device`);
  expect(headers.get('Permissions-Policy')).toContain('camera=(self), microphone=(self)');
});

test('users of sign language read the minimum, and get no link to the phone', async () => {
  const page = await town.get(`${await book('video', 'csc')}/device`);
  expect(page.html).toContain('El micròfon i el so te’ls pots saltar');
  expect(page.html).not.toContain('channel=phone');
  expect(await faultsOf(page.html)).toEqual([]);
  const spoken = await town.get(`${video}/device`);
  expect(spoken.html).not.toContain('te’ls pots saltar');
  expect(spoken.html).toContain('channel=phone');
});

describe('the result', () => {
  test('is kept, and shown with the appointment', async () => {
    expect((await town.post(`${video}/device`, SENT)).status).toBe(204);
    const { html } = await town.get(`${video}/device`);
    expect(html).toContain('Safari (iPhone o iPad)');
    expect(html).toContain('No se sent res');
    expect((await town.get(video)).html).toContain('Ho vas provar');
    expect(await faultsOf(html)).toEqual([]);
  });

  test('from another page is refused', async () => {
    expect((await town.post(`${video}/device`, { ...SENT, camera: '<b>' })).status).toBe(422);
    expect((await town.post(`${video}/device`, {})).status).toBe(422);
  });

  test('for an appointment without video, or for a missing one, is refused', async () => {
    expect((await town.post(`${phone}/device`, SENT)).status).toBe(409);
    expect((await town.get(`${phone}/device`)).path).toBe(phone);
    expect((await town.post('/ca/appointment/unknown/device', SENT)).status).toBe(404);
    expect((await town.get('/ca/appointment/unknown/device/servers')).status).toBe(404);
  });
});

describe('the way through the network', () => {
  const serversOf = async (manage: string) => {
    const { html, status, headers } = await town.get(`${manage}/device/servers`);
    const servers = status === 200 ? JSON.parse(html).iceServers : null;
    return { servers, status, kept: headers.get('Cache-Control') };
  };

  test('comes with a user name that expires in an hour', async () => {
    const { servers, kept } = await serversOf(video);
    expect(kept).toBe('no-store');
    expect(servers).toMatchObject([
      { urls: ['stun:turn.vilaclara.cat:3478'] },
      { urls: ['turn:turn.vilaclara.cat:3478'], username: expect.stringMatching(/^\d{10}:/) },
    ]);
    const [until] = servers[1].username.split(':');
    expect(Number(until) * 1000 - town.clock.now().epochMilliseconds).toBe(3_600_000);
  });

  test('is refused without a video appointment, and after its end', async () => {
    expect((await serversOf(phone)).status).toBe(409);
    await town.post(`${video}/cancel`, {});
    expect((await serversOf(video)).status).toBe(409);
    expect((await town.post(`${video}/device`, SENT)).status).toBe(409);
    expect((await town.get(`${video}/device`)).path).toBe(video);
  });
});
