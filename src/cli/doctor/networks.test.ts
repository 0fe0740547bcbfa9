import { expect, test } from 'vitest';
import { readConfig } from '../../config.ts';
import { aboutNetworks } from './networks.ts';

test.each([
  ['a token with networks behind a proxy that is not declared', 1, {}, 1],
  ['no such token', 0, {}, 0],
  ['a proxy that is declared', 1, { TRUSTED_PROXIES: '1' }, 0],
  ['an open port without a proxy', 1, { HOST: '0.0.0.0' }, 0],
])('%s', (_, limited, env, findings) => {
  const config = readConfig({ BASE_URL: 'https://cita.example', ...env });
  expect(aboutNetworks(limited, config)).toHaveLength(findings);
});
