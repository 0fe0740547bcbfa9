import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { DEMO_TOWN } from '../../paths.ts';
import { faultsOf, type TestTown, testTown } from './testing.ts';

const MEDIA = 'https://media.vilaclara.example';
let town: TestTown;
beforeAll(async () => {
  const file = parse(readFileSync(DEMO_TOWN, 'utf8'));
  file.town.signClips = {
    home: {
      csc: { video: `${MEDIA}/home.mp4`, captions: { ca: `${MEDIA}/home.vtt` }, seconds: 48 },
      ssp: { video: 'https://clips.example/home.webm' },
    },
  };
  town = await testTown(stringify(file));
});
afterAll(() => town.close());

const policyOf = ({ headers }: { headers: Headers }) =>
  headers.get('Content-Security-Policy') ?? '';

test('a page has a closed place for each of its clips, which loads nothing by itself', async () => {
  const page = await town.get('/ca');
  expect(page.html).toContain('Aquesta pàgina en llengua de signes catalana (48 segons)');
  expect(page.html).toContain('Aquesta pàgina en llengua de signes espanyola');
  expect(page.html).not.toContain('<details class="clip no-print" open');
  expect(page.html.match(/<video [^>]*preload="none"/g)).toHaveLength(2);
  expect(page.html).not.toMatch(/autoplay="|autoplay>|poster=|<track[^>]* default/);
  expect(page.html).toMatch(
    new RegExp(`<track kind="captions" src="${MEDIA}/home.vtt" srclang="ca"`),
  );
  expect(await faultsOf(page.html)).toEqual([]);
});

test('the policy of the page allows the declared origins only, and that of other pages none', async () => {
  const [media] = /media-src [^;]*/.exec(policyOf(await town.get('/ca'))) ?? [];
  expect(media).toBe(`media-src ${MEDIA} https://clips.example`);
  const other = await town.get('/ca/oac');
  expect(other.html).not.toContain('<video');
  expect(policyOf(other)).not.toContain('media-src');
});
